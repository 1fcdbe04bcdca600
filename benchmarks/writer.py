"""One writer of the benchmark `sealing`: registers people as an officer, when it is told to, and says how long each took."""

import argparse
import json
import os
import random
import sys
import time

import polars as pl
from django.conf import settings

from benchmarks.doings import People, newcomer
from benchmarks.place import cast_actor
from benchmarks.population import targets
from selaras.ground.scope import acting
from selaras.people.actions.registering import register


def main() -> None:
    """Read an order a line ({"at", "seconds", "pace"}) and answer each with the seconds of every registration."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--var")
    parser.add_argument("officer")
    asked = parser.parse_args()
    settings.SELARAS_REGISTRATIONS_PER_HOUR = 100_000
    actor = cast_actor(asked.officer)
    people, rng = People.read(pl.read_parquet(targets()), {asked.officer: actor.reach}, []), random.Random(os.urandom(8))
    print("ready", flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        time.sleep(max(0.0, order["at"] - time.time()))
        took, due = [], time.perf_counter()
        end = due + order["seconds"]
        while (now := time.perf_counter()) < end:
            if order["pace"]:
                # from when it should have begun: a writer that was held up is late for its next one, too
                due += rng.expovariate(order["pace"])
                if due >= end:
                    break
                time.sleep(max(0.0, due - now))
            else:
                due = now
            her = newcomer(people, rng, asked.officer)
            numbers = [("nik", her["nik"]), ("passport", her["passport"])]
            with acting(actor):
                register(
                    name=her["name"], sex=her["sex"], birth_date=her["birth_date"], mother=her["mother"], home_area=her["home_area"],
                    numbers=numbers,
                )  # fmt: skip
            took.append(time.perf_counter() - due)
        print(json.dumps(took), flush=True)


if __name__ == "__main__":
    raise SystemExit("this serves the benchmark `sealing`")
