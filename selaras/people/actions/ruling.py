"""Two records, one person? An officer proposes a merge, or a number stands with both; two officers must agree before anything moves.

The question is an event `conflict` on one of the two, which only national reviewers read, so that the office of the other record
learns nothing of it. What officers say rests beside it. Whoever rules has not seen what others said.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from selaras.ground.act import NotThere, Refused, act, note
from selaras.ground.scope import NATION, current
from selaras.people.actions.correcting import locked
from selaras.people.actions.merging import merge
from selaras.people.actions.writing import event
from selaras.people.doubts import PROPOSED, open_between, other_of, shared_numbers
from selaras.people.models import Dispute, Event, Identifier, Person, Ruling

SAME, DIFFERENT, ONES, OTHERS = "same", "different", "one", "other"
"""One person; two, and whose the number is cannot be told; two, and the number is the one's; or the other's."""
VERDICTS = (SAME, DIFFERENT, ONES, OTHERS)
EYES = 2


@dataclass(frozen=True, slots=True)
class Ruled:
    """Where a question stands after an officer's word; `done` says that this word settled it."""

    conflict_id: UUID
    one: UUID
    other: UUID
    state: str
    verdict: str
    done: bool = False

    @property
    def subject_id(self) -> UUID:
        """Say whom the ledger line is about."""
        return self.one


def standing(verdicts: Iterable[str]) -> tuple[str, str]:
    """Give state and verdict from what different officers said: two must agree, and more of them than say otherwise."""
    counted = Counter(verdicts).most_common()
    if not counted:
        return Dispute.State.OPEN, ""
    (first, votes), *rest = counted
    if votes >= EYES and (not rest or rest[0][1] < votes):
        return Dispute.State.SETTLED, first
    return (Dispute.State.DISPUTED if rest else Dispute.State.WAITING), ""


@act
def propose_merge(
    *, keep: UUID, lose: UUID, reason: str, keep_version: int | None = None, lose_version: int | None = None
) -> Ruled:
    """Say that two records are one person; a second officer decides. Who proposes what is a question already says `same` to it."""
    if keep == lose:
        raise Refused("same_record")
    reason = _reason(reason)
    versions = {keep: keep_version, lose: lose_version}
    for i in sorted((keep, lose)):
        locked(i, versions[i])
    asked = open_between(keep, lose)
    if not asked:
        told = event(keep, "conflict", current().address, reason=PROPOSED, after={"person": str(lose)})
        told.save(force_insert=True)
        asked = [told]
    return _say(asked[0], SAME, reason)


@act
def rule(*, conflict_id: UUID, verdict: str, reason: str) -> Ruled:
    """Say of two records in question that they are one person, or two and whose the number is. Saying it twice is saying it once."""
    if verdict not in VERDICTS:
        raise Refused("unknown_verdict")
    told = Event.objects.filter(id=conflict_id, kind="conflict").first()
    if told is None:
        raise NotThere("not there")
    if verdict in (ONES, OTHERS) and not shared_numbers(told.person_id, other_of(told)):
        raise Refused("no_shared_number")
    # in the order in which every verb on two persons locks them
    both = sorted((told.person_id, other_of(told)))
    gone = [p for p in Person.objects.select_for_update(of=("self",)).filter(id__in=both).order_by("id") if p.merged_into_id]
    row = Dispute.objects.filter(event=told).first()
    if row is not None and row.state == Dispute.State.SETTLED:
        mine = Ruling.objects.filter(dispute=row, officer=current().address, undone_at__isnull=True, verdict=verdict)
        if mine.exists():
            return _answer(row, done=False)
        raise Refused("ruled_already")
    if gone:
        raise Refused("merged_away")
    return _say(told, verdict, _reason(reason))


@act
def ask_papers(*, conflict_id: UUID, person_id: UUID, what: str) -> Ruled:
    """Ask the offices that see one of the two for a paper; the note stands in her history and says nothing of the other record."""
    told = Event.objects.filter(id=conflict_id, kind="conflict").first()
    if told is None or person_id not in (told.person_id, other_of(told)):
        raise NotThere("not there")
    person = locked(person_id)
    what = _reason(what)
    # Sealed, so compared here: one officer asks for the papers of one person a few times at most.
    before = Event.objects.filter(person_id=person.id, kind="papers", actor=current().address)
    if what not in before.values_list("reason", flat=True):
        event(person.id, "papers", current().address, reason=what).save(force_insert=True)
    note(subject=person.id, conflict=str(conflict_id))
    row = Dispute.objects.filter(event=told).first()
    state, verdict = (row.state, row.verdict) if row else (Dispute.State.OPEN, "")
    return Ruled(told.id, told.person_id, other_of(told), state, verdict)


def _reason(text: str) -> str:
    text = " ".join(text.split())[:200]
    if not text:
        raise Refused("no_reason")
    return text


def _say(told: Event, verdict: str, reason: str) -> Ruled:
    """Note an officer's word; the caller has locked both persons, so nobody else speaks about them meanwhile."""
    officer = current()
    row, _ = Dispute.objects.get_or_create(event=told, defaults=_between(told))
    hers = Ruling.objects.filter(dispute=row, officer=officer.address, undone_at__isnull=True)
    if hers.filter(verdict=verdict).exists():
        return _answer(row, done=False)
    hers.update(undone_at=timezone.now())
    Ruling.objects.create(
        dispute=row, verdict=verdict, officer=officer.address, officer_name=officer.name, reason=reason
    )
    said = Ruling.objects.filter(dispute=row, undone_at__isnull=True).values_list("verdict", flat=True)
    row.state, row.verdict = standing(said)
    done = row.state == Dispute.State.SETTLED
    if done:
        _bring_about(row, reason)
    row.save(update_fields=["state", "verdict", "merge_event"])
    return _answer(row, done=done)


def _between(told: Event) -> dict[str, Any]:
    return {"one_id": told.person_id, "other_id": other_of(told), "reach": [NATION]}


def _answer(row: Dispute, *, done: bool) -> Ruled:
    note(subject=row.one_id, subjects=[row.other_id], conflict=str(row.event_id), state=row.state, verdict=row.verdict)
    return Ruled(row.event_id, row.one_id, row.other_id, row.state, row.verdict, done)


def _bring_about(row: Dispute, reason: str) -> None:
    """Do what two officers agreed on; other open questions between the two are settled with it."""
    if row.verdict == SAME:
        row.merge_event_id = merge(keep=row.one_id, lose=row.other_id, reason=reason).event_id
    else:
        _doubt(row, reason)
    for told in open_between(row.one_id, row.other_id):
        if told.id != row.event_id:
            Dispute.objects.update_or_create(
                event=told,
                defaults=_between(told) | {"state": row.state, "verdict": row.verdict},
            )


def _doubt(row: Dispute, reason: str) -> None:
    """Mark the numbers that stand with both: as doubtful with both, or as somebody else's with the one to whom they do not belong."""
    marks = {
        DIFFERENT: [(row.one_id, "doubted"), (row.other_id, "doubted")],
        ONES: [(row.other_id, "other")],
        OTHERS: [(row.one_id, "other")],
    }
    shared = shared_numbers(row.one_id, row.other_id)
    for person_id, doubt in marks[row.verdict]:
        rows = Identifier.objects.filter(person_id=person_id, index__in=[index for _, index in shared])
        changed = {str(i): doubt for i in rows.values_list("id", flat=True)}
        if changed:
            rows.update(doubt=doubt)
            event(person_id, "doubted", current().address, reason=reason, after=changed).save(force_insert=True)
