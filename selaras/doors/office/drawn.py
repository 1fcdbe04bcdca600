"""What pages say again and again, drawn once: fixed texts, addresses and icons, and small templates by the shape of their values.

Rendering one row of a table by Django's templates costs more than judging it. Nothing kept here hangs on an officer, a record or a day:
only on the language, and on which values are there; the values themselves are written in, and escaped, each time.
"""

import html
import re
from collections.abc import Hashable, Mapping
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.template import Context, Node
from django.template.base import FilterExpression, Parser, Token, Variable
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as plain_url
from django.template.loader import get_template
from django.templatetags.i18n import TranslateNode, do_translate
from django.templatetags.static import do_static, static
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils.safestring import SafeData, SafeString
from django.utils.translation import get_language

MARK = re.compile("\x02([0-9]+)\x03")
"""What stands for a value while a shape is drawn; no template holds these signs, and no value is ever looked through for them."""


@lru_cache(maxsize=1024)
def _address(name: str, _prefix: str, urlconf: str) -> str:
    return reverse(name, urlconf)


def address(name: str) -> str:
    """Give the address of a page that takes no arguments."""
    return _address(name, get_script_prefix(), get_urlconf() or settings.ROOT_URLCONF)


def escaped(value: object) -> str:
    """Write a value into a page as the templates do; what is marked as safe stays as it is."""
    text = str(value)
    return text if isinstance(text, SafeData) else html.escape(text)


class Drawing:
    """A small template over texts, drawn once for each language and shape, and filled with the values of the day.

    Its shape is which texts are there and the values given as `shape`, by which alone it may branch. A text may only be written out as it is.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._known: dict[tuple[Hashable, ...], tuple[str, list[tuple[str, str]]]] = {}

    def draw(self, texts: Mapping[str, str], shape: Mapping[str, Hashable]) -> SafeString:
        """Draw it; every text that is not marked as safe is escaped."""
        key = (get_language(), *shape.values(), *(bool(text) for text in texts.values()), *shape, *texts)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._compile(texts, shape)
        first, rest = known
        return SafeString(first + "".join([escaped(texts[name]) + then for name, then in rest]))

    def _compile(self, texts: Mapping[str, str], shape: Mapping[str, Hashable]) -> tuple[str, list[tuple[str, str]]]:
        names = list(texts)
        marks = {name: SafeString(f"\x02{n}\x03") if texts[name] else "" for n, name in enumerate(names)}
        first, *parts = MARK.split(get_template(self._name).render({**shape, **marks}))
        return first, [(names[int(n)], then) for n, then in zip(parts[::2], parts[1::2], strict=True)]


def literal(given: object) -> str | None:
    """Give the text of an argument that is a plain literal, none for anything that hangs on the page."""
    if isinstance(given, FilterExpression) and not given.filters:
        given = given.var
        if isinstance(given, Variable):
            given = given.literal
    return given if isinstance(given, str) else None


class _Said(Node):
    """A fixed text in the language of the page."""

    def __init__(self, plain: TranslateNode) -> None:
        self.plain, self.kept = plain, dict[str | None, Any]()

    def render(self, context: Context) -> SafeString:
        """Give the text; Django looks it up the first time."""
        language = get_language()
        text = self.kept.get(language)
        if text is None:
            text = self.kept[language] = self.plain.render(context)
        return text  # type: ignore[no-any-return]


class _Linked(Node):
    """The address of a page that takes no arguments."""

    def __init__(self, plain: URLNode, name: str) -> None:
        self.plain, self.name = plain, name

    def render(self, context: Context) -> SafeString:
        """Give the address, or put it under the name that the tag gives it; Django says what is wrong with one that is not there."""
        try:
            found = address(self.name)
        except NoReverseMatch:
            return self.plain.render(context)
        if self.plain.asvar:
            context[self.plain.asvar] = found
            return SafeString("")
        return SafeString(html.escape(found) if context.autoescape else found)


class _Laid(Node):
    """The address of a file that came with this version."""

    def __init__(self, path: str) -> None:
        self.path = path

    def render(self, context: Context) -> SafeString:
        """Give the address."""
        found = laid(self.path)
        return SafeString(html.escape(found) if context.autoescape else found)


@lru_cache(maxsize=256)
def laid(path: str) -> str:
    """Give the address of a file that came with this version."""
    return static(path)


def translate(parser: Parser, token: Token) -> Node:
    """Read Django's tag `translate`; a fixed text is looked up once for each language."""
    plain: Any = do_translate(parser, token)
    fixed = literal(plain.filter_expression) is not None and not plain.asvar and not plain.noop and plain.message_context is None
    return _Said(plain) if fixed else plain  # type: ignore[no-any-return]


def url(parser: Parser, token: Token) -> Node:
    """Read Django's tag `url`; the address of a page without arguments is found once."""
    plain: Any = plain_url(parser, token)
    name = literal(plain.view_name)
    return _Linked(plain, name) if name and ":" not in name and not plain.args and not plain.kwargs else plain  # type: ignore[no-any-return]


def static_file(parser: Parser, token: Token) -> Node:
    """Read Django's tag `static`; the address of a named file is found once."""
    plain: Any = do_static(parser, token)
    path = literal(plain.path) if plain.varname is None else None
    return _Laid(path) if path else plain  # type: ignore[no-any-return]
