"""Statements that the ORM writes once: composing and compiling one costs Django several times what PostgreSQL needs to answer it.

A `Question` is a queryset made from values; `insert` writes rows. At its first use the ORM composes and compiles the statement, with
marks in the place of a question's values; afterwards the same statement runs with the values of the day. Both locks stay as they
are: the scoped managers make the statement (the codes of the reach are values like all others, read from the acting actor each
time), and the database has its policies. It is for look-ups by key that nearly every request makes.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import connection, connections, models
from django.db.models.constants import OnConflict
from django.db.models.expressions import DatabaseDefault
from django.db.models.sql import InsertQuery

from selaras.ground.scope import _current

Asking = Callable[..., "models.QuerySet[Any, Any]"]


class _Text(str):
    __slots__ = ()


class _Id(UUID):
    __slots__ = ()


class _Moment(dt.datetime):
    __slots__ = ()


class _Day(dt.date):
    __slots__ = ()


def _mark(value: object, number: int) -> object:
    """Make a value of the same kind that is known again in the statement: by what it is, a whole number by its size."""
    if value is None:
        return None  # whatever is not asked; the statement is made without it
    if isinstance(value, str):
        return _Text(f"mark {number:06d}")
    if isinstance(value, UUID):
        return _Id(int=number)
    if isinstance(value, dt.datetime):
        return _Moment(2000, 1, 1, tzinfo=dt.UTC)
    if isinstance(value, dt.date):
        return _Day(2000, 1, 1)
    if isinstance(value, int):
        return -(2**62) - number
    raise TypeError(f"a question takes no {type(value).__name__}")


def _flat(values: Sequence[object]) -> Iterator[object]:
    for value in values:
        if isinstance(value, list):
            yield from value
        else:
            yield value


class _Compiled:
    """One statement: its text, where each value goes, and how the columns of its answer are read."""

    def __init__(self, rows: "models.QuerySet[Any, Any]", marks: list[object], codes: list[str]) -> None:
        if getattr(rows.model._default_manager, "reads_reach", False):
            raise ValueError(f"the rows of {rows.model.__name__} are another statement for each reach")
        compiler: Any = rows.query.get_compiler(connection=connection)
        self.sql, params = compiler.as_sql()
        at = {id(mark): n for n, mark in enumerate([*marks, *codes]) if not isinstance(mark, int | None)}
        numbers = {mark: n for n, mark in enumerate(marks) if isinstance(mark, int)}
        # A whole number comes wrapped in the width of its column: so must the values, or each size is a statement of its own.
        self.order = [(numbers.get(p, -1) if isinstance(p, int) else at.get(id(p), -1), p) for p in params]
        self.widths = {n: type(p) for n, p in self.order if n >= 0 and isinstance(p, int)}
        used = {n for n, _ in self.order}
        # a table without a reach has no place for its codes; one that has must hold them all
        wanted = {n for n, mark in enumerate(marks) if mark is not None}
        if any(n >= len(marks) for n in used):
            wanted.update(range(len(marks), len(marks) + len(codes)))
        if not used >= wanted:
            raise ValueError("the statement does not hold each of its values")
        columns = [column for column, _, _ in compiler.select][: compiler.col_count]
        self.converters = list(compiler.get_converters(columns).items())
        self.model, info = rows.model, compiler.klass_info
        if info and info.get("related_klass_infos"):
            raise ValueError("a question gives the rows of one table, or values")
        self.fields = [columns[n].target.attname for n in info["select_fields"]] if info else []

    def run(self, values: list[Any]) -> list[tuple[Any, ...]]:
        for n, width in self.widths.items():
            values[n] = width(values[n])
        using = connections["default"]
        with using.cursor() as cursor:
            cursor.execute(self.sql, [fixed if n < 0 else values[n] for n, fixed in self.order])
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return [self._read(row) for row in rows] if self.converters else rows

    def _read(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        read = list(row)
        for n, (converters, expression) in self.converters:
            for convert in converters:
                read[n] = convert(read[n], expression, connection)
        return tuple(read)


class Question:
    """A queryset over given values, compiled once for each shape of them; a list's length is part of the shape.

    Values are texts, ids, moments, days, whole numbers, None, and lists of these that hold one at least. A manager that looks at what
    the codes of the reach are, and not only hands them on, says so by `reads_reach`, and is refused.
    """

    def __init__(self, ask: Asking) -> None:
        self._ask = ask
        self._known: dict[tuple[object, ...], _Compiled] = {}

    def _statement(self, values: tuple[object, ...]) -> tuple[_Compiled, list[Any]]:
        actor = _current.get()
        codes = sorted(actor.reach) if actor is not None and not actor.national else []
        kinds = tuple((type(v[0]), len(v)) if isinstance(v, list) else type(v) for v in values)
        shape = (actor is None, actor is not None and actor.national, len(codes), *kinds)
        known = self._known.get(shape)
        if known is None:
            known = self._known[shape] = self._compile(values, len(codes))
        return known, [*_flat(values), *codes]

    def _compile(self, values: tuple[object, ...], count: int) -> _Compiled:
        marks = [_mark(value, n) for n, value in enumerate(_flat(values))]
        left = iter(marks)
        asked = [[next(left) for _ in v] if isinstance(v, list) else next(left) for v in values]
        codes = [_Text(f"reach {n:06d}") for n in range(count)]
        actor = _current.get()
        # The database is not told of these codes: nothing is asked of it here.
        token = _current.set(replace(actor, reach=frozenset(codes)) if actor is not None and codes else actor)
        try:
            return _Compiled(self._ask(*asked), marks, list(codes))
        finally:
            _current.reset(token)

    def rows(self, *values: object) -> list[tuple[Any, ...]]:
        """Give the values of every row that is found."""
        statement, flat = self._statement(values)
        return statement.run(flat)

    def first(self, *values: object) -> tuple[Any, ...] | None:
        """Give the values of the first row, None when there is none."""
        found = self.rows(*values)
        return found[0] if found else None

    def objects(self, *values: object) -> list[Any]:
        """Give every row as an object of its model."""
        statement, flat = self._statement(values)
        return [statement.model.from_db("default", statement.fields, row) for row in statement.run(flat)]


def filled(values: list[Any]) -> list[Any]:
    """Fill a list for `in` up to the next power of two with its last value, so that few shapes come of many lengths."""
    return values + values[-1:] * ((1 << (len(values) - 1).bit_length()) - len(values))


_insertions: dict[tuple[object, ...], str] = {}


def insert(rows: Sequence[models.Model], *, unless_there: bool = False) -> None:
    """Write new rows of one model in one statement; `unless_there` leaves out those that stand there already.

    Like bulk_create: each field prepares its own value, so sealed fields are sealed; nothing is read back.
    """
    if not rows:
        return
    model, using = type(rows[0]), connections["default"]
    fields = [f for f in model._meta.local_concrete_fields if not f.generated]
    table = [[f.pre_save(row, True) for f in fields] for row in rows]
    by_default = tuple(isinstance(value, DatabaseDefault) for values in table for value in values)
    shape = (model, len(rows), unless_there, by_default if any(by_default) else ())
    sql = _insertions.get(shape)
    if sql is None:
        query = InsertQuery(model, on_conflict=OnConflict.IGNORE if unless_there else None)
        query.insert_values(fields, list(rows))
        ((sql, _),) = query.get_compiler(connection=using).as_sql()
        _insertions[shape] = sql
    params: list[Any] = []
    if "UNNEST(" in sql:  # several rows of plain values: an array for each column
        params = [[f.get_db_prep_save(row[n], using) for row in table] for n, f in enumerate(fields)]
    else:
        for values in table:
            for field, value in zip(fields, values, strict=True):
                if not isinstance(value, DatabaseDefault):
                    params.append(field.get_db_prep_save(value, using))
    with using.cursor() as cursor:
        cursor.execute(sql, params)
    for row in rows:
        row._state.adding, row._state.db = False, using.alias
