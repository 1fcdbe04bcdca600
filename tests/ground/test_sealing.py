"""Values, files and roots: what was sealed opens in its place only, and whatever is altered, cut or moved does not."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selaras.engines.sealing import SealBroken, index_of, merkle_root, open_stream, open_value, seal_stream, seal_value
from selaras.engines.sealing.streams import CHUNK

KEY, OTHER = b"k" * 32, b"o" * 32


@given(st.binary(max_size=200), st.text(min_size=1, max_size=30))
def test_a_value_opens_in_its_place_only(plain: bytes, place: str):
    sealed = seal_value(plain, key_id=7, key=KEY, place=place)
    assert open_value(sealed, keys={7: KEY}, place=place) == plain
    for keys, where in (({7: KEY}, place + "x"), ({7: OTHER}, place), ({8: KEY}, place)):
        with pytest.raises(SealBroken):
            open_value(sealed, keys=keys, place=where)


@given(st.binary(min_size=1, max_size=60), st.data())
def test_one_altered_bit_breaks_the_seal(plain: bytes, data: st.DataObject):
    sealed = bytearray(seal_value(plain, key_id=1, key=KEY, place="t.c"))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(SealBroken):
        open_value(bytes(sealed), keys={1: KEY}, place="t.c")


def test_the_same_value_is_never_sealed_alike_and_always_indexed_alike():
    assert seal_value(b"x", key_id=1, key=KEY, place="p") != seal_value(b"x", key_id=1, key=KEY, place="p")
    assert index_of("nik", "3212", key=KEY) == index_of("nik", "3212", key=KEY)
    assert index_of("nik", "3212", key=KEY) != index_of("passport", "3212", key=KEY) != index_of("nik", "3212", key=OTHER)


def sealed_stream(plain: bytes, step: int) -> bytes:
    out = io.BytesIO()
    seal_stream((plain[i : i + step] for i in range(0, len(plain), step)), out, key_id=1, key=KEY)
    return out.getvalue()


@settings(max_examples=30, deadline=None)
@given(st.sampled_from([0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 17]), st.integers(1, 2 * CHUNK))
def test_a_stream_comes_back_whole_however_it_was_cut_into_parts(size: int, step: int):
    plain = bytes(i % 251 for i in range(size))
    assert b"".join(open_stream(io.BytesIO(sealed_stream(plain, step)), keys={1: KEY})) == plain


@pytest.mark.parametrize("change", ["cut", "chunk dropped", "chunks exchanged", "altered", "empty"])
def test_a_changed_stream_does_not_open(change: str):
    whole = sealed_stream(b"a" * (3 * CHUNK), CHUNK)
    head, size = 23, CHUNK + 16
    changed = {
        "cut": whole[:-size],
        "chunk dropped": whole[:head] + whole[head + size :],
        "chunks exchanged": whole[:head] + whole[head + size : head + 2 * size] + whole[head : head + size] + whole[head + 2 * size :],
        "altered": whole[:-1] + bytes([whole[-1] ^ 1]),
        "empty": b"",
    }[change]
    with pytest.raises(SealBroken):
        list(open_stream(io.BytesIO(changed), keys={1: KEY}))


@given(st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=40, unique=True), st.data())
def test_a_root_tells_changed_missing_and_reordered_leaves(leaves: list[bytes], data: st.DataObject):
    root = merkle_root(leaves)
    at = data.draw(st.integers(0, len(leaves) - 1))
    assert merkle_root(leaves[:at] + leaves[at + 1 :]) != root
    assert merkle_root([*leaves[:at], b"\x00" * 31 + b"\x01", *leaves[at + 1 :]]) != root
    if len(leaves) > 1:
        assert merkle_root(leaves[1:] + leaves[:1]) != root
