"""The linkage engine measured: against another engine, as it grows, at its ceiling, part by part, on others' data, on bad input."""

import importlib
import sys

PARTS = {
    "run": "link two register files with the engine alone, and score them",
    "versus": "this engine and Splink 5 in the same run on one folder, each in a fresh process",
    "growth": "own samples at 0.1, 0.3, 1 and 2 times the nation, with stage times",
    "ceiling": "a model trained on the truth with the same candidates, and how many true pairs are candidates",
    "ablation": "what each key and each comparison brings, one left out at a time",
    "febrl": "four public files that nobody here made, against Splink 5",
    "increment": "a delivery of 10,000 rows added to a kept run, and whether it equals a full run",
    "veiled": "registers encoded with a key against registers in clear, and what an attacker gets out of them",
    "battery": "bad input: time, memory and what it does to the rows it did not touch",
}


def main() -> None:
    """Run one part: `python -m benchmarks linkage PART …`."""
    if len(sys.argv) < 2 or sys.argv[1] not in PARTS:
        print("usage: python -m benchmarks linkage PART …\n")
        print("\n".join(f"  {name:<9} {about}" for name, about in PARTS.items()))
        sys.exit(0 if len(sys.argv) < 2 or {"-h", "--help"} & set(sys.argv) else 2)
    part = sys.argv[1]
    sys.argv = [f"{sys.argv[0]} {part}", *sys.argv[2:]]
    # A part is read only when it is asked for: some need packages of the optional group `bench`.
    importlib.import_module(f"benchmarks.linkage.{part}").main()
