"""Who reaches which address: every address, every member of the cast, and a visitor who is not signed in, as one table.

The table is everybody.txt, where every officer gets the same, and by_role.txt. `in` leads to the sign-in page. An address that is in neither table, and a row whose address is gone, fail the suite.
What a knock writes is taken back, so the order of rows means nothing.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from selaras.doors.office.navigation import ROOMS
from tests import database
from tests.access.filling import ABOUT_SOMETHING, FILLED, SENT
from tests.access.knocking import REACH, WHO, body, browsers, knock, named, seen
from tests.access.visitors import new_officer
from tests.access.world import World, make_world
from tests.people.someone import NIK

HERE = Path(__file__).parent


def lines(file: str) -> list[list[str]]:
    """Give the cells of each line of a table, its heads among them; notes are left out."""
    text = (HERE / file).read_text(encoding="utf-8")
    return [line.split() for line in text.splitlines() if line.strip() and not line.startswith("#")]


def table() -> Iterator[tuple[str, str, list[str]]]:
    """Read both tables: method, name, and what each member of WHO gets."""
    for method, name, *cells in lines("everybody.txt")[2:]:
        yield method, name, [cells[0]] + [cells[1]] * (len(WHO) - 1)
    for method, name, *cells in lines("by_role.txt")[1:]:
        yield method, name, cells


ROWS = [pytest.param(*row, id=f"{row[0]} {row[1]}") for row in table()]


def addresses(entries=None, outer=()) -> Iterator[tuple[str | None, list[str]]]:
    """List every address by name, with what must be filled into it."""
    for entry in get_resolver().url_patterns if entries is None else entries:
        keys = [*outer, *entry.pattern.regex.groupindex]
        if isinstance(entry, URLResolver):
            yield from addresses(entry.url_patterns, keys)
        else:
            assert isinstance(entry, URLPattern)
            yield entry.name, keys


def arguments(name: str) -> dict[str, object]:
    """Give what an address is filled with; parts of the world by their own name."""
    keys = dict(addresses())[name]
    return {
        key: None if key in REACH else "a-b" if name.endswith("from_key") and key == "key" else FILLED[key]
        for key in keys
    }


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    """One world for all rows: nothing that they write stays."""
    with django_db_blocker.unblock():
        try:
            yield make_world()
        finally:
            for connection in connections.all(initialized_only=True):
                connection.close()
            database.empty()


@pytest.fixture(scope="module")
def visitors(world) -> dict[str, Client]:
    return browsers()


def test_the_columns_are_the_cast():
    heads = lines("by_role.txt")[0]
    assert len(heads) == len(WHO)
    assert all(key.startswith(head) for head, key in zip(heads[1:], WHO[1:], strict=True))
    assert all(len(cells) == len(WHO) for _, _, cells in table())


def test_every_address_is_in_the_table():
    listed = [(method, name) for method, name, _ in table()]
    there = {name for name, _ in addresses()}
    assert sorted(there - {name for _, name in listed}) == [], "addresses that nobody has thought about"
    assert sorted({name for _, name in listed} - there) == [], "rows without an address"
    assert len(listed) == len(set(listed))
    assert None not in there, "an address without a name cannot be in the table"


@pytest.mark.parametrize(("method", "name", "expected"), ROWS)
def test_each_gets_what_the_table_says(world, visitors, method, name, expected):
    kwargs = named(world, arguments(name))
    data = SENT.get(name, {}) if method == "POST" else {}
    got = [seen(knock(visitors[who], name, kwargs, method, data)) for who in WHO]
    wrong = {who or "not signed in": (g, e) for who, g, e in zip(WHO, got, expected, strict=True) if g != e}
    assert wrong == {}, "got, expected"


@pytest.mark.parametrize(("method", "name", "expected"), [r for r in ROWS if r.values[1] in ABOUT_SOMETHING])
def test_not_hers_looks_like_not_there(world, visitors, method, name, expected):
    here, nowhere = (named(w, arguments(name)) for w in (world, world.elsewhere()))
    data = SENT.get(name, {}) if method == "POST" else {}
    for who, cell in zip(WHO, expected, strict=True):
        client = visitors[who]
        missing = knock(client, name, nowhere, method, data)
        if cell in ("in", "302", "405"):
            assert seen(missing) in (cell, "404"), who
        elif cell in ("200", "422"):
            assert seen(missing) == "404", who
        else:
            refused = knock(client, name, here, method, data)
            assert seen(missing) == cell, who
            assert body(missing) == body(refused), who
            assert missing.headers == refused.headers, who


def test_a_number_of_somebody_elsewhere_is_searched_like_a_number_of_nobody(world, visitors):
    nobody = f"32730157{NIK[8:]}"  # the same last digits: they are shown
    pages = {}
    for who in ("desk", "hongkong", "tawau", "agency", "taipei"):
        for number in (NIK, nobody):
            answer = visitors[who].post(reverse("people_find"), {"q": number}, follow=True)
            assert number not in str(answer.redirect_chain)
            pages[who, number] = body(answer)
        same = pages[who, NIK] == pages[who, nobody]
        assert same == (who != "taipei"), who


def test_a_form_without_its_token_is_refused(world):
    officer = new_officer("uji-token")
    client = Client(HTTP_HOST="localhost", enforce_csrf_checks=True)
    client.force_login(officer)
    for name in ("change_post", "account_logout", "people_find", "people_new"):
        assert client.post(reverse(name), {}).status_code == 403, name


def test_the_menu_leads_only_where_the_table_lets_in(visitors, world):
    cells = {name: dict(zip(WHO, row, strict=True)) for method, name, row in table() if method == "GET"}
    for who in WHO[1:]:
        offered = {entry.url for entry in visitors[who].get(reverse("home")).context["nav"]}
        assert offered == {reverse(r.name) for r in ROOMS if cells[r.name][who] == "200"}, who
