"""What compiled loops give is what the library, or the plain rules for one value, give."""

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from selaras.engines.linkage.agglomerating import LARGEST_TABLE, agglomerate, connected
from selaras.engines.linkage.comparing_numbers import a_slip_apart, one_lost, one_sign_lost
from selaras.engines.linkage.numbers import BITS, packed_signs
from selaras.engines.linkage.sounding import consonants_of, sounds_of
from selaras.engines.linkage.spelling import consonants, sound
from selaras.engines.linkage.texts import WIDTH, Texts, begins, edits

FEW_LETTERS = st.text("ABCD", max_size=9)
DIGITS = st.text("0123456789", min_size=6, max_size=10)


@given(FEW_LETTERS, FEW_LETTERS)
def test_edits_are_those_of_the_library(one, two):
    texts = Texts.of([one, two])
    for most in (1, 2):
        found = edits(texts.letters, 0, len(one), texts.letters, 1, len(two), most)
        assert found == min(OSA.distance(one, two), most + 1)


@given(st.text("AB", max_size=WIDTH), st.text("AB", max_size=WIDTH))
def test_a_text_begins_another(one, two):
    texts = Texts.of([one, two])
    short, long = sorted((one, two), key=len)
    assert begins(texts.letters, texts.shape, 0, 1) == ((len(short) == 1 or len(short) >= 3) and long.startswith(short))


@given(st.lists(st.text("ABCDEGHIJKNORSTUYZ", min_size=1, max_size=9) | st.text(min_size=1, max_size=4), max_size=8))
def test_a_column_of_words_sounds_as_single_words_do(words):
    column = pl.Series(words, dtype=pl.String)
    sounds = sounds_of(column)
    assert sounds.to_list() == [sound(word) for word in words]
    assert consonants_of(column, sounds).to_list() == [consonants(word) for word in words]


@given(DIGITS, st.data())
def test_a_slip_of_one_sign_is_seen_and_two_are_not(text, data):
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from([d for d in "0123456789" if d != text[at]]))
    slipped = text[:at] + other + text[at + 1 :]
    one, two = packed_signs(pl.Series([text, slipped]))
    assert a_slip_apart(one, two, BITS, 0)
    assert a_slip_apart(one, two, BITS, len(text) - at) is False
    far = data.draw(st.sampled_from([p for p in range(len(text)) if abs(p - at) > 1]))
    twice = slipped[:far] + ("5" if slipped[far] != "5" else "6") + slipped[far + 1 :]
    three = packed_signs(pl.Series([twice]))[0]
    assert not a_slip_apart(one, three, BITS, 0)


@given(DIGITS, st.data())
def test_exchanged_neighbours_are_one_slip(text, data):
    at = data.draw(st.integers(0, len(text) - 2))
    exchanged = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    if exchanged != text:
        one, two = packed_signs(pl.Series([text, exchanged]))
        assert a_slip_apart(one, two, BITS, 0)


@given(DIGITS, st.data())
def test_a_lost_sign_is_seen(text, data):
    at = data.draw(st.integers(0, len(text) - 1))
    shorter = text[:at] + text[at + 1 :]
    one, two = packed_signs(pl.Series([text, shorter]))
    assert one_sign_lost(one, two, BITS)
    long, short = int("1" + text), int("1" + shorter)
    assert one_lost(long, short)
    assert one_lost(long, long) is False
    assert one_lost(long * 100 + 11, short) is False


@given(st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11), st.floats(-6, 6, width=16)), max_size=40))
def test_a_square_table_and_a_heap_settle_alike(pairs):
    distinct = {(min(a, b), max(a, b)): w for a, b, w in pairs if a != b and w}
    left = np.array([a for a, _ in distinct], dtype=np.int32)
    right = np.array([b for _, b in distinct], dtype=np.int32)
    # Ties are settled by whoever comes first; weights apart leave none.
    weight = np.array([w + 1e-3 * at for at, w in enumerate(distinct.values())], dtype=np.float32)
    small = agglomerate(connected(12, left, right, weight), left, right, weight)
    # The same rows behind a crowd that is too large for a table.
    crowd = np.arange(12, 12 + LARGEST_TABLE + 2, dtype=np.int32)
    many_left = np.concatenate([left, crowd[:-1]])
    many_right = np.concatenate([right, crowd[1:]])
    many_weight = np.concatenate([weight, np.full(len(crowd) - 1, 20, dtype=np.float32)])
    rows = 12 + len(crowd)
    together = agglomerate(connected(rows, many_left, many_right, many_weight), many_left, many_right, many_weight)
    assert together[:12].tolist() == small.tolist()
    assert (small <= np.arange(12)).all()
    assert (small[small] == small).all()
