"""What a list writes into its ledger line: how many lines it showed, and of one that left as a file which, of whom, and in which form."""

import hashlib
from collections.abc import Iterable
from uuid import UUID

from selaras.ground.act import note


def note_list(ids: Iterable[UUID], file: str = "", subjects: Iterable[UUID] = ()) -> None:
    """Write down that lines were listed. Of a file each person in it reads that her line went out, and a hash tells which lines did."""
    told = [str(one) for one in ids]
    note(count=len(told))
    if file:
        digest = hashlib.sha256("\n".join(told).encode()).hexdigest()
        note(file=file, content=f"sha256:{digest}", subjects=list(dict.fromkeys(subjects)))
