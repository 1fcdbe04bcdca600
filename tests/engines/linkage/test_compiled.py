"""What compiled loops give is what the library, or the plain rules for one value, give."""

import os
import subprocess
import sys

import numpy as np
import polars as pl
import pytest
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


@pytest.mark.parametrize("first", [0, 1], ids=["even", "odd"])
def test_no_pair_fills_more_places_than_a_square_table_has(first):
    """Without compiling, so that a write behind an array's end is an error and not silence."""
    source = f"""
import numpy as np
from selaras.engines.linkage.agglomerating import LARGEST_TABLE, agglomerate, connected
rows = 2 * LARGEST_TABLE
# Pairs of two new rows each, after one odd row, and at the end what ties them into one component.
couples = [(0, 1), (0, 2)][: 1 + {first}] + [(k, rows - k) for k in range(3, LARGEST_TABLE)]
ties = [(0, k) for k in range(3, LARGEST_TABLE)]
left, right = (np.array(side, dtype=np.int32) for side in zip(*couples, *ties))
weight = np.full(len(left), 20, dtype=np.float32)
label = agglomerate(connected(rows, left, right, weight), left, right, weight)
assert label[1] == 0
"""
    environment = os.environ | {"NUMBA_DISABLE_JIT": "1"}
    done = subprocess.run([sys.executable, "-c", source], env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


def test_a_chosen_folder_holds_machine_code_of_this_source_only(tmp_path):
    old = tmp_path / "compiled-of-another-version"
    old.mkdir()
    source = "from numba.core import config; from selaras.engines.linkage import compiled; print(config.CACHE_DIR)"
    environment = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", source], env=environment, capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() in {str(path) for path in tmp_path.glob("compiled-*")}, done.stderr
    assert not old.exists()


@given(st.integers(11, 97), st.integers(0, 10**14 - 1))
def test_a_lost_first_digit_is_seen(province, rest):
    nik = province * 10**14 + rest
    without = int(str(nik)[1:])
    if len(str(without)) == 15:
        assert one_lost(nik, without)


def test_texts_of_other_scripts_differ():
    texts = Texts.of(["王伟", "李娜", "WANG", "ÄÖ" * WIDTH])
    assert texts.letters[0].tolist() != texts.letters[1].tolist()
    assert (texts.letters[2, :4]).tobytes() == b"WANG"
    assert (texts.shape >> np.uint64(32)).tolist() == [2, 2, 4, WIDTH]
