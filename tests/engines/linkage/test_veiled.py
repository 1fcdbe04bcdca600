"""Encoded registers: what leaves the house says nothing without the key, and is linked nearly as well as rows in clear."""

import hmac
import stat
import struct
from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.linkage.attack import with_the_key, without_the_key
from selaras.engines.linkage import link_files, register
from selaras.engines.linkage.columns import encode
from selaras.engines.linkage.numbers import BITS, packed_signs
from selaras.engines.linkage.veiled import slips
from selaras.engines.linkage.veiled.comparing import ALIKE, SLIP, similarity
from selaras.engines.linkage.veiled.encoding import encode_file, rules_id
from selaras.engines.linkage.veiled.keyed import BadKey, Key, keyed, make_key, read_key
from selaras.engines.linkage.veiled.opening import VeiledRefused, description, link_veiled, open_veiled, veiled_among
from selaras.engines.linkage.veiled.rows import VeiledRegister, together
from selaras.engines.linkage.veiled.scheme import AT, LONG, SHORT, WORDS, Domain
from selaras.engines.linkage.veiled.veiling import veil
from tests.engines.linkage.people import persons, rows_of, table

TODAY = date(2026, 11, 22)
SECRET = bytes(range(32))
WHOLE = st.integers(0, 2**64 - 1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Two registers of 400 persons, in clear and encoded, and both linkages."""
    out = tmp_path_factory.mktemp("veiled")
    people = persons(400, 7)
    for kind in "SP":
        table([r for p in people for r in rows_of(p, kind, 7)]).write_parquet(out / f"{kind}.parquet")
    key = make_key(out / "key")
    for kind in "SP":
        encode_file(out / f"{kind}.parquet", out / f"{kind}.veiled", key, today=TODAY, ids=out / f"{kind}.csv")
    link_files([out / "S.parquet", out / "P.parquet"], out / "clear", today=TODAY)
    link_veiled([out / "S.veiled", out / "P.veiled"], out / "linked")
    return out


def _ids(folder):
    return pl.concat([pl.read_csv(folder / f"{kind}.csv", infer_schema=False) for kind in "SP"])


def _f1(clusters):
    """Agreement of all pairs; the person's number is in the test rows' own ids."""
    rows = clusters.with_columns(person=pl.col("row_id").str.slice(1, 5))
    both, found, true = (
        sum(n * (n - 1) // 2 for n in rows.group_by(by).len()["len"]) for by in (["cluster_id", "person"], "cluster_id", "person")
    )  # fmt: skip
    return 2 * both / (found + true)


def veiled_rows(rows, secret=SECRET):
    """Rows of a table, veiled, in their order."""
    whole = register(table(rows), "t", "canonical")
    parts = list(veil(encode([whole]), Key.of(secret), np.arange(len(rows))))
    long, short, flags, grade = (
        np.concatenate([getattr(part, kind) for part in parts]) for kind in ("long", "short", "flags", "grade")
    )  # fmt: skip
    counted = whole.rows.select("row_id", "event", "country", "valid")
    return whole, together([VeiledRegister("t", counted, long, short, flags, grade, {}, {})])


@given(a=WHOLE, b=WHOLE, c=WHOLE, secret=st.binary(min_size=32, max_size=32))
@settings(max_examples=25)
def test_hashes_are_hmac_sha256(a, b, c, secret):
    said = hmac.digest(secret, struct.pack(">4Q", Domain.WORD, a, b, c), "sha256")
    one = [np.array([number], dtype=np.uint64) for number in (a, b, c)]
    assert int(keyed(Key.of(secret), Domain.WORD, *one)[0]) == int.from_bytes(said[:8], "big")


def test_a_key_is_for_its_owner_only(tmp_path):
    made = make_key(tmp_path / "key")
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
    assert read_key(tmp_path / "key").id == made.id != make_key(tmp_path / "other").id
    with pytest.raises(FileExistsError):
        make_key(tmp_path / "key")
    assert "inner" not in repr(made)


@pytest.mark.parametrize(
    ("content", "mode", "code"),
    [
        (None, 0o600, "key.missing"),
        ("hunter2\n", 0o600, "key.unreadable"),
        ("selaras-linkage-key-1 %%%\n", 0o600, "key.unreadable"),
        ("selaras-linkage-key-1 c2hvcnQ=\n", 0o600, "key.length"),
        ("selaras-linkage-key-1 c2hvcnQ=\n", 0o640, "key.open"),
    ],
)
def test_what_is_no_key_is_refused_without_being_told(tmp_path, content, mode, code):
    path = tmp_path / "key"
    if content is not None:
        path.write_text(content)
        path.chmod(mode)
    with pytest.raises(BadKey) as refused:
        read_key(path)
    assert str(refused.value) == code


def test_encoded_registers_are_linked_nearly_as_well_as_in_clear(folder):
    clear = pl.read_parquet(folder / "clear" / "clusters.parquet").rename({"rec_id": "row_id"})
    linked = pl.read_parquet(folder / "linked" / "clusters.parquet").join(_ids(folder), left_on="rec_id", right_on="id")
    assert linked.height == clear.height
    assert _f1(clear) > 0.97
    assert _f1(linked) > _f1(clear) - 0.02
    counts = [pl.read_csv(folder / kind / "headcount.csv")["expected"].sum() for kind in ("clear", "linked")]
    assert counts[1] == pytest.approx(counts[0], rel=0.02)


def test_no_word_number_or_order_of_the_register_leaves(folder):
    own = pl.read_parquet(folder / "S.parquet")
    shown = (folder / "S.veiled").read_bytes()
    given = pl.read_parquet(folder / "S.veiled")
    for field in (*LONG, *SHORT):
        shown += b"".join(given[field.name].to_list())
    for column in ("nik", "passport", "phone", "row_id"):
        assert not [text for text in own[column].to_list() if text.encode() in shown], column
    words = {word for column in ("name", "mother", "village") for text in own[column] for word in text.split()}
    assert not [word for word in words if len(word) > 4 and word.encode() in shown]
    ids = dict(_ids(folder).iter_rows())
    assert given["row_id"].to_list() == sorted(given["row_id"]) != [ids[row_id] for row_id in own["row_id"]]
    assert (given["event"] % 100 == 1).all()


def test_a_name_is_hashed_anew_with_each_birth_date():
    person = persons(1, 1)[0]
    rows = [rows_of(person, "S", 1)[0] | {"row_id": str(day), "birth_date": f"1990-01-{day:02}"} for day in range(14, 20)]
    _, v = veiled_rows(rows)
    for field in ("words", "mother", "birth_place", "home", "village", "letters", "joined", "start"):
        table_of = v.long if field in {f.name for f in LONG} else v.short
        assert len(np.unique(table_of[:, AT[field]])) == len(rows), field


def test_another_key_leaves_nothing_in_common():
    rows = [row for person in persons(20, 3) for row in rows_of(person, "S", 3)]
    one, two = (veiled_rows(rows, bytes([n]) * 32)[1] for n in (1, 2))
    for kind in ("long", "short"):
        a, b = (np.unique(getattr(v, kind)) for v in (one, two))
        # Filters of 64 bits may be alike by chance nowhere near as often as hashes; 32 bits are by one in millions.
        assert len(np.intersect1d(a[a > 0], b[b > 0])) == 0


def _places(a, b, salt_b=1):
    signs = packed_signs(pl.Series([a, b]))
    out = np.zeros((2, 11), dtype=np.uint32)
    slips.without_each(Key.of(SECRET), Domain.PASSPORT_SLIP, signs, BITS, np.array([1, salt_b], dtype=np.uint64), out)
    return slips.slip_place(out, 0, 10, 0, 1)


@given(number=st.text("0123456789", min_size=8, max_size=8), at=st.integers(0, 7), sign=st.sampled_from("0123456789"))
@settings(max_examples=60)
def test_a_slip_is_seen_in_the_hashes(number, at, sign):
    changed = number[:at] + sign + number[at + 1 :]
    if sign != number[at]:
        assert _places(number, changed) == at
        assert _places(number, changed, salt_b=2) == -1
    assert _places(number, number[:at] + number[at + 1 :]) == 10
    if at < 7 and number[at] != number[at + 1]:
        turned = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
        assert 0 <= _places(number, turned) <= at


def test_two_slips_are_too_many():
    assert _places("12345678", "92345671") == -1


def test_letter_pairs_tell_a_slip_from_another_name():
    row = rows_of(persons(1, 2)[0], "S", 2)[0]
    names = ["SITI NURHALIZAH", "SITI NURHALISAH WATI", "SITI NURHALIAH", "AGUS SETIAWAN"]
    _, v = veiled_rows([row | {"row_id": str(at), "name": name} for at, name in enumerate(names)])
    to_first = [similarity(v.long, 0, at) for at in range(4)]
    assert to_first[0] == pytest.approx(1)
    assert SLIP <= to_first[2] < 1
    assert to_first[3] < ALIKE


def test_keys_schemes_and_kinds_are_not_mixed(folder, tmp_path):
    encode_file(folder / "P.parquet", tmp_path / "other.veiled", make_key(tmp_path / "key"), today=TODAY)
    assert veiled_among([folder / "S.veiled", folder / "P.veiled"])
    assert not veiled_among([folder / "S.parquet", folder / "P.parquet"])
    with pytest.raises(VeiledRefused) as refused:
        link_veiled([folder / "S.veiled", tmp_path / "other.veiled"], tmp_path / "out")
    assert (refused.value.code, refused.value.params) == ("veiled.other_key", {"other": "S.veiled"})
    with pytest.raises(VeiledRefused, match="mixed"):
        veiled_among([folder / "S.veiled", folder / "P.parquet"])
    with pytest.raises(VeiledRefused, match="twice"):
        encode_file(folder / "S.veiled", tmp_path / "x", make_key(tmp_path / "key2"), today=TODAY)
    assert not (tmp_path / "out").exists()
    (tmp_path / "half.veiled").write_bytes((folder / "S.veiled").read_bytes()[:-9000])
    with pytest.raises(VeiledRefused, match="broken"):
        open_veiled(tmp_path / "half.veiled")


def test_a_file_says_what_made_it_and_not_with_what(folder):
    said = description(folder / "S.veiled")
    assert said["key"] == read_key(folder / "key").id and said["rules"] == rules_id()
    assert (folder / "key").read_text().split()[1].encode() not in (folder / "S.veiled").read_bytes()


def test_frequencies_tell_little_and_the_key_tells_all():
    """Bare hashes of names give their owners away; the encoding gives little more than the commonest name."""
    rng = np.random.default_rng(5)
    people = persons(1500, 5)
    # Few names, unevenly spread, as in a nation: the best case for whoever counts.
    pool = [person["name"] for person in people[:60]]
    weight = 1 / np.arange(1, 61)
    for person, name in zip(people, rng.choice(pool, len(people), p=weight / weight.sum()), strict=True):
        person["name"] = str(name)
    # Five homes for all would be five salts: here nobody tells hers.
    unsaid = {"nik": None, "regency": None, "birth_place": None, "village": None}
    whole, v = veiled_rows([rows_of(person, "S", 5)[0] | unsaid for person in people])
    found = without_the_key(whole, v, names=60)
    assert found["bare_hashes"] > 0.6
    assert found["frequencies"] < found["commonest_name"] + 0.1
    assert with_the_key(Key.of(SECRET), whole, v, sample=20, names=60) == 1


def test_no_row_without_a_date_tells_words_of_its_name():
    row = rows_of(persons(1, 9)[0], "S", 9)[0] | {"birth_date": None, "nik": None}
    _, v = veiled_rows([row])
    assert not v.long[0, AT["words"] : AT["words"] + WORDS].any()
    assert not v.long[0, AT["letters"] :].any()
