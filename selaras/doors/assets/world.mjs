// Turns world-atlas (Natural Earth, 1:50 million) into one light file: outlines with ISO3 ids, and one dot per country.
// Reads {"numeric": {"360": "IDN", ...}, "atlas": path} on standard input, writes {"map": GeoJSON, "points": {ISO3: [lon, lat]}}.
// Coordinates are rounded to 0.2 degree (half a pixel on a wide page): neighbours share the rounded border, so no gaps open.
import { readFileSync } from "node:fs";
import { feature } from "topojson-client";

const { numeric, atlas } = JSON.parse(readFileSync(0, "utf8"));
const topology = JSON.parse(readFileSync(atlas, "utf8"));

// The largest polygon of Malaysia lies on Borneo; the dot belongs where most of its people are.
const PLACED = { MYS: [102.2, 4.2], USA: [-98.5, 39.5], FRA: [2.5, 46.6] };

// Islands under 0.03 square degrees (about 350 km²) do not show at the size of a page; Indonesia keeps all of its own.
const smallest = (iso3) => (iso3 === "IDN" ? 0 : 0.03);

const area = (ring) => ring.reduce((sum, [x, y], i) => {
  const [nx, ny] = ring[(i + 1) % ring.length];
  return sum + x * ny - nx * y;
}, 0) / 2;

const centre = (ring) => {
  const whole = area(ring);
  if (!whole) return ring[0];
  let cx = 0, cy = 0;
  ring.forEach(([x, y], i) => {
    const [nx, ny] = ring[(i + 1) % ring.length];
    const cross = x * ny - nx * y;
    cx += (x + nx) * cross;
    cy += (y + ny) * cross;
  });
  return [cx / (6 * whole), cy / (6 * whole)];
};

const round = (value) => Math.round(value * 5) / 5;

const coarse = (ring, least) => {
  const out = [];
  for (const [x, y] of ring) {
    const point = [round(x), round(y)];
    const last = out[out.length - 1];
    if (!last || last[0] !== point[0] || last[1] !== point[1]) out.push(point);
  }
  return out.length >= 4 && Math.abs(area(out)) >= least ? out : null;
};

// The atlas joins what lies on both sides of the date line (Russia, Fiji); on a flat map that draws a bar across the world.
const unwrap = (ring) => {
  let shift = 0;
  return ring.map(([x, y], i) => {
    if (i && Math.abs(x - ring[i - 1][0]) > 180) shift += x < ring[i - 1][0] ? 360 : -360;
    return [x + shift, y];
  });
};

const features = [];
const largest = {};  // several shapes may carry one id (Australia and its reefs): the dot stands in the largest
for (const country of feature(topology, topology.objects.countries).features) {
  const iso3 = numeric[country.id] || "";
  if (iso3 === "ATA" || !country.geometry) continue;
  const shapes = country.geometry.type === "Polygon" ? [country.geometry.coordinates] : country.geometry.coordinates;
  const polygons = shapes.map((rings) => rings.map(unwrap));
  for (const [outer] of iso3 ? polygons : []) {
    if (!largest[iso3] || Math.abs(area(outer)) > Math.abs(area(largest[iso3]))) largest[iso3] = outer;
  }
  const kept = polygons
    .map((rings) => rings.map((ring) => coarse(ring, smallest(iso3))))
    .filter((rings) => rings[0])
    .map((rings) => rings.filter(Boolean));
  if (kept.length) {
    features.push({ type: "Feature", properties: { name: iso3 }, geometry: { type: "MultiPolygon", coordinates: kept } });
  }
}
const points = Object.fromEntries(Object.entries(largest).map(([iso3, ring]) =>
  [iso3, (PLACED[iso3] || centre(ring)).map((value) => Math.round(value * 10) / 10)]));
process.stdout.write(JSON.stringify({ map: { type: "FeatureCollection", features }, points }));
