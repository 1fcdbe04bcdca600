"""Turns the text of one law table into typed rows, and says file, row and line of what cannot be one."""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, fields
from datetime import date
from functools import cache
from itertools import count
from types import UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

Shape = Callable[..., Any]
HEADER = re.compile(r"^\s*\[\[\s*([A-Za-z0-9_]+)\s*\]\]", re.MULTILINE)


class LawFault(ValueError):
    """A law table that cannot be used, with the table, the row and the line."""


def parsed(file: str, text: str) -> dict[str, Any]:
    """Read the text of one file."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise LawFault(f"{file}: {fault}") from fault


def rows(file: str, table: str, shape: Shape, raws: Any, text: str) -> Iterator[tuple[Any, str]]:
    """Give each row of one table in one file, with the words that say where it stands."""
    if not isinstance(raws, list) or not all(isinstance(raw, Mapping) for raw in raws):
        raise LawFault(f"{file}: {table} is not a list of rows; each row begins with [[{table}]]")
    lines = [text.count("\n", 0, m.start(1)) + 1 for m in HEADER.finditer(text) if m[1] == table]
    for number, raw in zip(count(1), raws, strict=False):
        line = f", line {lines[number - 1]}" if len(lines) == len(raws) else ""
        where = f"{file} row {number}{line} ({raw.get('id', 'without id')})"
        yield _row(shape, raw, where), where


def _row(shape: Shape, raw: Mapping[str, Any], where: str) -> Any:
    known, kinds = _known(shape)
    if strange := sorted(set(raw) - set(known)):
        raise LawFault(f"{where}: unknown key {strange[0]}")
    for name, required in known.items():
        if required and name not in raw:
            raise LawFault(f"{where}: {name} is missing")
        if required and raw[name] == "":
            raise LawFault(f"{where}: {name} is empty")
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in raw.items()}
    for name, value in values.items():
        if said := _unfit(value, kinds[name]):
            raise LawFault(f"{where}: {name} {said}")
    if raw.get("until") is not None and raw["until"] < raw["since"]:
        raise LawFault(f"{where}: ends before it begins")
    return shape(**values)


@cache
def _known(shape: Any) -> tuple[dict[str, bool], dict[str, Any]]:
    """Give which keys a row may have and whether each is required, and the type of each."""
    return {f.name: f.default is MISSING for f in fields(shape)}, get_type_hints(shape)


def _unfit(value: Any, kind: Any) -> str:
    """Say in words why a value is not of its kind, or nothing."""
    origin = get_origin(kind)
    if origin is Literal:
        return "" if value in get_args(kind) else f"is {value!r}, which is none of {', '.join(map(repr, get_args(kind)))}"
    if origin is tuple:
        if not isinstance(value, tuple):
            return "is not a list"
        return next((said for item in value if (said := _unfit(item, get_args(kind)[0]))), "")
    if origin is UnionType:
        return _unfit(value, next(k for k in get_args(kind) if k is not type(None)))
    if kind is float and type(value) is int:
        return ""
    words = {str: "text", int: "a whole number", float: "a number", bool: "true or false", date: "a date"}
    return "" if type(value) is kind else f"is not {words[kind]}"
