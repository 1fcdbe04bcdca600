"""What an officer writes down of a paper, checked: each fault named; and whether its number is one person's alone."""

import datetime as dt
import re
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from selaras.law.shapes import Evidence
from selaras.people.course import RESULTS, last_day
from selaras.people.faults import Fault
from selaras.people.models import Person
from selaras.people.numbers import index_of, number_faults, spelling
from selaras.people.telling import Told, marks_faults, marks_of

# Papers whose number is one by which the register knows a person.
IDENTIFIERS = {"ktp": "nik", "kk": "kk", "passport": "passport", "seafarer_id": "seafarer"}
# Numbered for the whole country or the world: one person alone bears such a number, whoever issued the paper.
ONE_BEARER = frozenset({
    "ktp", "passport", "seafarer_id", "seaman_book", "sea_certificates", "competence_certificate", "language_test", "sector_test",
    "exam_card", "eps_topik", "slc", "ccvi", "coe", "visa", "social_security", "social_security_before", "jkn", "skck",
})  # fmt: skip
# Of a family, an order, an agency or an announcement: many bear the same number, rightly.
SHARED = frozenset({
    "kk", "job_order", "sip2mi", "agency_agreement", "kkb", "ministerial_permission", "company_report", "match_result", "roster_entry",
    "skill_test", "departure_record",
})  # fmt: skip
# Every other paper is numbered by its issuer: two villages may each have a letter 470/12, one village has one.

_SIGNS = re.compile(r"[^A-Z0-9]")
NUMBER, ISSUER = 60, 160


@dataclass(frozen=True, slots=True)
class Written:
    """A paper as an officer writes it down."""

    kind: str
    number: str = ""
    issuer: str = ""
    issued_on: dt.date | None = None
    valid_until: dt.date | None = None
    value: str = ""

    def tidy(self) -> "Written":
        """Give the same with single spaces and nothing around them."""
        texts = {f: " ".join(getattr(self, f).split()) for f in ("number", "issuer", "value")}
        return Written(self.kind, issued_on=self.issued_on, valid_until=self.valid_until, **texts)

    @property
    def spelt(self) -> str:
        """Give the number in the one spelling in which it is compared; empty without a number."""
        known = IDENTIFIERS.get(self.kind)
        return spelling(known, self.number) if known else _SIGNS.sub("", self.number.upper())

    @property
    def index(self) -> UUID | None:
        """Give the keyed index of the number, with its issuer where the issuer numbers its own; None without a number."""
        if not self.spelt:
            return None
        if (known := IDENTIFIERS.get(self.kind)) is not None:
            return index_of(known, self.spelt)
        whose = "" if self.kind in ONE_BEARER | SHARED else _SIGNS.sub("", self.issuer.upper())
        return index_of(f"paper:{self.kind}", f"{self.spelt}\0{whose}")

    @property
    def claims(self) -> bool:
        """Say whether one person alone may bear this number."""
        return bool(self.spelt) and self.kind not in SHARED


def paper_faults(paper: Written, row: Evidence, person: Person, *, scan: bool) -> list[Fault]:
    """List what is wrong with a paper, in itself, against the law's row for its kind, and against the person."""
    return [*_number_faults(paper, row, person), *_day_faults(paper, row, person), *_other_faults(paper, row, scan=scan)]


def _number_faults(paper: Written, row: Evidence, person: Person) -> list[Fault]:
    if not paper.number:
        return [Fault("number", "number_missing")] if row.number and paper.kind in ONE_BEARER else []
    if len(paper.number) > NUMBER:
        return [Fault("number", "too_long", {"most": NUMBER})]
    if known := IDENTIFIERS.get(paper.kind):
        told = Told(person.name, person.sex, person.birth_date, person.birth_precision)
        faults = marks_faults(marks_of([(known, paper.number)]), told) or number_faults(known, paper.spelt)
        return [Fault("number", f.code, f.params) for f in faults]
    if len(paper.spelt) < 3:
        return [Fault("number", "number_form")]
    if paper.claims and paper.kind not in ONE_BEARER and not paper.issuer:
        return [Fault("issuer", "issuer_missing")]
    return []


def _day_faults(paper: Written, row: Evidence, person: Person) -> list[Fault]:
    today, issued, until = timezone.localdate(), paper.issued_on, paper.valid_until
    faults = []
    if issued is None and (row.valid_months or row.months_before or row.private):  # of several examinations the latest speaks
        faults.append(Fault("issued_on", "issued_missing"))
    if until is None and row.ends:
        faults.append(Fault("valid_until", "ends_missing"))
    if issued is not None and issued > today:
        faults.append(Fault("issued_on", "issued_to_come"))
    # of a birth known by its year alone, nothing is said before the year itself
    if issued is not None and person.birth_date is not None and issued < person.birth_date:
        faults.append(Fault("issued_on", "issued_before_birth"))
    if issued is not None and until is not None and until < issued:
        faults.append(Fault("valid_until", "ends_before_it_begins"))
    elif (last := last_day(row, issued, until)) is not None and last < today:
        faults.append(Fault("valid_until" if last == until else "issued_on", "paper_expired", {"on": last.isoformat()}))
    return faults


def _other_faults(paper: Written, row: Evidence, *, scan: bool) -> list[Fault]:
    faults = []
    if len(paper.issuer) > ISSUER:
        faults.append(Fault("issuer", "too_long", {"most": ISSUER}))
    if row.private and paper.value not in RESULTS:
        faults.append(Fault("value", "result_missing"))
    if not row.private and paper.value:
        faults.append(Fault("value", "result_unknown"))
    if row.file == "required" and not scan:
        faults.append(Fault("file", "scan_missing"))
    if row.file == "none" and scan:
        faults.append(Fault("file", "scan_not_kept"))
    return faults
