// Draws the charts of a page with ECharts from the JSON beside them. The sentence and the table stay for everyone;
// when a chart is drawn its table folds away, and opens again with one click.
"use strict";
(() => {
  const language = document.documentElement.lang || "id";
  const format = new Intl.NumberFormat(language);
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const BLUE = "#123f7a", PALE = "#7d9cc4", LAND = "#e6ebf2", LINE = "#c3ccd8", INK = "#17212f", GREY = "#4b5768";
  const SERIES = [BLUE, "#5b84b8", "#4b5768", "#9db4d1"];
  const text = { color: INK, fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 13 };
  // Rich text, not HTML: the content policy forbids style attributes.
  const tip = { renderMode: "richText", confine: true, borderColor: LINE, textStyle: text, padding: [8, 10] };
  const known = (value) => value !== null && value !== undefined;
  const said = (row, unit) => {
    let line = known(row.value) ? `${format.format(row.value)} ${unit}`.trim() : "—";
    if (known(row.low) && known(row.high)) line += ` (${format.format(row.low)}–${format.format(row.high)})`;
    return [row.name, line, row.note].filter(Boolean).join("\n");
  };

  const narrow = () => innerWidth < 600;

  const bars = (data, unit) => ({
    grid: { left: 8, right: 64, top: 8, bottom: 8, containLabel: true },
    tooltip: { ...tip, trigger: "item", formatter: (p) => said(data[p.dataIndex], unit) },
    xAxis: { type: "value", show: false },
    yAxis: {
      type: "category", inverse: true, data: data.map((row) => row.name), axisTick: { show: false },
      axisLine: { lineStyle: { color: LINE } }, axisLabel: { ...text, width: narrow() ? 96 : 170, overflow: "truncate" },
    },
    series: [{
      type: "bar", barMaxWidth: 22, itemStyle: { color: BLUE, borderRadius: [0, 3, 3, 0] },
      data: data.map((row) => (known(row.value) ? row.value : null)),
      label: { show: true, position: "right", ...text, formatter: (p) => (known(p.value) ? format.format(p.value) : "") },
    }],
  });

  const trend = (data, unit) => ({
    grid: { left: 8, right: 20, top: data.series.length > 1 ? 40 : 16, bottom: 8, containLabel: true },
    legend: data.series.length > 1 ? { top: 0, left: 0, textStyle: text, icon: "roundRect" } : undefined,
    tooltip: { ...tip, trigger: "axis", valueFormatter: (v) => (known(v) ? `${format.format(v)} ${unit}`.trim() : "—") },
    xAxis: {
      type: "category", data: data.dates, axisTick: { show: false }, axisLine: { lineStyle: { color: LINE } },
      axisLabel: { ...text, color: GREY, formatter: (d) => new Date(d).toLocaleDateString(language, { month: "short", year: "2-digit" }) },
    },
    yAxis: {
      type: "value", splitLine: { lineStyle: { color: LAND } },
      axisLabel: { ...text, color: GREY, formatter: (v) => format.format(v) },
    },
    // A gap stays a gap: a month without a delivery is not zero.
    series: data.series.map((one, i) => ({
      type: "line", name: one.name, data: one.values, connectNulls: false, symbolSize: 6, color: SERIES[i % SERIES.length],
      lineStyle: { width: 2.5, type: i % 2 ? "dashed" : "solid" },
    })),
  });

  // The part of the world that holds Indonesia and every place with a number, with some room around.
  const frame = (places, world) => {
    const points = [[95, 6], [141, -11], ...places.map((row) => world.points[row.iso3])];
    const [lon, lat] = [0, 1].map((axis) => points.map((point) => point[axis]));
    return [[Math.max(-180, Math.min(...lon) - 14), Math.min(78, Math.max(...lat) + 12)],
      [Math.min(190, Math.max(...lon) + 14), Math.max(-56, Math.min(...lat) - 12)]];
  };

  const map = (data, unit, world) => {
    const most = Math.max(1, ...data.map((row) => row.value || 0));
    const places = data.filter((row) => row.value > 0 && world.points[row.iso3]).sort((a, b) => b.value - a.value);
    return {
      geo: {
        // Not to be dragged: on a phone that would catch the finger that scrolls the page.
        map: "world", roam: false, silent: true, boundingCoords: frame(places, world),
        itemStyle: { areaColor: LAND, borderColor: "#fff", borderWidth: 0.6 },
        regions: [{ name: "IDN", itemStyle: { areaColor: PALE } }],
      },
      tooltip: { ...tip, trigger: "item", formatter: (p) => said(p.data.row, unit) },
      series: [{
        type: "scatter", coordinateSystem: "geo",
        // Area, not radius, stands for the number; the smallest is still a dot one can see.
        symbolSize: (value) => Math.max(narrow() ? 5 : 7, (narrow() ? 28 : 52) * Math.sqrt(value[2] / most)),
        itemStyle: { color: BLUE, opacity: 0.72, borderColor: "#fff", borderWidth: 1 },
        label: {
          show: true, position: "right", distance: 4, ...text, textBorderColor: "#fff", textBorderWidth: 4,
          formatter: (p) => (p.dataIndex < (narrow() ? 4 : 8) ? p.data.row.name : ""),
        },
        labelLayout: { moveOverlap: "shiftY", hideOverlap: true },
        data: places.map((row) => ({ value: [...world.points[row.iso3], row.value], row })),
      }],
    };
  };

  let atlas = null;
  const worldOf = (url) => {
    atlas ||= fetch(url).then((answer) => answer.json()).then((world) => {
      echarts.registerMap("world", world.map);
      return world;
    });
    return atlas;
  };

  const draw = async (figure) => {
    const source = document.getElementById(figure.dataset.source);
    const canvas = figure.querySelector(".canvas");
    if (!source || !canvas || canvas.firstChild || !window.echarts) return;
    const data = JSON.parse(source.textContent);
    const { chart: kind, unit = "" } = figure.dataset;
    let options;
    if (kind === "map") options = map(data, unit, await worldOf(figure.dataset.world));
    else if (kind === "bars") options = bars(data, unit);
    else if (kind === "trend") options = trend(data, unit);
    else return;
    canvas.style.display = "block";
    if (kind === "bars") canvas.style.height = `${Math.max(120, data.length * 32 + 24)}px`;
    if (kind === "bars") canvas.style.minHeight = "0";
    const chart = echarts.init(canvas, null, { renderer: "canvas" });
    chart.setOption({ animation: !still, textStyle: text, ...options });
    // A map laid out in a box without size stops with an error (ECharts 6.1).
    const fit = () => { if (canvas.clientWidth && canvas.clientHeight) chart.resize(); };
    new ResizeObserver(fit).observe(canvas);
    addEventListener("beforeprint", fit);
    figure.querySelector("[data-chart-table]").open = false;
  };

  const drawAll = () => document.querySelectorAll("figure[data-chart]").forEach((figure) => draw(figure).catch(() => {
    // The table stands open: nothing is lost when the map cannot be fetched.
    figure.querySelector(".canvas").style.display = "none";
  }));
  drawAll();
  document.addEventListener("htmx:after:swap", drawAll);
  // On paper the table is what can be read.
  addEventListener("beforeprint", () => document.querySelectorAll("[data-chart-table]").forEach((d) => { d.open = true; }));
})();
