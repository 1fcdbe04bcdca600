"""Seals the ledger: every minute or ten thousand lines, never making a writer wait."""

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from selaras.engines.sealing import merkle_root
from selaras.ground import sealing
from selaras.ground.act import act, note
from selaras.ground.keyring import ring
from selaras.ground.models import LedgerLine, Seal

ENDLESS = 2**62


def _generations(last: Seal | None) -> list[tuple[int, int]]:
    """Give each generation that may hold unsealed lines, with the transaction id before which its lines are final.

    A generation that a restore has ended gets no more lines, so all of it is final; in the living one a line may still
    come from the oldest open transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        end = int(cursor.fetchone()[0])
    first = last.generation if last is not None else 1
    living = LedgerLine.objects.aggregate(n=Max("generation"))["n"] or first
    return [(g, end if g == living else ENDLESS) for g in range(first, living + 1)]


def _next_window(last: Seal | None, generation: int, end: int) -> tuple[int, list[LedgerLine], int]:
    start = last.to_xid if last is not None and last.generation == generation else 0
    waiting = LedgerLine.objects.filter(generation=generation, xid__gte=start, xid__lt=end)
    lines = list(waiting.order_by("xid", "id")[: sealing.BATCH + 1])
    if len(lines) > sealing.BATCH:
        # Cut between two transactions, so that the next window begins where this one ends.
        cut = lines[-1].xid
        whole = [line for line in lines if line.xid < cut]
        if whole:
            return start, whole, int(cut)
        lines = list(waiting.filter(xid=cut).order_by("id"))
        return start, lines, int(cut) + 1
    return start, lines, end


@act
def seal_ledger() -> int:
    """Seal every line of finished transactions; give how many lines were sealed."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s)", (sealing.LOCK,))
        if not cursor.fetchone()[0]:
            return 0
    last = Seal.objects.order_by("-number").first()
    made = _taken_up(last)
    last = made[-1] if made else last
    for generation, end in _generations(last):
        while True:
            start, lines, upto = _next_window(last, generation, end)
            if not lines:
                break
            last = _seal(last, generation, start, upto, lines)
            made.append(last)
            if upto >= end:
                break
    for seal in made:
        sealing.export(seal)
    sealed = sum(seal.count for seal in made)
    note(count=sealed, seals=len(made))
    return sealed


def _taken_up(last: Seal | None) -> list[Seal]:
    """Take up seals whose copy lies outside while the database has lost them, as long as every line that they cover is there.

    A process that died between copy and commit leaves such a copy. So does an owner who removes the last seal with some of
    its lines: then the lines do not fit, the copy stays, and its number is never given again, so that verifying names it.
    """
    found: list[Seal] = []
    while (seal := sealing.copied((last.number if last else 0) + 1)) is not None:
        window = LedgerLine.objects.filter(generation=seal.generation, xid__gte=seal.from_xid, xid__lt=seal.to_xid)
        seal.lines = sealing.packed(window.order_by("id"))
        if sealing.check_seal(seal, bytes(last.root) if last else b""):
            break
        seal.save(force_insert=True)
        found.append(seal)
        last = seal
    return found


def _seal(last: Seal | None, generation: int, start: int, upto: int, lines: list[LedgerLine]) -> Seal:
    lines.sort(key=lambda line: line.id)
    raw = sealing.packed(lines)
    seal = Seal(
        number=sealing.free_number((last.number if last else 0) + 1),
        made_at=timezone.now(),
        generation=generation,
        from_xid=start,
        to_xid=upto,
        lines=raw,
        count=len(lines),
        root=merkle_root([h for _, h in sealing.unpacked(raw)]),
        previous=bytes(last.root) if last else b"",
        signature=b"",
        key="",
    )
    seal.key, seal.signature = ring().sign(sealing.statement(seal))
    seal.save(force_insert=True)
    return seal
