"""A few invented people on their way, for the demo: entered by the cast with the same verbs as in life, each at another step."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from django.utils import timezone

from selaras.ground.queries.actors import actor_of, posts_of
from selaras.ground.queries.offices import officer_by_email
from selaras.ground.scope import Actor, acting
from selaras.law.shapes import Evidence, Step
from selaras.people.actions.facts import Scan, add_fact, verify_fact
from selaras.people.actions.journeys import Aim, start_journey
from selaras.people.actions.registering import register
from selaras.people.actions.steps import do_step, return_step, withdraw_journey
from selaras.people.course import FIT, course_of
from selaras.people.papers import Written
from selaras.people.queries.journeys import open_journey
from selaras.place.actions.gate import decide
from selaras.place.actions.passes import STEP as CARD
from selaras.place.actions.passes import issue_pass
from selaras.samples.cast import CAST

LOYANG = "3212042003"
AGENCY = "p3mi-arunika-wistara"
SCAN = b"%PDF-1.4\n% contoh yang dibuat-buat\n"
DOERS = ("desa", "dinas", "bp3mi", "taipei")


@dataclass(frozen=True, slots=True)
class Way:
    """One invented person: who she is, what she aims at, at which step she stands, and what went wrong."""

    name: str
    sex: str
    born: date
    scheme: str
    stands_at: str
    aim: Aim = field(default_factory=Aim)
    given_back: str = ""
    withdrawn: str = ""


WAYS = (
    Way("Carinih binti Dulkarim", "F", date(1999, 4, 8), "p_to_p", "letters", Aim("TWN", AGENCY)),
    Way("Rusminah binti Tarsijan", "F", date(1994, 9, 21), "p_to_p", "opp", Aim("TWN", AGENCY, job_order="CONTOH-JO/TWN/TW-YUEHAI/1")),
    Way("Wartono bin Sarkim", "M", date(2001, 1, 30), "g_to_g_korea", "slc", Aim("KOR")),
    Way("Suharti binti Kalim", "F", date(2000, 7, 2), "ssw_agency", "health", Aim("JPN", AGENCY), given_back="selection"),
    Way("Darnati binti Waslim", "F", date(1991, 12, 11), "re_entry", "return", Aim("TWN")),
    Way("Kusnadi bin Rastim", "M", date(1997, 3, 17), "self_placed", "register", Aim("ARE"), withdrawn="Diterima bekerja di Cirebon."),
)


def enter_ways() -> int:
    """Enter them; give how many there are. Safe to run again: who is on her way already is left as she is."""
    actors = {key: actor_of_cast(key) for key in DOERS}
    for way in WAYS:
        _enter(way, actors)
    return len(WAYS)


def actor_of_cast(key: str) -> Actor:
    """Give the actor that a member of the cast is."""
    officer = officer_by_email(next(member.email for member in CAST if member.key == key))
    if officer is None:
        raise LookupError(f"{key} of the cast is not entered yet")
    return actor_of(officer, posts_of(officer.pk)[0])


def _enter(way: Way, actors: dict[str, Actor]) -> None:
    with acting(actors["desa"]):
        person_id = register(name=way.name, sex=way.sex, birth_date=way.born, home_area=LOYANG, once=f"contoh {way.name}").person_id
        begun = start_journey(person_id=person_id, scheme=way.scheme, aim=way.aim, once=f"contoh {way.name}")
    if begun.again:
        return
    today = timezone.localdate()
    course = course_of(way.scheme, today)
    if course is None:
        raise LookupError(f"no scheme {way.scheme} today")
    version = begun.version
    for step in course.steps:
        if step.id == way.stands_at:
            break
        if not step.optional:
            version = _walk(person_id, begun.journey_id, version, step, course.evidence, actors)
    if way.given_back:
        with acting(actors["dinas"]):
            return_step(
                journey_id=begun.journey_id, step=way.given_back, version=version, reason="Nama pada hasil seleksi tidak sama dengan KTP."
            )
    if way.withdrawn:
        with acting(actors["dinas"]):
            withdraw_journey(journey_id=begun.journey_id, version=version, reason=way.withdrawn)


def _walk(person_id: UUID, journey_id: UUID, version: int, step: Step, papers: dict[str, Evidence], actors: dict[str, Actor]) -> int:
    """Bring the papers of a step, have them verified where somebody of the cast may, and do it; give the journey's new version."""
    for kind in step.evidence:
        row = papers.get(kind)
        if row is not None:
            bring(person_id, journey_id, row, actors)
    with acting(_first(actors, step.by)):
        if step.verb:
            decide(journey_id=journey_id, decision="allow", justification="Semua baris terpenuhi (contoh).", version=0)
            return open_journey(journey_id).version
        if step.id == CARD:
            issue_pass(journey_id=journey_id)
            return open_journey(journey_id).version
        return do_step(journey_id=journey_id, step=step.id, version=version).version


def bring(person_id: UUID, journey_id: UUID, row: Evidence, actors: dict[str, Actor], number: str = "") -> None:
    """Bring one paper of a person on her way, and have it verified where somebody of the cast may."""
    today = timezone.localdate()
    paper = Written(
        row.id, number or (f"C{int(person_id) % 10**7:07d}" if row.id == "passport" else f"CONTOH/{person_id.hex[-6:]}/{row.id}".upper()),
        "Kantor Contoh", today - timedelta(days=20), today + timedelta(days=900) if row.ends else None,
        value=FIT if row.private else "",
    )  # fmt: skip
    with acting(actors["dinas"]):
        scan = Scan([SCAN], "contoh.pdf") if row.file == "required" else None
        kept = add_fact(person_id=person_id, journey_id=journey_id, paper=paper, scan=scan)
    if row.verifiers and not kept.again:
        with acting(_first(actors, row.verifiers)):
            verify_fact(fact_id=kept.fact_id, seen="stated", verdict="verified", words="Dokumen asli dilihat (contoh).")


def _first(actors: dict[str, Actor], roles: tuple[str, ...]) -> Actor:
    return next(actor for actor in actors.values() if actor.roles & set(roles))
