"""Names coded once: a number for each distinct name, its words and how they sound, and how rare each is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from selaras.engines.linkage import records as rc
from selaras.engines.linkage.coding import I32, I64, Coded, coded, together
from selaras.engines.linkage.compiled import compiled
from selaras.engines.linkage.mixing import U64, scramble_one
from selaras.engines.linkage.sounding import consonants_of, sounds_of
from selaras.engines.linkage.texts import U8, Texts, content_of, length_of
from selaras.engines.linkage.wording import Wording

F32 = npt.NDArray[np.float32]
_NO_WORDS = np.zeros(1, dtype=np.float32)


@dataclass(frozen=True)
class Names:
    """Distinct names, a row of `table` each (see `records`); `full`: order-free code of all their sounds; `initial`: of their beginnings;
    `word_rarity`, `spelt`, `sounds`: of each word code the rarity, the canonical letters, and how it sounds;
    `heard`: of each code of a sound a number that is the same in every run."""

    table: I32
    full: U64
    initial: U64
    heard: U64
    word_rarity: F32
    heard_of: I32
    spelt: Texts
    sounds: Texts

    def joined(self, codes: I32) -> U64:
        """The whole name of each code, without vowels and spaces, as a number."""
        low, high = self.table[codes, rc.JOINED].view(np.uint32), self.table[codes, rc.JOINED + 1].view(np.uint32)
        return np.asarray(low.astype(np.uint64) | high.astype(np.uint64) << np.uint64(32))

    def has_words(self, codes: I32) -> npt.NDArray[np.bool_]:
        """Whether the name of each code has a word at all."""
        return np.asarray(self.table[codes, rc.HEARD] >= 0)


@dataclass(frozen=True)
class Rarity:
    """How rare names and words are, -ln(share of rows): `names` by the order-free code of all sounds, `words` by `Names.heard`;
    numbers rise. `unseen`: of what was never met."""

    names: U64
    name_rarity: F32
    words: U64
    word_rarity: F32
    unseen: float

    @staticmethod
    def of(names: Names, rows: int) -> "Rarity":
        """Take the rarities out of coded names; `rows`: names given in all."""
        full, first = np.unique(names.full[:-1], return_index=True)
        rarity = names.table.view(np.float32)[:, rc.RARITY]
        by_sound = np.zeros(len(names.heard), dtype=np.float32)
        by_sound[names.heard_of] = names.word_rarity
        order = np.argsort(names.heard)
        return Rarity(full, rarity[first].copy(), names.heard[order], by_sound[order], float(np.log(max(rows, 1))))

    def look_up(self, known: U64, rarity: F32, asked: U64) -> F32:
        """The rarity of each number asked for."""
        if not len(known):
            return np.full(len(asked), self.unseen, dtype=np.float32)
        place = np.minimum(np.searchsorted(known, asked), len(known) - 1)
        return np.where(known[place] == asked, rarity[place], np.float32(self.unseen))


def code_names(given: Sequence[tuple[I32, Wording]], known: Rarity | None = None) -> tuple[Names, list[I32]]:
    """Code several columns of names in one table, whose last line stands for no name, as the code -1 does.

    `given`: per column the codes of its rows and the words of its distinct names. `known`: frozen rarities, else they are
    learnt from the rows.
    """
    said, spelt = together([Coded(wording.words, wording.spelt) for _, wording in given])
    ends = np.cumsum(np.concatenate([np.diff(wording.ends, prepend=0) for _, wording in given]), dtype=np.int64)
    words = np.concatenate(said)
    sounds = sounds_of(spelt)
    consonant = consonants_of(spelt, sounds)
    heard_coded = coded(consonant)
    heard_of, heard = heard_coded.codes, content_of(heard_coded.values)
    bare = Texts.of(consonant.str.replace_all("A", "", literal=True).replace("", "A"))
    identity = np.empty(len(ends), dtype=np.uint64)
    _identities(ends, words, identity)
    _, first, same = np.unique(identity, return_index=True, return_inverse=True)
    starts = np.concatenate([[0], ends])[:-1]
    size = len(first) + 1
    table = np.full((size, rc.NAME_WIDTH), -1, dtype=np.int32)
    full, initial = np.zeros(size, dtype=np.uint64), np.zeros(size, dtype=np.uint64)
    _lay(table, full, initial, starts[first], ends[first], words, heard_of, heard, bare.letters, bare.shape)
    out, start = [], 0
    for codes, wording in given:
        turned = np.append(same[start : start + len(wording)], -1).astype(np.int32)
        out.append(turned[codes])
        start += len(wording)
    if known:
        table.view(np.float32)[:, rc.RARITY] = known.look_up(known.names, known.name_rarity, full)
        word_rarity = known.look_up(known.words, known.word_rarity, heard)[heard_of] if len(heard_of) else _NO_WORDS
        return Names(table, full, initial, heard, word_rarity, heard_of, Texts.of(spelt), Texts.of(sounds)), out
    rows_of = sum((np.bincount(codes + 1, minlength=size)[1:] for codes in out), np.zeros(size - 1, dtype=np.int64))
    rows_of = np.append(rows_of, 0)
    table.view(np.float32)[:, rc.RARITY] = _full_rarity(full, rows_of)
    word_rarity = _word_rarity(table[:, rc.HEARD : rc.HEARD + rc.WORDS], rows_of, heard_of)
    return Names(table, full, initial, heard, word_rarity, heard_of, Texts.of(spelt), Texts.of(sounds)), out


@compiled
def _identities(ends: I64, words: I32, out: U64) -> None:
    """A number for each name that is the same for the same words in the same order."""
    start = 0
    for name in range(len(ends)):
        whole = np.uint64(0)
        for at in range(start, ends[name]):
            whole = scramble_one(whole ^ np.uint64(words[at]))
        out[name] = whole
        start = ends[name]


@compiled
def _lay(
    table: I32, full: U64, initial: U64, starts: I64, ends: I64, words: I32, heard_of: I32, heard: U64,
    letters: U8, shape: U64,
) -> None:
    """Fill the table of names: the first words that sound unlike one another, and the codes of the whole name.

    `starts[n]`, `ends[n]`: where the words of name n lie in `words`.
    """
    for name in range(len(ends)):
        kept, seen = 0, 0
        whole, three, spread = np.uint64(0), np.uint64(0), np.uint64(0)
        for at in range(starts[name], ends[name]):
            code = words[at]
            for letter in range(length_of(shape[code])):
                whole = scramble_one(whole ^ np.uint64(letters[code, letter]))
                seen += 1
                if seen == 3:
                    three = whole
            known = kept >= rc.WORDS
            for place in range(kept):
                known = known or table[name, rc.HEARD + place] == heard_of[code]
            if not known:
                table[name, rc.SPELT + kept] = code
                table[name, rc.HEARD + kept] = heard_of[code]
                kept += 1
                spread += scramble_one(heard[heard_of[code]])
        table[name, rc.JOINED] = np.int32(np.uint32(whole & np.uint64(0xFFFFFFFF)))
        table[name, rc.JOINED + 1] = np.int32(np.uint32(whole >> np.uint64(32)))
        initial[name] = three if seen >= 3 else whole
        full[name] = scramble_one(spread)


def _full_rarity(full: U64, rows_of: I64) -> F32:
    order = np.argsort(full, kind="stable")
    starts = np.flatnonzero(np.concatenate([[True], np.diff(full[order]) != 0]))
    total = np.empty(len(full), dtype=np.int64)
    total[order] = np.repeat(np.add.reduceat(rows_of[order], starts), np.diff(np.append(starts, len(full))))
    return np.asarray(-np.log(np.maximum(total, 1) / max(int(rows_of.sum()), 1)), dtype=np.float32)


def _word_rarity(heard: npt.NDArray[Any], rows_of: I64, heard_of: I32) -> F32:
    """-ln(share of rows that have a word of this sound), per word code."""
    size = int(heard_of.max()) + 1 if len(heard_of) else 1
    present = heard >= 0
    weights = np.broadcast_to(rows_of[:, None], heard.shape)[present]
    counts = np.bincount(heard[present], weights=weights, minlength=size)
    share = np.maximum(counts, 1) / max(int(rows_of.sum()), 1)
    return np.asarray(-np.log(share[heard_of]) if len(heard_of) else _NO_WORDS, dtype=np.float32)
