"""The verb of a village on the two letters of a candidate: written down and acknowledged in one go."""

import datetime as dt
from uuid import UUID

from selaras.ground.act import Refused, act, note
from selaras.people.actions.answering import form
from selaras.people.actions.correcting import locked
from selaras.people.actions.facts import MANUAL, Kept, Scan, add_fact, replace_fact, verify_fact
from selaras.people.actions.stepping import check_reason
from selaras.people.faults import Fault, Unfit
from selaras.people.models import Fact
from selaras.people.papers import Written
from selaras.people.queries.surviving import merged_ids
from selaras.prepare.letters import LETTERS
from selaras.prepare.lifetime import check_alive


@act
def acknowledge_letter(
    *, person_id: UUID, kind: str, number: str, issuer: str, issued_on: dt.date | None, words: str, scan: Scan | None = None, once: str = ""
) -> Kept:
    """Write down the marital letter or the permission letter of a candidate and say that it is real; both, or nothing.

    A newer letter takes the place of the one that stands. The same letter again, and the same press again, is there once.
    """
    if kind not in LETTERS:
        raise Unfit([Fault("kind", "unknown_paper")])
    words = check_reason(words)
    sent = form("acknowledge_letter", person_id, kind, once)
    her = locked(person_id)
    note(subject=her.id, kind=kind)
    if before := sent.answered():
        there = Fact.objects.get(id=before)
        return Kept(there.id, her.id, there.verdict, there.fault, True)
    paper = Written(kind, number, issuer, issued_on)
    # what a village wrote under a record that was merged into hers stays there; a refusal of it holds for the same letter under hers
    judged = _refused(her.id, paper.tidy())
    if judged is not None:
        raise Refused("paper_judged", who=judged.verified_by_name or judged.added_by_name, verdict=judged.verdict)
    old = Fact.objects.filter(person_id=her.id, kind=kind, superseded_by__isnull=True).order_by("-id").first()
    check_alive(her, issued_on, "issued_on")
    # the same number with another day is the same letter written down rightly: it takes the place of the wrong one
    if old is None or (old.index is not None and old.index == paper.tidy().index and old.issued_on == issued_on):
        kept = add_fact(person_id=her.id, paper=paper, scan=scan)
    else:
        kept = replace_fact(fact_id=old.id, paper=paper, scan=scan)
    if kept.verdict == Fact.Verdict.REFUSED and not kept.fault:  # another officer judged it: her word is not turned over unseen
        judged = Fact.objects.get(id=kept.fact_id)
        raise Refused("paper_judged", who=judged.verified_by_name or judged.added_by_name, verdict=judged.verdict)
    if not kept.fault and kept.verdict != Fact.Verdict.VERIFIED:
        kept = verify_fact(fact_id=kept.fact_id, seen=kept.verdict, verdict=Fact.Verdict.VERIFIED, path=MANUAL, words=words)
    sent.keep(her.id, kept.fact_id, "acknowledged")
    return kept


def _refused(person_id: UUID, paper: Written) -> Fact | None:
    """Find the same letter under a record that was merged into hers, when an officer refused it there."""
    if paper.index is None:
        return None
    alike = Fact.objects.filter(kind=paper.kind, index=paper.index, issued_on=paper.issued_on, superseded_by__isnull=True)
    found: Fact | None = alike.filter(person_id__in=list(merged_ids([person_id])), verdict=Fact.Verdict.REFUSED, fault="").first()
    return found
