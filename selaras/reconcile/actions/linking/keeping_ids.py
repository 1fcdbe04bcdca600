"""Keeps a person's id from run to run: a group of rows stays the person that most of its rows already are."""

import os
import time
from dataclasses import dataclass
from uuid import UUID

import polars as pl


@dataclass(frozen=True)
class Kept:
    """`rows`: rec, person (null for a row that is nobody), was. `gone`: person → the one who has all her rows now."""

    rows: pl.DataFrame
    new: int
    gone: dict[str, str]


def fresh_ids(count: int) -> list[str]:
    """Make UUIDv7 in bulk, in ascending order, so that the elder of two persons of one run is the same whoever asks."""
    head = int(time.time() * 1000) << 80
    made = []
    for at in range(0, count * 10, 10 * 65536):
        some = os.urandom(min(10 * 65536, count * 10 - at))
        for start in range(0, len(some), 10):
            tail = int.from_bytes(some[start : start + 10])
            # version 7 and the variant stand in fixed bits of the tail
            tail = (tail & ~(0xF << 76) | (7 << 76)) & ~(0b11 << 62) | (0b10 << 62)
            made.append(str(UUID(int=head | tail)))
    return sorted(made)


def keep_ids(rows: pl.DataFrame, clusters: pl.DataFrame) -> Kept:
    """Give each group of rows its person.

    `rows`: rec, person (as linked before, null for none). `clusters`: rec, cluster, valid. A person is given to the group
    with most of her rows; a group with rows of several persons takes the one with most rows in it. Among equals goes
    first the person of whom the larger part is in the group (so a row that moves does not take its old person along),
    then the elder person, then the group of the least row. A group without a person gets a new one.
    """
    both = clusters.join(rows.select("rec", was="person"), on="rec", how="left", maintain_order="left")
    valid = both.filter("valid")
    shared = (
        valid.filter(pl.col("was").is_not_null())
        .group_by("cluster", "was")
        .agg(n=pl.len())
        .with_columns(
            rivals=pl.len().over("was"), guests=pl.len().over("cluster"), part=pl.col("n") / pl.col("n").sum().over("was")
        )
    )
    plain = shared.filter((pl.col("rivals") == 1) & (pl.col("guests") == 1))
    taken = dict(plain.select("cluster", "was").iter_rows())
    given = set()
    contested = shared.filter((pl.col("rivals") > 1) | (pl.col("guests") > 1))
    for cluster, person in (
        contested.sort("n", "part", "was", "cluster", descending=[True, True, False, False])
        .select("cluster", "was")
        .iter_rows()
    ):
        if cluster not in taken and person not in given:
            taken[cluster] = person
            given.add(person)
    groups = valid["cluster"].unique(maintain_order=True)
    homeless = groups.filter(~groups.is_in(list(taken)))
    named = pl.DataFrame(
        {
            "cluster": [*taken, *homeless.to_list()],
            "person": [*taken.values(), *fresh_ids(len(homeless))],
        },
        schema={"cluster": pl.String, "person": pl.String},
    )
    out = both.join(named, on="cluster", how="left", maintain_order="left").select(
        "rec", "was", person=pl.when("valid").then("person")
    )
    return Kept(out, len(homeless), _gone(out))


def _gone(out: pl.DataFrame) -> dict[str, str]:
    """Persons of whom no row is left, and where most of their rows went."""
    left = out["was"].drop_nulls().unique()
    standing = out["person"].drop_nulls().unique()
    lost = left.filter(~left.is_in(standing.implode()))
    moved = out.filter(pl.col("was").is_in(lost.implode()) & pl.col("person").is_not_null())
    most = (
        moved.group_by("was", "person")
        .agg(n=pl.len())
        .sort("was", "n", "person", descending=[False, True, False])
        .unique("was", keep="first", maintain_order=True)
    )
    return dict(most.select("was", "person").iter_rows())
