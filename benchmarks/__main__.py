"""Runs one benchmark in a copy of its own: `python -m benchmarks NAME [--var DIR] …`, or `make bench ARGS='NAME …'`."""

import importlib
import os
import sys
from pathlib import Path

import django

from selaras.config.main import set_up

ROOT = Path(__file__).resolve().parents[1]
DEFAULT = ROOT / "var" / "bench"
ALONE = {
    "linkage": "the engine alone: run, versus, growth, ceiling, ablation, febrl, battery",
    "pages": "of a running demo on a cheap phone: bytes over the wire, first content on slow 3G",
    "passes": "the worker's card: verified a second with no network, size of the code",
}
IN_A_COPY = {
    "population": "fill a copy with a million people by the bulk verb; rows a second, size on disk",
    "web": "find, open, register and judge over HTTP: open model, counted rows, CPU a request",
    "stages": "register a person, CPU of application and database by stage",
    "explain": "prove with EXPLAIN that the searches use an index under the policy",
    "reach": "compare the two forms of the reach: a grant table and an array with GIN",
    "gate": "decisions at the gate a minute, each button pressed twice; counted rows, CPU a request",
    "gate_inside": "one decision at the gate in this process: CPU and statements of each request, a profile",
    "sealing": "writers with and without the ledger being sealed beside them",
    "reconcile": "two registers through `selaras reconcile` in a fresh copy, and score them",
}
SERVANTS = ("writer", "anew")  # started by other benchmarks


def copy_of(args: list[str]) -> Path:
    """Give the folder that --var names, else var/bench."""
    for at, arg in enumerate(args):
        if arg == "--var" and at + 1 < len(args):
            return Path(args[at + 1]).resolve()
        if arg.startswith("--var="):
            return Path(arg.partition("=")[2]).resolve()
    return DEFAULT


def main() -> int:
    """Set the copy up, as its owner, before the benchmark's module is read: models need Django."""
    names = ALONE | IN_A_COPY
    if len(sys.argv) < 2 or sys.argv[1] not in (*names, *SERVANTS):
        print("usage: python -m benchmarks NAME [--var DIR] …\n")
        print("\n".join(f"  {name:<12} {about}" for name, about in names.items()))
        return 0 if len(sys.argv) < 2 else 2
    name = sys.argv[1]
    sys.argv = [f"benchmarks {name}", *sys.argv[2:]]
    if name not in ALONE and not {"-h", "--help"} & set(sys.argv):
        # Whatever database the shell names is somebody's: a benchmark fills and measures its own.
        for setting in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_LEDGER_URL"):
            os.environ.pop(setting, None)
        os.environ.update(SELARAS_VAR=str(copy_of(sys.argv)), SELARAS_MODE="demo")
        set_up("owner")
    elif name not in ALONE:
        # Its help needs the models, but no database.
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "selaras.config.settings")
        django.setup()
    importlib.import_module(f"benchmarks.{name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main())
