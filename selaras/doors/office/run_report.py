"""The parts of the page of a run that is done: what changed, calibration, largest persons, shared numbers, faults by office."""

from math import sqrt
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from selaras.doors.office.people import words
from selaras.doors.office.reach_words import place_names
from selaras.doors.office.reason_sentences import reason_name
from selaras.doors.office.review import FIELDS
from selaras.reconcile.queries.runs import RunPage
from selaras.reconcile.sources import registers

ALL, UNKNOWN = "*", ""
COUNTRIES_SHOWN = 11  # all countries, and ten of them; the others on demand
PERSONS_SHOWN = 10
PLACES_SHOWN = 12  # per register; the file has all
FAULTS: dict[str, str | Promise] = {
    "nik.placeholder": gettext_lazy("NIK is a filler such as 000… or 1234…"),
    "nik.spreadsheet": gettext_lazy("NIK was spoilt by a spreadsheet (3.2E+15)"),
    "nik.structure": gettext_lazy("NIK is not well formed"),
    "nik.empty": gettext_lazy("NIK is missing"),
    "birth.empty": gettext_lazy("birth date is missing"),
    "birth.unreadable": gettext_lazy("birth date cannot be read"),
    "event.unreadable": gettext_lazy("date of the row cannot be read"),
    "passport.unusable": gettext_lazy("passport number cannot be used"),
    "country.unknown": gettext_lazy("country is spelt in an unknown way"),
    "row.nobody": gettext_lazy("row is a test or nobody"),
}
COLUMNS = {"nik": "nik", "birth": "birth_date", "event": "event_date", "passport": "passport", "country": "country"}


def sections(page: RunPage) -> dict[str, Any]:
    """Give all parts as the templates take them."""
    changes = page.counts.get("changes", {})
    countries = [
        {"country": _country(c), "before": before, "now": now, "change": now - before, "all": c == ALL}
        for c, before, now in changes.get("countries", [])
    ]
    return {
        "steps": _counted(page),
        "changes": _changed(changes),
        "splits": changes.get("splits", []),
        "merges": changes.get("merges", []),
        "countries": countries[:COUNTRIES_SHOWN],
        "more_countries": countries[COUNTRIES_SHOWN:],
        "curve": _curve(page.counts.get("calibration", [])),
        "largest": [
            {"person": person, "rows": rows, "sources": _sources(by_source), "countries": countries}
            for person, rows, by_source, countries in (line for line in page.counts.get("largest", []) if len(line) == 4)
        ][:PERSONS_SHOWN],
        "shared": [{"line": s, "kind": FIELDS[s.kind], "sources": _sources(s.sources)} for s in page.findings.shared],
        "registers": _registers(page),
    }


def place_of(code: str) -> str:
    """Name the office at which a row arose: the labour office of a home regency, or the missions of a country."""
    if not code:
        return _("not known")
    named = ", ".join(place_names([code])) or code.partition(":")[2]
    return (_("Missions in %(place)s") if code.startswith("abroad:") else _("Labour office of %(place)s")) % {"place": named}


def column_of(code: str) -> str:
    """Name the column of which a fault speaks."""
    column = COLUMNS.get(code.partition(".")[0])
    return str(FIELDS[column]) if column else _("the whole row")


def fault_of(code: str) -> str:
    """Say a kind of fault."""
    if code.startswith("country.unknown:"):
        return _("unknown country: %(spelling)s") % {"spelling": code.partition(":")[2]}
    return str(FAULTS.get(code, code))


def register_name(key: str) -> str:
    """Name a register."""
    known = registers()
    return known[key].name if key in known else key


def weights(model: dict[str, Any]) -> list[dict[str, Any]]:
    """List what each reason weighs in this model, the heaviest first."""
    levels = {code: weight for table in model.get("weights", {}).values() for code, weight in table.items()}
    ordered = sorted(levels.items(), key=lambda pair: (-abs(pair[1]), pair[0]))
    return [{"code": code, "text": reason_name(code), "weight": weight} for code, weight in ordered]


def _sources(by_source: dict[str, int]) -> str:
    return ", ".join(f"{register_name(key)} {n}" for key, n in by_source.items())


def _country(iso3: str) -> str:
    if iso3 == ALL:
        return _("All countries")
    return words.country(iso3) if iso3 else _("country not known")


def _counted(page: RunPage) -> list[dict[str, Any]]:
    """The counts of a run, beside those of the run before it."""
    now, before = page.counts, page.before
    told: list[tuple[str, Any, Any]] = [
        (_("Persons"), now.get("persons"), before.get("persons")),
        (_("Persons entered by officers, without a row"), now.get("by_hand"), before.get("by_hand")),
        (_("Rows that are nobody"), now.get("nobody"), before.get("nobody")),
        (_("Pairs compared"), now.get("candidates"), before.get("candidates")),
        (_("Pairs linked"), *(c.get("pairs", {}).get("link") for c in (now, before))),
        (_("Pairs left to reviewers"), *(c.get("pairs", {}).get("review") for c in (now, before))),
        (_("Verdicts held to"), now.get("judged"), before.get("judged")),
        (_("Links made"), now.get("links_new"), before.get("links_new")),
        (_("Links ended"), now.get("links_ended"), before.get("links_ended")),
        (_("Persons new"), now.get("persons_new"), before.get("persons_new")),
        (_("Persons changed"), now.get("persons_changed"), before.get("persons_changed")),
        (_("Persons merged"), now.get("persons_merged"), before.get("persons_merged")),
    ]  # fmt: skip
    # Counted only where all rows are read: a delivery's run carries them on.
    carried: list[tuple[str, Any, Any]] = [
        (_("NIKs that many rows share"), *(c.get("shared_numbers", {}).get("nik") for c in (now, before))),
        (_("Passports that many rows share"), *(c.get("shared_numbers", {}).get("passport") for c in (now, before))),
        (_("Telephones that many rows share"), now.get("phones_shared"), before.get("phones_shared")),
    ]  # fmt: skip
    return [
        {"label": label, "now": value, "before": old, "change": None if old is None else value - old, "carried": of_full}
        for lines, of_full in ((told, False), (carried, True))
        for label, value, old in lines
        if value is not None
    ]


def _changed(changes: dict[str, Any]) -> list[tuple[str, int]]:
    """What became of persons and links since the run before, each as a sentence's subject and a number."""
    if not changes:
        return []
    links = changes["links"]
    return [
        (_("Persons who appeared, of rows that were nobody's before"), changes["appeared"]),
        (_("Persons split off another person"), changes["split"]),
        (_("Persons merged into another person"), changes["merged"]),
        (_("Persons who vanished: all their rows are nobody now"), changes["vanished"]),
        (_("Rows that got their first person"), links["first"]),
        (_("Rows that moved to another person"), links["moved"]),
        (_("Rows that followed a merge by an officer"), links["followed"]),
        (_("Rows that are nobody's now"), links["ended"]),
    ]


# The square in which the curve is drawn, and the room for its scales, in units of the drawing.
_SIDE, _ROOM, _LEAST, _MOST = 300.0, 40.0, 3.0, 11.0


def _curve(bins: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The calibration as a drawing and a table: what the model expects of each group of pairs, and what their NIKs say."""
    told = [b for b in bins if b["pairs"] and b["expected"] is not None]
    if not told:
        return None
    known = [b for b in told if b["observed"] is not None]
    heaviest = max(b["pairs"] for b in told)
    pairs = sum(b["pairs"] for b in known)
    off = sum(b["pairs"] * abs(b["expected"] - b["observed"]) for b in known) / pairs if pairs else None
    return {
        "bins": told,
        "off": None if off is None else off * 100,
        # Written by the computer, not for a reader: a comma would spoil the drawing.
        "points": [
            {
                "x": f"{_ROOM + _SIDE * b['expected']:.1f}", "y": f"{_SIDE * (1 - b['observed']) + 10:.1f}",
                "r": f"{_LEAST + (_MOST - _LEAST) * sqrt(b['pairs'] / heaviest):.1f}",
            }
            for b in known
        ],
    }  # fmt: skip


def _registers(page: RunPage) -> list[dict[str, Any]]:
    """Rows and faults of each register, by kind and by the office where they arise, so that they can be mended there."""
    known = registers()
    found = []
    for key, rows in page.counts.get("rows", {}).items():
        told = page.counts.get("faults", {}).get(key, {})
        mine = [f for f in page.findings.faults if f.source == key]
        for code in ("nik.empty", "birth.empty"):
            told = told | {code: sum(f.rows for f in mine if f.code == code)}
        found.append(
            {
                "name": register_name(key),
                "owner": known[key].owner if key in known else "",
                "rows": rows,
                "faults": [
                    {"column": column_of(code), "text": fault_of(code), "rows": n, "share": n / rows if rows else None}
                    for code, n in sorted(told.items(), key=lambda fault: (-fault[1], fault[0]))
                    if n
                ],
                "places": [
                    {"place": place_of(f.place), "text": fault_of(f.code), "rows": f.rows, "share": f.rows / f.of}
                    for f in mine[:PLACES_SHOWN]
                ],
                "more": max(0, len(mine) - PLACES_SHOWN),
            }
        )
    return found
