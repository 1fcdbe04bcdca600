"""The front-end build: what it copies is whole, small enough, and made from the lockfile alone."""

import itertools
import json
import re
import subprocess
import sys

import pytest

from selaras.doors.assets import build
from selaras.doors.assets.icons import icon_names


@pytest.fixture(scope="module")
def vendor():
    if not build.is_current():
        build.build()
    return build.VENDOR


def test_second_build_is_skipped(vendor):
    lines = []
    assert build.build(say=lines.append) is False
    assert "nothing to do" in lines[0]


def test_works_without_node_on_path(vendor, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "selaras.doors.assets.build"],
        env={"PATH": str(tmp_path), "HOME": str(tmp_path)},
        cwd=build.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_lockfile_names_no_registry_host():
    text = (build.ROOT / "package-lock.json").read_text()
    assert '"resolved"' not in text
    assert "registry" not in text


def test_every_version_is_exact():
    package = json.loads((build.ROOT / "package.json").read_text())
    for name, version in {**package["dependencies"], **package["devDependencies"]}.items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version), (name, version)


def test_no_source_map_is_named(vendor):
    for name in ("tabler.min.css", "htmx.min.js", "echarts.min.js"):
        assert "sourceMappingURL" not in (vendor / name).read_text("utf-8"), name


def test_world_has_outline_or_dot_for_every_destination(vendor):
    world = json.loads((vendor / "world.json").read_text())
    outlines = {feature["properties"]["name"] for feature in world["map"]["features"]}
    # Small places have no outline at this scale; their dot must stand all the same.
    wanted = set("TWN HKG SGP BRN MYS SAU JPN KOR IDN ARE QAT KWT BHR MAC MDV AUS ITA TUR RUS FJI".split())  # noqa: SIM905
    assert wanted - set(world["points"]) == set()
    assert {"IDN", "MYS", "TWN", "SAU", "BRN"} <= outlines
    for iso3, (longitude, latitude) in world["points"].items():
        assert -180 <= longitude <= 180 and -90 <= latitude <= 90, iso3
    longitude, latitude = world["points"]["SGP"]
    assert 103 < longitude < 104.5 and 1 < latitude < 1.6
    assert world["points"]["AUS"][1] < -20  # in the country, not on one of its reefs
    assert (vendor / "world.json").stat().st_size < 800_000
    # No outline jumps over the date line: that would draw a bar across the map.
    for feature in world["map"]["features"]:
        for polygon in feature["geometry"]["coordinates"]:
            for ring in polygon:
                assert all(abs(a[0] - b[0]) < 180 for a, b in itertools.pairwise(ring)), feature["properties"]["name"]


def test_areas_are_the_whole_country(vendor):
    rows = {name: (build.AREAS / name).read_text("utf-8").count("\n") for name in build.AREA_FILES}
    assert rows["provinces.csv"] - 1 == 38
    assert rows["regencies.csv"] - 1 == 514
    assert rows["districts.csv"] > 7_000
    assert rows["villages.csv"] > 83_000


def test_sprite_holds_each_listed_icon_once(vendor):
    names = list(icon_names())
    assert names == sorted(set(names))
    sprite = (vendor / "icons.svg").read_text("utf-8")
    assert re.findall(r'<symbol id="([^"]+)"', sprite) == names


def test_unknown_icon_is_one_sentence(tmp_path):
    with pytest.raises(build.AssetsError, match="no-such-icon"):
        build.sprite(tmp_path, ["no-such-icon"])


def test_missing_package_is_one_sentence(tmp_path):
    with pytest.raises(build.AssetsError, match="selaras assets --force"):
        build._bundle_charts(tmp_path, tmp_path / "out.js")
