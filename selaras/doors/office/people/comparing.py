"""Two records side by side: fields with their sign, masked numbers, names, stays, and what the registers say of each."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from selaras.doors.office.people import words
from selaras.doors.office.people.forms import written
from selaras.people.queries.opening import OpenPerson, StayLine
from selaras.reconcile.queries.records import records_of


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the comparison: texts of both sides; `agrees` is None where it cannot be said."""

    label: str
    one: tuple[str, ...]
    other: tuple[str, ...]
    agrees: bool | None = None


def compared(one: OpenPerson, other: OpenPerson, shared: Collection[str]) -> list[Line]:
    """Compare two opened records; `shared` names the kinds of numbers that stand with both."""
    lines = [_field(label, *pair) for label, pair in _fields(one, other)]
    lines += [
        _numbers(kind, one, other, kind in shared)
        for kind in words.NUMBER_KINDS
        if any(n.kind == kind for n in one.numbers + other.numbers)
    ]
    lines.append(Line(_("Forms of the name"), _names(one), _names(other)))
    lines.append(Line(_("Where this person was"), _stays(one), _stays(other)))
    lines.append(Line(_("What the registers say"), _rows(one), _rows(other)))
    lines.append(Line(_("Who may see this record"), _seen(one), _seen(other)))
    return [line for line in lines if line.one or line.other]


def _fields(one: OpenPerson, other: OpenPerson) -> list[tuple[str, tuple[str, str]]]:
    def both(text: Any) -> tuple[str, str]:
        return text(one), text(other)

    return [
        (_("Name"), both(lambda p: p.name)),
        (_("Sex"), both(lambda p: words.say(words.SEXES, p.sex) if p.sex else "")),
        (_("Date of birth"), both(lambda p: written(p.birth_date, p.birth_precision))),
        (_("Place of birth"), both(lambda p: p.birth_place)),
        (_("Mother's name"), both(lambda p: p.mother)),
        (_("Home area"), both(lambda p: p.home or p.home_text)),
        (_("Died on"), both(lambda p: written(p.died_on, "day"))),
    ]


def _field(label: str, one: str, other: str) -> Line:
    agrees = one.casefold() == other.casefold() if one and other else None
    return Line(label, (one,) if one else (), (other,) if other else (), agrees)


def _numbers(kind: str, one: OpenPerson, other: OpenPerson, shared: bool) -> Line:
    there = [tuple(_number(n) for n in p.numbers if n.kind == kind) for p in (one, other)]
    # A family card and a telephone are shared by many: nothing is said of them.
    said = True if shared else False if all(there) and kind == "nik" else None
    return Line(words.say(words.NUMBER_KINDS, kind), there[0], there[1], said)


def _number(line: Any) -> str:
    notes = [words.say(words.SOURCES, line.source)]
    if line.until:
        notes.append(_("until %(date)s") % {"date": written(line.until, "day")})
    if line.doubt:
        notes.append(words.say(words.DOUBTS, line.doubt))
    return f"{line.masked} ({'; '.join(notes)})"


def _names(her: OpenPerson) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f"{n.text} ({words.say(words.SOURCES, n.source)})" for n in her.names))


def _stays(her: OpenPerson) -> tuple[str, ...]:
    return tuple(_stay(p) for p in her.presences)


def _stay(stay: StayLine) -> str:
    since = written(stay.since, "day") or _("date not known")
    return f"{words.place(stay)}, {words.say(words.CAPACITIES, stay.capacity)}, {since} ({words.say(words.SOURCES, stay.source)})"


def _rows(her: OpenPerson) -> tuple[str, ...]:
    return tuple(
        f"{r.source_name} {r.row_id}" + (f" ({_('withdrawn')})" if r.withdrawn_at else "") for r in records_of(her.id)
    )


def _seen(her: OpenPerson) -> tuple[str, ...]:
    return tuple(words.seen_by(g) for g in her.grants if g.until is None)
