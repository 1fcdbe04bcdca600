"""Persons of whom no register has a row (officers entered them, or their rows were withdrawn): a run finds them again."""

import json
from collections.abc import Sequence
from typing import Any

import polars as pl
from django.db.models import Exists, OuterRef

from selaras.ground.act import as_job
from selaras.people.models import Identifier, Person
from selaras.reconcile.actions.linking.reading import CANONICAL, HEAD, mark_of
from selaras.reconcile.models import Record

SOURCE = "by_hand"
_NUMBERS = ("nik", "passport", "phone")
# So many persons at a time: a question that names a million ids is slower than all its answers.
_PAGE = 5_000


def persons_by_hand() -> pl.DataFrame:
    """Give them in the form of rows as `reading.read_rows` does, without a record; read a page at a time."""
    schema = HEAD | dict.fromkeys([f"said_{name}" for name in CANONICAL], pl.String) | {"cause": pl.String}
    pages = [pl.DataFrame(schema=schema)]
    with as_job("link"):
        rows_of = Record.objects.filter(person=OuterRef("pk"), withdrawn_at__isnull=True)
        alone = Person.objects.filter(merged_into__isnull=True).exclude(Exists(rows_of))
        ids = list(alone.order_by("id").values_list("id", flat=True))
        for start in range(0, len(ids), _PAGE):
            told = Person.objects.filter(id__in=ids[start : start + _PAGE]).order_by("id").values_list(
                "id", "name", "sex", "birth_date", "birth_precision", "birth_place", "mother", "home_area__name",
                "home_area__level", "home_area__parent__name", "home_area__parent__parent__name",
            )  # fmt: skip
            pages.append(pl.DataFrame(_rows(list(told)), schema=schema))
    return pl.concat(pages).with_columns(nobody_was=pl.lit(False))


def _rows(page: Sequence[tuple[Any, ...]]) -> list[dict[str, object]]:
    """Persons with their standing numbers, as rows of a register."""
    numbers: dict[object, dict[str, str]] = {}
    for person, kind, value in Identifier.objects.filter(
        person__in=[person for person, *_ in page], kind__in=_NUMBERS, until__isnull=True
    ).values_list("person_id", "kind", "value"):
        numbers.setdefault(person, {})[kind] = value
    rows: list[dict[str, object]] = []
    for person, name, sex, birth, precision, place, mother, area, level, above, higher in page:
        regency = {2: area, 3: above, 4: higher}.get(level)
        mine = {
            "name": name,
            "sex": sex,
            "birth_date": birth.isoformat() if birth and precision == "day" else None,
            "birth_place": place,
            "mother": mother,
            "regency": regency,
            "village": area if level == 4 else None,
            **numbers.get(person, {}),
        }
        head = {"rec": f"{SOURCE}:{person}", "source": SOURCE, "row_id": str(person), "person": str(person)}
        mark = mark_of(json.dumps(mine, sort_keys=True).encode())
        rows.append(head | {"mark": mark} | {f"said_{key}": value for key, value in mine.items()})
    return rows


def one_a_group(clusters: pl.DataFrame) -> pl.DataFrame:
    """Leave at most one such person in a group, and none in a group of them alone: two whom officers entered, officers merge.

    `clusters`: rec, cluster, valid, in the order of the rows.
    """
    mine = pl.col("rec").str.starts_with(f"{SOURCE}:")
    others = (~mine).sum().over("cluster")
    place = mine.cum_sum().over("cluster")
    apart = mine & ((others == 0) | (place > 1))
    return clusters.with_columns(cluster=pl.when(apart).then("rec").otherwise("cluster"))
