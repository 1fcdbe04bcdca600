"""The rooms that an officer may enter, by what her role may do."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from selaras.doors.office.drawn import Drawing, address
from selaras.ground.act import held_by
from selaras.ground.scope import Actor


@dataclass(frozen=True, slots=True)
class Room:
    """One entry of the menu."""

    name: str
    label: str | Promise
    icon: str
    addresses: tuple[str, ...]
    about: str | Promise = ""


ROOMS = (
    Room(
        "today",
        _("Today"),
        "checklist",
        ("people.see_today",),
        _("The steps that wait for your office, what is due first at the top."),
    ),
    Room(
        "people_find",
        _("Find a person"),
        "search",
        ("people.find_by_number", "people.find_by_name"),
        _("By any number, or by a half-remembered name."),
    ),
    Room(
        "village",
        _("Village"),
        "home",
        ("prepare.see_village",),
        _("Candidates and their letters, who left and who came back."),
    ),
    Room(
        "courses",
        _("Training"),
        "certificate",
        ("prepare.see_courses",),
        _("Courses with their seats, and who pays."),
    ),
    Room(
        "credits",
        _("Placement credit (KUR)"),
        "building-bank",
        ("prepare.see_credits",),
        _("Requests to lenders with their clock, and a calculator."),
    ),
    Room(
        "outreach",
        _("Outreach"),
        "message-report",
        ("prepare.see_outreach",),
        _("Sessions of information: what was told, in which language, and how many came."),
    ),
    Room(
        "signals",
        _("Early warnings"),
        "alert-triangle",
        ("prepare.see_signals",),
        _("What was seen where, never who was suspected; and what came of it."),
    ),
    Room(
        "signal_counts",
        _("Early warnings in numbers"),
        "chart-bar",
        ("prepare.see_signal_counts",),
        _("How many, of which kind and where; small counts are hidden."),
    ),
    Room(
        "gate_queue",
        _("Gate"),
        "door-exit",
        ("place.see_gate_queue",),
        _("Who stands before the gate, and each rule with its reason."),
    ),
    Room(
        "market_agencies",
        _("Agencies"),
        "building-bank",
        ("market.see_agencies",),
        _("Placement agencies: licence, deposit, warnings, partners."),
    ),
    Room(
        "job_orders",
        _("Job orders"),
        "briefcase",
        ("market.see_job_orders",),
        _("Asked for, attested, permitted; with the places left."),
    ),
    Room(
        "market_parties",
        _("Parties abroad"),
        "users-group",
        ("market.see_parties",),
        _("Employers, partner agencies and principals, and who is known for a problem."),
    ),
    Room(
        "country_statuses",
        _("Countries"),
        "map-2",
        ("market.see_statuses",),
        _("Which country and which job is open, from when, on which basis."),
    ),
    Room(
        "recruiting",
        _("Recruiting"),
        "flag",
        ("market.see_recruiting",),
        _("What was seen of recruiting, and whether a permit allowed it."),
    ),
    Room(
        "deliveries",
        _("Deliveries"),
        "file-import",
        ("reconcile.see_deliveries",),
        _("Registers handed in, what was read and what was rejected."),
    ),
    Room(
        "runs",
        _("Linkage runs"),
        "git-merge",
        ("reconcile.see_runs",),
        _("How the registers were linked, with counts and reasons."),
    ),
    Room(
        "review",
        _("Review queue"),
        "git-compare",
        ("reconcile.see_queue",),
        _("Doubtful pairs that wait for a second pair of eyes."),
    ),
    Room(
        "conflicts",
        _("Two records, one person?"),
        "users",
        ("people.see_conflicts",),
        _("Numbers that stand with two records, and merges that officers propose."),
    ),
    Room(
        "headcount",
        _("Headcount"),
        "world",
        ("insight.see_headcount",),
        _("How many citizens are where, with date, definition and interval."),
    ),
    Room(
        "months_of_pay",
        _("Months of pay"),
        "scale",
        ("place.see_months_of_pay",),
        _("What a job abroad cost its worker, by agency and country."),
    ),
    Room(
        "agreements",
        _("Agreements"),
        "file-text",
        ("agreements.see_agreements",),
        _("Which promise lets which data flow."),
    ),
    Room("ledger", _("Ledger"), "book", ("ground.read_ledger",), _("Everything that was done, read and refused.")),
    Room(
        "officers",
        _("Officers"),
        "user-check",
        ("ground.see_officers",),
        _("Who is posted where, and whose account is switched off or locked."),
    ),
    Room(
        "offices", _("Offices"), "building", ("ground.see_offices",), _("Which offices there are, and what each sees.")
    ),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One menu entry with its address."""

    label: str | Promise
    icon: str
    url: str
    active: bool
    about: str | Promise = ""


def rooms_for(actor: Actor, path: str = "") -> list[Entry]:
    """List the rooms whose questions the actor may ask."""
    found, held = [], held_by(actor)
    for room in ROOMS:
        if not held.isdisjoint(room.addresses):
            url = address(room.name)
            found.append(Entry(room.label, room.icon, url, path.startswith(url), room.about))
    return found


class Menu(tuple[Entry, ...]):
    """The rooms of a page, known again by their addresses and by which of them is open: all else of an entry follows from these."""

    __slots__ = ()

    @property
    def _told(self) -> tuple[tuple[str, bool], ...]:
        return tuple([(entry.url, entry.active) for entry in self])

    def __hash__(self) -> int:
        return hash(self._told)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Menu) and self._told == other._told


_menu = Drawing("office/_rooms.html")


def menu(entries: list[Entry], path: str) -> SafeString:
    """Give the menu of rooms as HTML; every page shows it twice."""
    return _menu.draw({}, {"nav": Menu(entries), "at_home": path == address("home")})
