"""Invented journeys as plain dictionaries: complete ones, and random ones with anything missing, wrong, old or unverified."""

from datetime import date, timedelta
from random import Random
from typing import Any

from selaras.law.load import law
from selaras.place.judging import Case, Judgement, Paper, Told, judge

TODAY = date(2026, 11, 23)
STARTED = date(2026, 6, 1)
SCHEMES = tuple(s.id for s in law().schemes_on(STARTED))
ANSWERS = (
    "agency_licensed", "country_open", "employer_legal_entity", "job_open", "job_order_current", "opp_done", "partner_named", "registered",
    "sip2mi_active",
)  # fmt: skip
CONDITIONS = ("employer_individual", "seafarer_id_required", "visa_required")


def kinds_of(scheme: str, started: date = STARTED) -> list[str]:
    """List the kinds of paper at which the gate of a scheme looks."""
    found = [row.evidence for row in law().gate_of(scheme, started) if row.evidence]
    if any(row.test == "social_security_active" for row in law().gate_of(scheme, started)):
        found.append("social_security")
    return sorted(set(found))


def paper(kind: str, **changes: Any) -> dict[str, Any]:
    """Make a sound, verified paper of a kind."""
    blank = {"kind": kind, "journey": True, "issued": TODAY - timedelta(30), "until": None, "value": "", "verdict": "verified"}
    return blank | changes


def complete(scheme: str) -> dict[str, Any]:
    """Make a journey in which everything is there."""
    return {
        "scheme": scheme, "started": STARTED, "today": TODAY, "birth": date(1999, 2, 3), "precision": "day",
        "papers": [paper(kind) for kind in kinds_of(scheme)], "used": {},
        "conditions": dict.fromkeys(CONDITIONS, True), "told": {test: {"value": "met", "unsure": False} for test in ANSWERS},
    }  # fmt: skip


def some(seed: int) -> dict[str, Any]:
    """Make a random journey: mostly whole, so that both answers come up often."""
    dice = Random(seed)
    made = complete(dice.choice(SCHEMES))
    made["started"] = dice.choice([STARTED, STARTED, date(2022, 7, 1), date(2020, 2, 1), date(2019, 4, 1)])
    if law().scheme(made["scheme"], made["started"]) is None:
        made["started"] = STARTED
    made["papers"] = [paper(kind) for kind in kinds_of(made["scheme"], made["started"])]
    for _ in range(dice.choice([0, 0, 1, 1, 2, 3, 6])):
        _spoil(made, dice)
    dice.shuffle(made["papers"])
    return made


def _spoil(made: dict[str, Any], dice: Random) -> None:
    what = dice.randrange(10)
    if what < 5 and made["papers"]:
        at = dice.randrange(len(made["papers"]))
        days = timedelta(dice.choice([0, 1, 29, 80, 92, 93, 120, 400, 2000]))
        one = made["papers"][at]
        match dice.randrange(9):
            case 0:
                del made["papers"][at]
            case 1:
                one["verdict"] = dice.choice(["stated", "refused", "unverifiable"])
            case 2:
                one["issued"] = TODAY - days if dice.random() < 0.8 else TODAY + timedelta(1) + days
            case 3:
                one["issued"] = None
            case 4:
                one["until"] = TODAY + dice.choice([-1, 1]) * days
            case 5:
                one["value"] = dice.choice(["fit", "unfit"])
            case 6:
                one["journey"] = False
            case 7:
                made["papers"].append(paper(one["kind"], verdict=dice.choice(["stated", "refused"]), issued=TODAY - days))
            case 8:
                made["used"][one["kind"]] = TODAY - days
    elif what < 7:
        made["told"][dice.choice(ANSWERS)] = {"value": dice.choice(["not_met", "not_yet", "met"]), "unsure": dice.random() < 0.3}
    elif what == 7:
        made["told"].pop(dice.choice(ANSWERS), None)
    elif what == 8:
        name = dice.choice(CONDITIONS)
        if dice.random() < 0.5:
            made["conditions"][name] = False
        else:
            made["conditions"].pop(name, None)
    else:
        made["birth"] = None if dice.random() < 0.2 else date(TODAY.year - 18, 1, 1) + timedelta(dice.randrange(-400, 800))
        made["precision"] = dice.choice(["day", "month", "year"])


def case_of(made: dict[str, Any]) -> Case:
    """Say the same in the words of the room."""
    scheme = law().scheme(made["scheme"], made["started"])
    assert scheme is not None
    return Case(
        made["today"], scheme.age_min, made["birth"], made["precision"],
        tuple(Paper(str(n), p["kind"], p["journey"], p["issued"], p["until"], p["value"], p["verdict"]) for n, p in enumerate(made["papers"])),
        made["used"], made["conditions"],
        {test: Told(t["value"], f"{test}.{t['value']}", unsure=t["unsure"]) for test, t in made["told"].items()},
    )  # fmt: skip


def judged(made: dict[str, Any]) -> Judgement:
    """Judge it as the room does."""
    rows = law().gate_of(made["scheme"], made["started"])
    kinds = {row.evidence for row in rows if row.evidence} | {"social_security"}
    rules = {kind: rule for kind in kinds if (rule := law().evidence_of(kind, made["started"])) is not None}
    return judge(rows, rules, case_of(made))
