"""Deliveries to a standing linkage: the same answer as a full run with the same frozen model, nothing to read for a thief."""

import fcntl
import random
import struct
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selaras.engines.linkage import link, register
from selaras.engines.linkage.counting import headcount
from selaras.engines.linkage.standing import Builder, Busy, Damaged, Drifted, NoIndex, WrongKey, load, locked, wipe
from selaras.engines.linkage.standing import whole as standing_whole
from selaras.engines.linkage.standing.files import add_files, counted
from selaras.engines.linkage.standing.sealing import permuted, siphash_word
from tests.engines.linkage.people import table

KEY = b"a key of twenty bytes"
FIRST = ["SITI", "AHMAD", "BUDI", "DEWI", "SRI", "NUR", "AGUS", "EKO"]
LAST = ["AMINAH", "SANTOSO", "LESTARI", "HIDAYAT", "WATI", "RAHMAN"]
HOMES = ["CILACAP", "INDRAMAYU", "MALANG"]
TODAY = date(2026, 11, 22)


def crowd(count, seed):
    """Two registers of people of few names, dates and homes, so that many blocks stand at their caps."""
    rng = random.Random(seed)
    out = {"s": [], "p": []}
    for n in range(count):
        name = " ".join(rng.sample(FIRST, rng.choice([1, 1, 2])) + rng.sample(LAST, rng.choice([0, 1, 1, 2])))
        birth = f"19{rng.randint(88, 91)}-{rng.choice([1, 2]):02}-{rng.choice([1, 2, 3]):02}"
        nik = f"3302{rng.randint(1, 3):02}{birth[8:10]}{birth[5:7]}{birth[2:4]}{rng.randint(1, 40):04}"
        person = {
            "name": name, "birth_date": birth, "sex": rng.choice("LP"), "regency": rng.choice(HOMES),
            "birth_place": rng.choice(HOMES), "village": f"DESA{rng.randint(1, 4)}",
            "mother": f"{rng.choice(FIRST)} {rng.choice(LAST)}", "nik": nik if rng.random() < 0.6 else None,
            "passport": f"A{rng.randint(1000000, 1000000 + count)}" if rng.random() < 0.5 else None,
            "phone": f"08123{rng.randint(100000, 100000 + count // 2)}", "country": rng.choice(["TAIWAN", "MALAYSIA"]),
        }  # fmt: skip
        for kind in "sp":
            for copy in range(rng.choice([0, 1, 1, 2])):
                row = dict(person, row_id=f"{kind}{rng.choice([n, count * 9 - n]):05}{copy}{n}")
                row["event_date"] = f"{rng.randint(2012, 2024)}-01-{rng.randint(1, 28):02}"
                for column in ("mother", "village", "birth_place", "birth_date"):
                    if rng.random() < 0.15:
                        row[column] = None
                if rng.random() < 0.1:
                    row["name"] = row["name"][:-1]
                out[kind].append(row)
    return out


def altered(row, rng):
    return dict(row, **rng.choice([{"name": "SITI AMINAH"}, {"nik": None}, {"birth_date": "1990-01-01"}, {"phone": "081555666777"}]))


def write(folder, rows, name):
    table(rows).write_parquet(folder / f"{name}.parquet")
    return folder / f"{name}.parquet"


def built(folder, base):
    registers = [register(table(rows), name) for name, rows in base.items()]
    with locked(folder):
        builder = Builder(folder, KEY)
        for one in registers:
            builder.register(one)
        return link(registers, keep=builder.keep)


def whole(folder, final):
    """A full run of the rows with the model and the statistics that the index froze."""
    index, _ = load(folder, KEY)
    registers = [register(table(rows), name, crowd=index.statistics.crowds[name]) for name, rows in final.items()]
    return registers, link(registers, model=index.model, statistics=index.statistics)


def days(seed, count=350, batches=2):
    """A base, deliveries (rows by register, withdrawn ids by register), and what stands after each."""
    rng = random.Random(seed)
    base, new = {}, {}
    for name, rows in crowd(count, seed).items():
        picked = [rng.random() < 0.1 for _ in rows]
        base[name] = [row for row, away in zip(rows, picked, strict=True) if not away]
        new[name] = [row for row, away in zip(rows, picked, strict=True) if away]
    stands, deliveries = base, []
    for batch in range(batches):
        come, gone = {}, {}
        for name, rows in stands.items():
            chosen = rng.sample(rows, len(rows) // 15)
            gone[name] = [row["row_id"] for row in chosen[::3]]
            come[name] = new[name][batch::batches] + [altered(row, rng) for at, row in enumerate(chosen) if at % 3]
        stands = applied(stands, come, gone)
        deliveries.append((come, gone, stands))
    return base, deliveries


def applied(stands, come, gone):
    """Updates in place, withdrawn rows out, new rows at the end."""
    after = {}
    for name, rows in stands.items():
        update = {row["row_id"]: row for row in come[name]}
        known = {row["row_id"] for row in rows}
        after[name] = [update.get(r["row_id"], r) for r in rows if r["row_id"] not in gone[name]]
        after[name] += [row for row in come[name] if row["row_id"] not in known]
    return after


def deliver(tmp, folder, come, gone, out="out", count=False):
    lines = [f"{name},{row_id}" for name, ids in gone.items() for row_id in ids]
    (tmp / "gone.csv").write_text("\n".join(["register,row_id", *lines]) + "\n")
    names = [name for name, rows in come.items() if rows]
    paths = [write(tmp, come[name], name) for name in names]
    return add_files(paths, folder, tmp / out, KEY, withdrawn=tmp / "gone.csv" if lines else None, count=count, today=TODAY)


def persons(folder):
    index, _ = load(folder, KEY)
    rows = index.ranked(np.flatnonzero(~index.away).astype(np.int32))
    frame = pl.DataFrame({"rec_id": index.row_ids(rows), "label": index.label[rows]})
    return frame.select("rec_id", cluster_id=pl.col("rec_id").min().over("label"))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_delivery_gives_what_a_full_run_with_the_same_model_gives(tmp_path, seed):
    base, deliveries = days(seed)
    first = built(tmp_path / "index", base)
    registers, again = whole(tmp_path / "index", base)
    assert again.clusters.equals(first.clusters) and again.pairs.equals(first.pairs)
    lost = 0
    for come, gone, stands in deliveries:
        taken = deliver(tmp_path, tmp_path / "index", come, gone, count=True)
        registers, full = whole(tmp_path / "index", stands)
        assert persons(tmp_path / "index").equals(full.clusters.select("rec_id", "cluster_id"))
        index = taken.index
        assert len(index.graph.around(np.arange(len(index), dtype=np.int32))) == full.run["counts"]["candidates"]
        changed = taken.clusters["rec_id"].implode()
        assert taken.clusters.sort("rec_id").equals(full.clusters.filter(pl.col("rec_id").is_in(changed)).sort("rec_id"))
        either = pl.col("left").is_in(changed) | pl.col("right").is_in(changed)
        # Which pairs are asked about is a queue of each run's own.
        mine, theirs = (t.drop("decision").sort("left", "right") for t in (taken.pairs, full.pairs.filter(either)))
        assert mine.equals(theirs) and len(mine) > 100
        lost += taken.run["counts"]["pairs_gone"]
        assert counted(index).equals(headcount(registers, full))
        assert pl.read_csv(tmp_path / "out" / "headcount.csv").height == headcount(registers, full).height
    assert lost > 50


def test_how_a_delivery_is_split_does_not_matter_and_twice_is_once(tmp_path):
    base, [(come, _, _)] = days(5, batches=1)
    nothing = {name: [] for name in base}
    for folder, parts in (("whole", 1), ("split", 3)):
        built(tmp_path / folder, base)
        for at in range(parts):
            day = {name: rows[len(rows) * at // parts : len(rows) * (at + 1) // parts] for name, rows in come.items()}
            deliver(tmp_path, tmp_path / folder, day, nothing)
    assert persons(tmp_path / "whole").sort("rec_id").equals(persons(tmp_path / "split").sort("rec_id"))
    again = deliver(tmp_path, tmp_path / "whole", come, nothing)
    assert again.clusters.is_empty() and again.pairs.is_empty() and again.events.is_empty()
    assert again.run["counts"]["unchanged"] == sum(map(len, come.values()))


def test_a_row_that_is_delivered_again_and_again_stays_one_person(tmp_path):
    base = days(4)[0]
    name = next(iter(base))
    copies = [base[name][0] | {"row_id": f"C{at:03}"} for at in range(60)]
    base[name] = base[name] + copies[:8]
    folder = tmp_path / "index"
    built(folder, base)
    stands = base
    for come, gone in ((copies[8:60], []), ([], ["C000", "C031"])):
        changes = {other: [] for other in base} | {name: come}, {other: [] for other in base} | {name: gone}
        deliver(tmp_path, folder, *changes)
        stands = applied(stands, *changes)
        full = whole(folder, stands)[1].clusters.select("rec_id", "cluster_id").sort("rec_id")
        assert persons(folder).sort("rec_id").equals(full)
        assert full.filter(pl.col("rec_id").str.starts_with("C"))["cluster_id"].n_unique() == 1


def expected_events(before, after):
    """Events by the plain rule, from row → person."""
    pairs = {(before.get(row), after.get(row)) for row in {*before, *after}}
    olds = {new: {a for a, b in pairs if b == new and a} for _, new in pairs if new}
    news = {old: {b for a, b in pairs if a == old and b} for old, _ in pairs if old}
    expected = {("new", None, new) for new, had in olds.items() if not had}
    expected |= {("gone", old, None) for old, left in news.items() if not left}
    expected |= {("merged", old, new) for new, had in olds.items() if len(had) > 1 for old in had}
    expected |= {("split", old, new) for old, left in news.items() if len(left) > 1 for new in left}
    expected |= {
        ("renamed", old, new) for old, left in news.items() for new in left if old != new and len(left) == len(olds[new]) == 1
    }
    return expected


def test_events_tell_what_became_of_each_person(tmp_path):
    base, deliveries = days(4)
    built(tmp_path / "index", base)
    for come, gone, _ in deliveries:
        before = dict(persons(tmp_path / "index").iter_rows())
        events = deliver(tmp_path, tmp_path / "index", come, gone).events
        after = dict(persons(tmp_path / "index").iter_rows())
        assert set(events.iter_rows()) == expected_events(before, after)
        assert {"new", "renamed"} <= set(events["event"])


def test_a_new_model_tells_what_it_makes_of_the_persons_that_stood(tmp_path):
    base, deliveries = days(4)
    built(tmp_path / "index", base)
    before = dict(persons(tmp_path / "index").iter_rows())
    with locked(tmp_path / "index"):
        registers = [register(table(rows), name) for name, rows in deliveries[-1][2].items()]
        builder = Builder(tmp_path / "index", KEY)
        for one in registers:
            builder.register(one)
        linkage = link(registers, keep=builder.keep)
    events = builder.events(linkage)
    after = dict(linkage.clusters.select("rec_id", "cluster_id").iter_rows())
    assert dict(persons(tmp_path / "index").iter_rows()) == after
    assert set(events.iter_rows()) == expected_events(before, after)
    assert {"new", "gone", "merged", "split"} <= set(events["event"])


def test_a_thief_of_the_folder_reads_no_number_name_or_date_and_nobody_else_may_enter(tmp_path):
    base, [(come, gone, _)] = days(6, batches=1)
    base["s"][0]["name"], base["s"][0]["nik"] = "ZULKARNAINI", "3302014101900039"
    built(tmp_path / "index", base)
    deliver(tmp_path, tmp_path / "index", come, gone)
    everything = b"".join(path.read_bytes() for path in (tmp_path / "index").rglob("*") if path.is_file())
    row = base["s"][0]
    for secret in (
        b"ZULKARNAINI", row["nik"].encode(), struct.pack("<q", int(row["nik"])), struct.pack("<i", 19900101),
        row["row_id"].encode(), struct.pack("<q", 3302014101900039 // 10), b"CILACAP",
    ):  # fmt: skip
        assert secret not in everything
    assert (tmp_path / "index").stat().st_mode & 0o777 == 0o700
    for path in (tmp_path / "index").rglob("*"):
        assert path.stat().st_mode & 0o077 == 0
    with pytest.raises(WrongKey):
        load(tmp_path / "index", b"another key of twenty")
    wipe(tmp_path / "index")
    assert not (tmp_path / "index").exists()
    with pytest.raises(NoIndex):
        load(tmp_path / "index", KEY)


def test_a_killed_writer_leaves_the_old_generation_and_two_at_once_are_refused(tmp_path, monkeypatch):
    base, [(come, gone, _)] = days(7, batches=1)
    built(tmp_path / "index", base)
    before = persons(tmp_path / "index")
    monkeypatch.setattr("selaras.engines.linkage.standing.folder.os.replace", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        deliver(tmp_path, tmp_path / "index", come, gone)
    monkeypatch.undo()
    assert persons(tmp_path / "index").equals(before)
    with open(tmp_path / "index" / "lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(Busy):
            deliver(tmp_path, tmp_path / "index", come, gone)
    taken = deliver(tmp_path, tmp_path / "index", come, gone)
    assert taken.run["counts"]["new"] > 0 and not persons(tmp_path / "index").equals(before)
    kept = {path.name for path in (tmp_path / "index").iterdir()}
    assert {"CURRENT", "lock", "base-1", "state-2"} <= kept and "state-1" not in kept and ".CURRENT" not in kept


def test_what_an_index_cannot_be_made_of_or_given_is_refused(tmp_path):
    base, [(come, _, _)] = days(8, count=60, batches=1)
    with pytest.raises(ValueError, match="twice"):
        built(tmp_path / "index", {"s": [*base["s"], base["s"][0]]})
    with pytest.raises(ValueError, match="no rows"):
        built(tmp_path / "index", {"s": base["s"], "p": []})
    with pytest.raises(NoIndex):
        load(tmp_path / "index", KEY)
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "to_her.txt").write_text("dear")
    with pytest.raises(NoIndex, match="other files"):
        built(tmp_path / "letters", base)
    assert (tmp_path / "letters" / "to_her.txt").read_text() == "dear"
    built(tmp_path / "index", base)
    nothing = {name: [] for name in base}
    with pytest.raises(ValueError, match="knows no register x"):
        deliver(tmp_path, tmp_path / "index", {"x": come["s"]}, nothing)
    with pytest.raises(ValueError, match="at once"):
        deliver(tmp_path, tmp_path / "index", {"s": base["s"][:1]}, {"s": [base["s"][0]["row_id"]]})
    with pytest.raises(ValueError, match="16 bytes"):
        load(tmp_path / "index", b"short")
    manifest = Path(tmp_path / "index" / "CURRENT")
    manifest.write_text(manifest.read_text().replace('"generation": 1', '"generation": 9'))
    with pytest.raises(WrongKey):
        load(tmp_path / "index", KEY)


def test_siphash_gives_its_published_vector():
    key = np.frombuffer(bytes(range(16)), dtype=np.uint64)
    assert int(siphash_word(np.uint64(0x0706050403020100), key[0], key[1])) == 0x93F5F5799A932462


@given(width=st.integers(2, 12), section=st.integers(0, 47), key=st.binary(min_size=16, max_size=16))
@settings(max_examples=30, deadline=None)
def test_block_values_are_exchanged_one_for_one(width, section, key):
    values = np.arange(1 << width, dtype=np.uint64)
    out = permuted(values, width, section, np.frombuffer(key, dtype=np.uint64))
    assert np.array_equal(np.sort(out), values)

def test_everybody_anew_from_the_pairs_at_rest_is_a_full_run_with_verdicts(tmp_path):
    base, deliveries = days(5, count=200, batches=1)
    come, gone, stands = deliveries[0]
    folder = tmp_path / "index"
    registers = [register(table(rows), name) for name, rows in base.items()]
    first = link(registers)
    said = _verdicts(first)
    with locked(folder):
        builder = Builder(folder, KEY)
        for one in registers:
            builder.register(one)
        link(registers, said, keep=builder.keep)
    deliver(tmp_path, folder, come, gone)
    index, _ = load(folder, KEY)
    given, full = whole(folder, stands)
    here = {row["row_id"] for rows in stands.values() for row in rows}
    judged = [pair for pair in said if pair[0] in here and pair[1] in here]
    judged += [(stands["s"][0]["row_id"], stands["p"][-1]["row_id"], "same")]
    full = link(given, judged, model=index.model, statistics=index.statistics)
    found = standing_whole(index, {r.source: r.rows["row_id"] for r in given}, judged)
    assert found.linkage.clusters.equals(full.clusters)
    assert found.detailed(np.arange(len(full.pairs))).equals(full.pairs)
    assert headcount(found.registers, found.linkage).equals(headcount(given, full))
    assert found.linkage.drawable.equals(full.drawable)
    with pytest.raises(Drifted):
        standing_whole(index, {r.source: r.rows["row_id"][1:] for r in given})


def _verdicts(linkage):
    """Against the model: links that people call different, doubts that they call the same."""
    links = linkage.pairs.filter(pl.col("decision") == "link").tail(12)
    apart = linkage.pairs.filter(pl.col("decision") == "no").head(12)
    return [(a, b, "different") for a, b in links.select("left", "right").rows()] + [
        (a, b, "same") for a, b in apart.select("left", "right").rows()
    ]


def test_a_file_that_is_cut_short_is_seen_before_it_is_read(tmp_path):
    folder = tmp_path / "index"
    built(folder, days(1, count=40, batches=1)[0])
    blocks = next(folder.glob("base-*/blocks.raw"))
    blocks.write_bytes(blocks.read_bytes()[:-8])
    with pytest.raises(Damaged):
        load(folder, KEY)
