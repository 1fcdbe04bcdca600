"""Small cells are hidden, and no hidden one can be computed: judged by linear programming, which shares no code with the engine."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from selaras.engines.disclosure import open_cells, open_in_line, with_totals

LEAST = 5
tables = st.dictionaries(
    st.tuples(st.sampled_from("abcd"), st.sampled_from("uvwxy")),
    st.one_of(st.integers(0, 7), st.integers(0, 60)), min_size=1, max_size=20,
)  # fmt: skip


def ranges(table, shown):
    """What a reader can tell of each hidden figure from those shown: it is one or more, and the totals add up."""
    hidden = sorted((key for key, count in table.items() if key not in shown and count), key=str)
    place = {key: n for n, key in enumerate(hidden)}
    sums, rests = [], []
    lines = {(0, key[0]) for key in table} | {(1, key[1]) for key in table}
    for side, name in lines:
        line, rest = np.zeros(len(hidden)), 0
        for key, count in table.items():
            if key[side] != name:
                continue
            sign = -1 if key[1 - side] is None else 1
            if key in place:
                line[place[key]] += sign
            else:
                rest -= sign * count
        sums.append(line)
        rests.append(rest)
    for key, n in place.items():
        ends = []
        for sign in (1, -1):
            goal = np.zeros(len(hidden))
            goal[n] = sign
            found = linprog(goal, A_eq=np.array(sums), b_eq=rests, bounds=(1, None))
            ends.append(np.inf if found.status == 3 else sign * found.fun)
        yield key, *ends


@settings(max_examples=60, deadline=None)
@given(tables)
def test_no_hidden_figure_can_be_computed_and_each_small_one_may_be_large(counts):
    shown, table = open_cells(counts, LEAST), with_totals(counts)
    assert not any(0 < table[key] < LEAST for key in shown)
    for key, low, high in ranges(table, shown):
        assert high - low >= LEAST - 1 - 1e-6, key
        assert high >= LEAST - 1e-6, key


@settings(max_examples=30, deadline=None)
@given(tables, st.data())
def test_what_is_hidden_for_another_reason_cannot_be_computed_either(counts, data):
    table = with_totals(counts)
    also = data.draw(st.sets(st.sampled_from(sorted(table, key=str)), max_size=3))
    shown = open_cells(counts, LEAST, also)
    assert not {key for key in also if table[key]} & shown
    for key, low, high in ranges(table, shown):
        assert high - low >= LEAST - 1 - 1e-6, key


@given(tables)
def test_a_table_without_small_cells_is_shown_whole(counts):
    large = {key: count * LEAST for key, count in counts.items()}
    assert open_cells(large, LEAST) == set(with_totals(large))


def test_the_cheapest_ring_is_taken_and_totals_stay():
    counts = {("a", "u"): 2, ("a", "v"): 90, ("a", "w"): 8, ("b", "u"): 9, ("b", "v"): 80, ("b", "w"): 7}
    assert set(with_totals(counts)) - open_cells(counts, LEAST) == {("a", "u"), ("a", "w"), ("b", "u"), ("b", "w")}


@given(st.dictionaries(st.sampled_from("abcdefg"), st.integers(0, 12), min_size=1))
def test_a_line_never_hides_one_cell_alone_under_an_open_total(counts):
    shown, total = open_in_line(counts, LEAST)
    hidden = [counts[key] for key in counts if key not in shown]
    assert not any(0 < counts[key] < LEAST for key in shown)
    if total and hidden:
        assert max(hidden) >= LEAST and len(hidden) > 1
    assert bool(hidden) == any(0 < count < LEAST for count in counts.values())
