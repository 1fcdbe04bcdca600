"""The small steps of a standing linkage, each against the plain way to do it."""

import os
import signal
import subprocess
import sys
from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from selaras.engines.linkage.agglomerating import connected
from selaras.engines.linkage.standing.blocks import _pairs
from selaras.engines.linkage.standing.graph import Graph, Pairs, none, starts_of
from selaras.engines.linkage.standing.sets import among, places_in
from selaras.engines.linkage.standing.tying import same_component
from tests.engines.linkage.test_standing import KEY, built, days, deliver, persons, write

ROWS = 14
numbers = st.lists(st.integers(0, 60), max_size=40)
weighed = st.dictionaries(
    st.tuples(st.integers(0, ROWS - 1), st.integers(0, ROWS - 1)).filter(lambda pair: pair[0] < pair[1]),
    st.sampled_from([-3.0, 2.0]), max_size=22,
)  # fmt: skip

# Adds a delivery and stops where its rows and its state are written, but no generation names them.
ADDS = """
import sys, time
from datetime import date
from pathlib import Path
from selaras.engines.linkage.standing import files
def waits(*_):
    print("written", flush=True)
    time.sleep(60)
files.commit = waits
files.add_files([Path(sys.argv[1])], Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4].encode(), today=date(2026, 11, 22))
"""


def pairs_of(weights):
    coded = sorted(weights.items())
    left, right = (np.array([pair[at] for pair, _ in coded], dtype=np.int32) for at in (0, 1))
    weight = np.array([weight for _, weight in coded], dtype=np.float32)
    return Pairs(left, right, np.ones(len(coded), dtype=np.uint16), weight)


def graph_of(weights, rows=ROWS):
    base = pairs_of(weights)
    by_right = np.argsort(base.right, kind="stable").astype(np.int32)
    return Graph(
        base, starts_of(base.left, rows), starts_of(base.right, rows), by_right, np.zeros(0, dtype=np.int64), none()
    )  # fmt: skip


@given(st.lists(st.integers(0, 60), unique=True, max_size=40), numbers)
def test_numbers_are_found_in_a_set_whatever_their_order(known, asked):
    held, wanted = np.array(known, dtype=np.int64), np.array(asked, dtype=np.int64)
    assert among(np.sort(held), wanted).tolist() == [number in known for number in asked]
    assert among(np.sort(held), np.sort(wanted)).tolist() == [number in known for number in sorted(asked)]
    assert places_in(held, wanted).tolist() == [known.index(number) if number in known else -1 for number in asked]


@given(weighed, weighed, st.data())
@settings(deadline=None)
def test_links_are_followed_through_what_was_there_came_and_went(base, come, data):
    gone = data.draw(st.sets(st.sampled_from(sorted(base)))) if base else set()
    gone -= set(come)
    codes = np.array(sorted(a << 32 | b for a, b in gone), dtype=np.uint64)
    graph = graph_of(base).changed(codes, pairs_of(come))
    stands = {pair: weight for pair, weight in (base | come).items() if pair not in gone}
    now = pairs_of(stands)
    root = connected(ROWS, now.left, now.right, now.weight)
    asked = np.array(list(combinations(range(ROWS), 2)), dtype=np.int32)
    left, right = asked[:, 0].copy(), asked[:, 1].copy()
    assert same_component(graph, left, right).tolist() == (root[left] == root[right]).tolist()
    known = graph.weights(left.astype(np.uint64) << np.uint64(32) | right.astype(np.uint64))
    assert known.tolist() == [stands.get((a, b), -np.inf) for a, b in asked.tolist()]


def test_a_pair_at_a_component_of_many_rows_counts_as_inside():
    graph = graph_of({(at, at + 1): 2.0 for at in range(98)}, 100)
    left, right = np.array([0, 0, 99], dtype=np.int32), np.array([98, 99, 0], dtype=np.int32)
    # Nobody follows a hundred rows to see that the last one hangs on none of them, but from that one it is seen at once.
    assert same_component(graph, left, right).tolist() == [True, True, False]


@given(st.lists(st.integers(1, 90), max_size=4), st.integers(0, 5), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=60)
def test_pairs_of_blocks_are_those_within_reach_in_the_order_of_rows(sizes, window, chance):
    source = np.array([chance.randint(0, 2) for _ in range(200)], dtype=np.uint16)
    blocks = [sorted(chance.sample(range(200), size)) for size in sizes]
    reach = np.array([size if size <= 10 else window for size in sizes], dtype=np.int64)
    entries = np.array([at << 32 | row for at, rows in enumerate(blocks) for row in rows], dtype=np.uint64)
    asked = np.array([chance.random() < 0.3 for _ in entries], dtype=bool)
    wanted = dict(zip(entries.tolist(), asked.tolist(), strict=True))

    def rank(rows):
        return source[rows].astype(np.int64) << 32 | rows

    expected = []
    for at, rows in enumerate(blocks):
        ordered = sorted(rows, key=lambda row: (source[row], row))
        for place, row in enumerate(ordered):
            for other in ordered[place + 1 : place + int(reach[at])]:
                if wanted[at << 32 | row] or wanted[at << 32 | other]:
                    expected.append(row << 32 | other)
    assert sorted(_pairs(entries, reach, rank, asked).tolist()) == sorted(expected)


def test_a_writer_killed_outright_leaves_the_old_generation_and_the_next_one_clears_up(tmp_path):
    base, [(come, gone, _)] = days(9, count=120, batches=1)
    folder = tmp_path / "index"
    built(folder, base)
    before = persons(folder)
    path = write(tmp_path, come["s"], "s")
    command = [sys.executable, "-c", ADDS, str(path), str(folder), str(tmp_path / "killed"), KEY.decode()]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=os.environ) as adds:
        assert adds.stdout.readline() == b"written\n"
        assert (folder / "state-2" / "label.npy").exists() and (folder / "rows-2-0").exists()
        adds.send_signal(signal.SIGKILL)
    assert persons(folder).equals(before)
    taken = deliver(tmp_path, folder, come, gone)
    assert taken.run["counts"]["new"] > 0 and not persons(folder).equals(before)
    assert "state-1" not in {one.name for one in folder.iterdir()}
