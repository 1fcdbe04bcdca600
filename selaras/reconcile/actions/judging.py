"""Judging a doubtful pair: one officer says, a second agrees, then it holds; each step can be taken back."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from selaras.ground.act import NotThere, Refused, act, note
from selaras.ground.scope import current
from selaras.reconcile.actions.linking.verdicts import bring_about, take_back
from selaras.reconcile.models import Judgement, Pair

VERDICTS = ("same", "different", "unsure")
EYES = 2
"""How many officers must agree where the model is in doubt or says the opposite."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Where a pair stands after a judgement: its state, the verdict that holds, whether records moved."""

    pair_id: UUID
    state: str
    verdict: str
    moved: int


def standing(verdicts: Iterable[str], decision: str) -> tuple[str, str]:
    """Give state and verdict of a pair from the standing verdicts of different officers and the model's decision.

    A sure model and one officer who says the same are two already. Else two officers must agree, and more of them than
    say otherwise; where they differ, a third decides.
    """
    counted = Counter(verdicts)
    if not counted:
        return Pair.State.OPEN, ""
    agreed = {"link": "same", "no": "different"}.get(decision)
    votes = {verdict: n + (verdict == agreed) for verdict, n in counted.items()}
    best = max(votes.values())
    leaders = [verdict for verdict, n in votes.items() if n == best]
    if best >= EYES and len(leaders) == 1:
        return Pair.State.SETTLED, leaders[0]
    return (Pair.State.DISPUTED if len(counted) > 1 else Pair.State.WAITING), ""


@act
def judge(pair_id: UUID, verdict: str, reason: str = "") -> Judged:
    """Say of a pair that it is the same person, is not, or cannot be told; saying it twice is saying it once."""
    if verdict not in VERDICTS:
        raise Refused("unknown_verdict")
    pair = _locked(pair_id)
    officer = current()
    mine = Judgement.objects.filter(pair=pair, officer=officer.address, undone_at__isnull=True).first()
    if mine is not None and mine.verdict == verdict:
        return _told(pair, 0, verdict)
    if mine is not None:
        mine.undone_at, mine.undone_by = timezone.now(), officer.address
        mine.save(update_fields=["undone_at", "undone_by"])
    Judgement.objects.create(
        pair=pair, verdict=verdict, officer=officer.address, officer_name=officer.name, reason=reason[:200]
    )
    return _told(pair, _settle(pair), verdict)


@act
def undo_judgement(pair_id: UUID) -> Judged:
    """Take one's own judgement of a pair back; what held because of it holds no more."""
    pair = _locked(pair_id)
    officer = current().address
    mine = Judgement.objects.filter(pair=pair, officer=officer, undone_at__isnull=True).first()
    if mine is None:
        raise Refused("nothing_to_undo")
    mine.undone_at, mine.undone_by = timezone.now(), officer
    mine.save(update_fields=["undone_at", "undone_by"])
    return _told(pair, _settle(pair), "")


def _locked(pair_id: UUID) -> Pair:
    pair = Pair.objects.select_for_update(of=("self",)).filter(pk=pair_id).first()
    if pair is None:
        raise NotThere("not there")
    return pair


def _settle(pair: Pair) -> int:
    """Bring the pair to where its judgements put it, and the records with it; give how many records moved."""
    said = Judgement.objects.filter(pair=pair, undone_at__isnull=True)
    state, verdict = standing(said.values_list("verdict", flat=True), pair.decision)
    moved = 0
    if verdict != pair.verdict:
        if pair.verdict:
            moved += take_back(pair, current().address)
        pair.verdict = verdict
        if verdict:
            officers = said.filter(verdict=verdict).order_by("at").values_list("officer", flat=True)
            moved += bring_about(pair, verdict, ", ".join(officers)[:200])
    pair.state = state
    pair.save(update_fields=["state", "verdict", "merge_event"])
    return moved


def _told(pair: Pair, moved: int, said: str) -> Judged:
    persons = [p for p in (pair.left.person_id, pair.right.person_id) if p is not None]
    note(subjects=list(dict.fromkeys(persons)), pair=str(pair.pk), said=said, state=pair.state, verdict=pair.verdict, moved=moved)
    return Judged(pair.pk, pair.state, pair.verdict, moved)
