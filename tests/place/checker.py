"""An independent judge of the gate: slow and obvious, reads the law's files itself, and shares no code with the product.

It knows a journey as plain dictionaries, and answers with a value for each rule, whether she may leave, and the rules that keep her.
"""

import tomllib
from calendar import monthrange
from datetime import date
from pathlib import Path
from typing import Any

FILES = Path(__file__).parents[2] / "selaras" / "law"
GATE: list[dict[str, Any]] = tomllib.loads((FILES / "gate.toml").read_text(encoding="utf-8"))["gate"]
EVIDENCE: list[dict[str, Any]] = tomllib.loads((FILES / "evidence.toml").read_text(encoding="utf-8"))["evidence"]
SCHEMES: list[dict[str, Any]] = tomllib.loads((FILES / "schemes.toml").read_text(encoding="utf-8"))["schemes"]


def in_force(row: dict[str, Any], day: date) -> bool:
    if day < row["since"]:
        return False
    return "until" not in row or day <= row["until"]


def rows_for(scheme: str, day: date) -> list[dict[str, Any]]:
    return [row for row in GATE if scheme in row["schemes"] and in_force(row, day)]


def evidence_for(kind: str, day: date) -> dict[str, Any] | None:
    for row in EVIDENCE:
        if row["id"] == kind and in_force(row, day):
            return row
    return None


def months_later(day: date, months: int) -> date:
    year, month = day.year, day.month
    for _ in range(months):
        month = month + 1
        if month == 13:
            year, month = year + 1, 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def age_on(born: date, day: date) -> int:
    age = 0
    while True:
        year = born.year + age + 1
        birthday = date(year, 3, 1) if (born.month, born.day) == (2, 29) and monthrange(year, 2)[1] == 28 else date(year, born.month, born.day)
        if birthday > day:
            return age
        age = age + 1


def check_paper(rule: dict[str, Any], paper: dict[str, Any], today: date, used: date) -> str:
    if paper["verdict"] == "refused" or paper["value"] == "unfit":
        return "not_met"
    issued, until = paper["issued"], paper["until"]
    if issued and issued > today:
        return "not_met"
    if until and until < today:
        return "not_met"
    if rule.get("valid_months") and issued and months_later(issued, rule["valid_months"]) < today:
        return "not_met"
    if rule.get("months_before"):
        if not issued:
            return "not_met"
        if months_later(issued, rule["months_before"]) < used:
            return "not_met"
    if paper["verdict"] == "verified":
        return "met"
    if paper["verdict"] == "stated" and not rule.get("verifiers"):
        return "met"
    return "not_yet"


def check_papers(kind: str, journey: dict[str, Any]) -> str:
    rule = evidence_for(kind, journey["started"])
    if rule is None:
        return "not_yet"
    values = set()
    mine = [p for p in journey["papers"] if p["kind"] == kind and (rule["about"] != "journey" or p["journey"])]
    if rule.get("private") and mine:
        sound = [p for p in mine if p["verdict"] != "refused"]
        if sound:
            mine = sound
        speaks = mine[-1]
        if all(p["issued"] for p in mine):
            for paper in mine:
                if paper["issued"] > speaks["issued"]:
                    speaks = paper
        mine = [speaks]
    for paper in mine:
        values.add(check_paper(rule, paper, journey["today"], journey["used"].get(kind, journey["today"])))
    for best in ("met", "not_yet"):
        if best in values:
            return best
    return "not_met"


def check_age(journey: dict[str, Any]) -> str:
    born, precision = journey["birth"], journey["precision"]
    least = next(s["age_min"] for s in SCHEMES if s["id"] == journey["scheme"] and in_force(s, journey["started"]))
    if born is None:
        return "not_yet"
    youngest = oldest = born
    if precision == "month":
        oldest, youngest = born.replace(day=1), born.replace(day=monthrange(born.year, born.month)[1])
    if precision == "year":
        oldest, youngest = date(born.year, 1, 1), date(born.year, 12, 31)
    if age_on(youngest, journey["today"]) >= least:
        return "met"
    return "not_yet" if age_on(oldest, journey["today"]) >= least else "not_met"


def check(journey: dict[str, Any]) -> dict[str, Any]:
    """Judge a journey: the value of each rule, whether she may leave, and which rules keep her."""
    values: dict[str, str] = {}
    decides: dict[str, bool] = {}
    rows = rows_for(journey["scheme"], journey["started"])
    for row in rows:
        if row.get("through"):
            continue
        name = row["id"]
        decides[name] = not row.get("unsure", False)
        if row.get("when"):
            said = journey["conditions"].get(row["when"])
            if said is False:
                values[name] = "not_applicable"
                continue
            if said is None:
                values[name] = "not_yet"
                continue
        if row.get("evidence"):
            values[name] = check_papers(row["evidence"], journey)
        elif row["test"] == "age_min":
            values[name] = check_age(journey)
        elif row["test"] == "social_security_active":
            values[name] = check_papers("social_security", journey)
        else:
            answer = journey["told"].get(row["test"])
            values[name] = answer["value"] if answer else "not_yet"
            if answer and answer["unsure"]:
                decides[name] = False
    reasons = sorted(name for name in values if decides[name] and values[name] in ("not_met", "not_yet"))
    for row in rows:
        if row.get("through"):
            values[row["id"]] = repeated(row, rows, values, decides)
    return {"values": values, "allow": not reasons, "reasons": reasons}


def repeated(row: dict[str, Any], rows: list[dict[str, Any]], values: dict[str, str], decides: dict[str, bool]) -> str:
    """Give the value of a line that is met through others: the worst of those that decide; of all when none does."""
    others = [r["id"] for r in rows if not r.get("through") and (r["id"] in row["through"] or r["group"] in row["through"])]
    others = [name for name in others if values[name] != "not_applicable"]
    deciding = [name for name in others if decides[name]] or others
    for worst in ("not_met", "not_yet", "met"):
        if any(values[name] == worst for name in deciding):
            return worst
    return "not_applicable"
