"""Prove with EXPLAIN (ANALYZE, BUFFERS) that searches use an index under the policy, for a national and a district actor."""

import argparse
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import polars as pl
from django.conf import settings
from django.db import connection

from benchmarks.machine import stamp, table
from benchmarks.place import cast_actor
from benchmarks.population import targets
from selaras.ground.scope import Actor, acting
from selaras.people.queries.finding import find_by_name, find_by_number
from selaras.people.queries.opening import open_person

ACTORS = {"nation": "penelaah", "regency": "dinas", "mission": "hongkong"}
INDEXED = {"Index Scan", "Index Only Scan", "Bitmap Heap Scan", "Bitmap Index Scan"}
# a key looks through this many rows at most before the officer is asked for a year or a place
MOST_REMOVED = 2_000
Question = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Plan:
    """One statement of a question: its plan, and what is wrong with it."""

    lines: tuple[str, ...]
    faults: tuple[str, ...]
    removed: int
    buffers: int
    planning: float
    execution: float


def questions(known: dict[str, Any]) -> dict[str, Question]:
    """Give the questions about one person; SITI alone is not among them: it is answered without asking any table."""
    year = known["birth_date"].year
    return {
        "find by number": lambda: find_by_number(known["nik"]),
        "find by name": lambda: find_by_name(known["name"]),
        "find by name and year": lambda: find_by_name(known["name"].split()[-1], year),
        "SITI and a year": lambda: find_by_name("SITI", year),
        "SITI NUR": lambda: find_by_name("SITI NUR"),
        "SITI and a regency": lambda: find_by_name("SITI", None, known["home_area"][:4]),
        "open person": lambda: open_person(UUID(known["person_id"])),
    }


def statements(question: Question) -> list[tuple[str, Any]]:
    """Ask a question and give the SELECTs on tables of persons that it sent, with their parameters."""
    sent: list[tuple[str, Any]] = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "people_" in sql and sql.lstrip(" (").upper().startswith("SELECT"):
            sent.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        question()
    return sent


def nodes(plan: dict[str, Any], depth: int = 0) -> Iterator[tuple[int, dict[str, Any]]]:
    """Walk a plan from the top."""
    yield depth, plan
    for child in plan.get("Plans", ()):
        yield from nodes(child, depth + 1)


def plan_of(sql: str, params: Any, large: frozenset[str]) -> Plan:
    """Explain one statement as the actor who acts; a scan of a large table without an index is a fault."""
    with connection.cursor() as cursor:
        cursor.execute(f"explain (analyze, buffers, format json) {sql}", params)
        found = cursor.fetchone()[0]
    top = (json.loads(found) if isinstance(found, str) else found)[0]
    lines, faults, removed = [], [], 0
    for depth, node in nodes(top["Plan"]):
        away = int(
            (node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0))
            * node["Actual Loops"]
        )
        removed += away
        relation = node.get("Relation Name", "")
        if relation in large and node["Node Type"] not in INDEXED:
            faults.append(f"{node['Node Type']} on {relation}")
        what = " ".join(
            filter(None, [node["Node Type"], relation, node.get("Index Name") and f"using {node['Index Name']}"])
        )
        lines.append(
            f"{'  ' * depth}{what}: {node['Actual Rows']:g} rows × {node['Actual Loops']:g}"
            + (f", {away} removed" if away else "")
            + f", {node['Actual Total Time'] * node['Actual Loops']:.2f} ms"
        )
    if removed > MOST_REMOVED:
        faults.append(f"{removed} rows removed by a filter")
    buffers = top["Plan"].get("Shared Hit Blocks", 0) + top["Plan"].get("Shared Read Blocks", 0)
    return Plan(tuple(lines), tuple(faults), removed, buffers, top["Planning Time"], top["Execution Time"])


def large_tables() -> frozenset[str]:
    """Name the tables that nobody may read from end to end."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select relname from pg_class where relkind = 'r' and reltuples > 5000 and relname !~ '^(pg_|sql_|ground_area)'"
        )
        return frozenset(name for (name,) in cursor.fetchall())


def examine(actor: Actor, known: dict[str, Any]) -> Iterator[tuple[str, float, list[Plan]]]:
    """Ask every question as one actor; give its name, the milliseconds it took, and the plan of each statement."""
    large = large_tables()
    for name, question in questions(known).items():
        with acting(actor):
            question()  # once for the caches of the session
            started = time.perf_counter()
            sent = statements(question)
            took = 1000 * (time.perf_counter() - started)
            yield name, took, [plan_of(sql, params, large) for sql, params in sent]


def somebody(rows: pl.DataFrame, actor: str) -> dict[str, Any]:
    """Choose a person whom the actor sees."""
    if actor == "regency":
        rows = rows.filter(pl.col("home_area").str.starts_with("3212"))
    if actor == "mission":
        rows = rows.filter(pl.col("country") == "HKG")
    long = rows.filter(pl.col("name").str.count_matches(" ") >= 1)
    return long.row(len(long) // 2, named=True)


def main() -> None:
    """Explain every question for every actor; end with 1 when a plan has a fault."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--var", help="the folder of the copy (default var/bench)")
    parser.add_argument("--plans", action="store_true", help="print every plan")
    asked = parser.parse_args()
    settings.SELARAS_HOURLY_LIMITS = False
    rows, found, faults = pl.read_parquet(targets()), [], 0
    print(stamp())
    for kind, key in ACTORS.items():
        for name, took, plans in examine(cast_actor(key), somebody(rows, kind)):
            wrong = sorted({fault for plan in plans for fault in plan.faults})
            faults += bool(wrong)
            found.append({
                "question": name, "actor": kind, "statements": len(plans), "ms with Python": round(took, 1),
                "ms planning": round(sum(p.planning for p in plans), 1), "ms execution": round(sum(p.execution for p in plans), 1),
                "pages": sum(p.buffers for p in plans), "rows removed": sum(p.removed for p in plans),
                "faults": "; ".join(wrong) or "none",
            })  # fmt: skip
            if asked.plans or wrong:
                for plan in plans:
                    if asked.plans or plan.faults:
                        print(f"\n{name}, {kind}:", *plan.lines, sep="\n")
    print(table(found))
    raise SystemExit(1 if faults else 0)


if __name__ == "__main__":
    raise SystemExit("run this with: python -m benchmarks explain")
