"""The check of the benchmark `reconcile`: links all anew, with the model that stands or a new one, and says what that changes."""

import argparse
import json
from pathlib import Path
from typing import Any

from django.conf import settings

from selaras.engines.linkage import Linkage, link
from selaras.engines.linkage.standing import load
from selaras.ground.act import as_job
from selaras.ground.keyring import ring
from selaras.reconcile.actions.runs import run_now
from selaras.reconcile.models import Run

CHANGED = (
    "links_new", "links_ended", "persons_new", "persons_changed", "persons_merged", "pairs_kept", "pairs_forgotten", "pairs_denied",
)  # fmt: skip
SAME = ("persons", "sizes", "pairs", "nobody", "rows", "largest")


def frozen(registers: list[Any], judged: Any, tell: Any, held: Any = (), read: Any = ()) -> Linkage:
    """The engine with the model that stands, as a full run uses it that learns nothing."""
    index, _ = load(Path(settings.SELARAS_WORK) / "standing", ring().derived("standing linkage"))
    return link(registers, judged, tell, model=index.model, statistics=index.statistics, held=held, read=read)


def last() -> tuple[dict[str, Any], dict[str, Any]]:
    """The counts of the newest run, and its count of record."""
    with as_job("link"):
        run = Run.objects.filter(state=Run.State.DONE).latest("finished_at")
        return run.counts, {name: told for name, told in run.figures.items() if name != "sources"}


def main() -> None:
    """Link, and print what changed by it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--var")
    parser.add_argument("kind", choices=("frozen", "fresh"))
    asked = parser.parse_args()
    counts, figures = last()
    settings.SELARAS_LINK_ONTO = 10**12
    done = run_now(linker=frozen) if asked.kind == "frozen" else run_now()
    counts_now, figures_now = last()
    told: dict[str, Any] = {name: done.counts[name] for name in CHANGED}
    told |= {"other counts": [name for name in SAME if counts[name] != counts_now[name]]}
    told |= {"headcount": "same" if figures == figures_now else "other"}
    print(f"anew ({asked.kind}): {json.dumps(told)}", flush=True)


if __name__ == "__main__":
    raise SystemExit("this serves the benchmark `reconcile`")
