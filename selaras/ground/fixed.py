"""Statements that the ORM writes once: composing and compiling one costs Django several times what PostgreSQL needs to answer it.

A `Question` is a queryset made from values; `insert` writes rows, `rewrite` columns of a row that stands. At its first use the ORM
composes and compiles the statement, with marks in the place of a question's values; afterwards the same statement runs with the values
of the day. Both locks stay as they are: the scoped managers make the statement (the codes of the reach are values like all others,
read from the acting actor each time), and the database has its policies. It is for look-ups by key that nearly every request makes.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, TypeVar
from uuid import UUID

from django.db import DatabaseError, connection, connections, models
from django.db.models.constants import OnConflict
from django.db.models.expressions import DatabaseDefault
from django.db.models.sql import InsertQuery, UpdateQuery

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


def _cursor(using: Any) -> Any:
    """Give a cursor for a statement that is read to its end at once: the same for all of them, as long as the connection is lent to us."""
    raw, kept = using.connection, using.__dict__.get("selaras_cursor")
    if kept is not None and kept[0] is raw and not raw.closed and not using.queries_logged:
        return kept[1]
    cursor = using.cursor()
    if not using.queries_logged:
        using.selaras_cursor = (using.connection, cursor)
    return cursor


class _Compiled:
    """One statement: its text, where each value goes, and how the columns of its answer are read."""

    def __init__(self, rows: "models.QuerySet[Any, Any]", marks: list[object], codes: list[str]) -> None:
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
        cursor = _cursor(connections["default"])
        cursor.execute(self.sql, [fixed if n < 0 else values[n] for n, fixed in self.order])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return [self._read(row) for row in rows] if self.converters else rows

    def _read(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        read = list(row)
        for n, (converters, expression) in self.converters:
            for convert in converters:
                read[n] = convert(read[n], expression, connection)
        return tuple(read)


def _codes() -> list[str]:
    """Give the codes by which the acting actor's statements are narrowed; none for nobody and for the nation."""
    actor = _current.get()
    return sorted(actor.reach) if actor is not None and not actor.national else []


_Statement = TypeVar("_Statement")
_MOST = 4096


def _keep(known: dict[tuple[object, ...], _Statement], shape: tuple[object, ...], statement: _Statement) -> _Statement:
    """Keep a statement that was made for the very codes of a reach; there are as many as offices, and not without end."""
    if len(known) >= _MOST:
        known.clear()
    known[shape] = statement
    return statement


class Question:
    """A queryset over given values, compiled once for each shape of them; a list's length is part of the shape.

    Values are texts, ids, moments, days, whole numbers, None, and lists of these that hold one at least. A manager that looks at what
    the codes of the reach are, and not only hands them on, says so by `reads_reach`: its statement is made for each reach.
    """

    def __init__(self, ask: Asking) -> None:
        self._ask = ask
        self._each = False
        self._known: dict[tuple[object, ...], _Compiled] = {}

    def _statement(self, values: tuple[object, ...]) -> tuple[_Compiled, list[Any]]:
        actor, codes = _current.get(), _codes()
        kinds = tuple((type(v[0]), len(v)) if isinstance(v, list) else type(v) for v in values)
        shape = (actor is None, actor is not None and actor.national, *kinds, *(codes if self._each else (len(codes),)))
        known = self._known.get(shape)
        if known is None:
            made = self._compile(values, 0 if self._each else len(codes))
            if made is None:
                self._each = True
                return self._statement(values)
            known = _keep(self._known, shape, made)
        return known, [*_flat(values), *(() if self._each else codes)]

    def _compile(self, values: tuple[object, ...], count: int) -> _Compiled | None:
        """Make the statement; none when it must be made for each reach, which is known now."""
        marks = [_mark(value, n) for n, value in enumerate(_flat(values))]
        left = iter(marks)
        asked = [[next(left) for _ in v] if isinstance(v, list) else next(left) for v in values]
        codes = [_Text(f"reach {n:06d}") for n in range(count)]
        actor = _current.get()
        # The database is not told of these codes: nothing is asked of it here.
        token = _current.set(replace(actor, reach=frozenset(codes)) if actor is not None and codes else actor)
        try:
            rows = self._ask(*asked)
            if not self._each and getattr(rows.model._default_manager, "reads_reach", False):
                return None
            return _Compiled(rows, marks, list(codes))
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


_rewritings: dict[tuple[object, ...], tuple[str, list[Any]]] = {}
_KEY = object()


def rewrite(row: models.Model, names: Sequence[str] = ()) -> None:
    """Write some columns of a row that stands, or all, in one statement behind both locks; a row out of reach is an error.

    Like `save(update_fields=…)`: each field prepares its own value, and the scoped manager says which row. Its key is an id.
    """
    model, using, codes = type(row), connections["default"], _codes()
    fields = [f for f in model._meta.local_concrete_fields if not f.generated and not f.primary_key and (not names or f.name in names)]
    values = [f.get_db_prep_save(f.pre_save(row, False), using) for f in fields]
    shape = (model, *names, *[value is None for value in values], _current.get() is None, *codes)
    known = _rewritings.get(shape)
    if known is None:
        mark = _Id(int=0)
        query: Any = model._default_manager.filter(pk=mark).order_by().query.chain(UpdateQuery)
        query.add_update_fields([(f, None, getattr(row, f.attname)) for f in fields])
        sql, params = query.get_compiler(connection=using).as_sql()
        behind = [_KEY if value is mark else value for value in params[len(values) - values.count(None) :]]
        if any(hasattr(value, "as_sql") for value in values) or behind.count(_KEY) != 1:
            raise ValueError(f"a row of {model.__name__} cannot be rewritten by one statement")
        known = _keep(_rewritings, shape, (sql, behind))
    sql, behind = known
    cursor = _cursor(using)
    cursor.execute(sql, [*(v for v in values if v is not None), *(row.pk if value is _KEY else value for value in behind)])
    if cursor.rowcount != 1:
        raise DatabaseError(f"the row of {model.__name__} is not there")


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
    _cursor(using).execute(sql, params)
    for row in rows:
        row._state.adding, row._state.db = False, using.alias
