"""People of whom neither of the two registers knows: they cross the border, come home, and stand in the population register."""

from dataclasses import replace

import numpy as np

from selaras.samples.world import World

# Serials between those of first and of second NIKs, and a place in the row of passport numbers that no nation reaches.
SERIALS_ON = 500
PASSPORTS_ON = 5_000_000


def as_strangers(world: World, first: int) -> World:
    """The same people under numbers of their own: NIKs, family cards, passports, and public numbers from `first` on.

    Without this, the numbers of two nations would be the same, as both are counted from the beginning.
    """
    papers = world.nation.papers
    two = papers.letter >= 8
    room = np.where(two, 1_000_000, 10_000_000)
    own = replace(
        papers,
        nik=papers.nik + SERIALS_ON,
        second_nik=np.where(papers.second_nik > 0, papers.second_nik + SERIALS_ON, 0),
        family_card=papers.family_card + SERIALS_ON,
        number=((papers.number.astype(np.int64) + room // 2) % room).astype(np.int32),
    )
    return replace(world, nation=replace(world.nation, papers=own), number=world.number + first)
