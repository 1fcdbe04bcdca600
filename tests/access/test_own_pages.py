"""The worker's door: who is in reaches her own pages, and of every other door only what a visitor reaches who is not signed in.

What is in no row here must look to a worker and to her family exactly as it looks to nobody.
"""

from collections.abc import Iterator

import pytest
from django.db import connections
from django.test import Client

from tests import database
from tests.access.filling import SENT
from tests.access.knocking import knock, named, seen
from tests.access.test_table import arguments, table
from tests.access.visitors import own_browser
from tests.access.world import World, make_world
from tests.cast import FAMILY_PHONE, WORKER_PHONE

OWN = """
                             worker family
GET   worker_home            200    302
GET   worker_sign_in         302    302
POST  worker_sign_in         422    422
GET   worker_papers          200    200
GET   worker_paper           404    404
GET   worker_abroad          200    403
GET   worker_tell            200    403
POST  worker_tell            422    403
GET   worker_amend           404    403
POST  worker_amend           404    403
GET   worker_costs           200    403
POST  worker_costs           422    403
GET   worker_cost_receipt    200    403
GET   worker_who             200    200
GET   worker_own_card        200    403
GET   worker_card_paper      200    403
POST  worker_card_phone      200    403
POST  worker_card_lost       422    403
GET   worker_family          200    403
POST  worker_family          422    403
POST  worker_family_change   404    403
POST  worker_family_withdraw 404    403
GET   worker_relatives       200    200
GET   worker_shared_paper    404    404
GET   worker_ways            200    200
GET   worker_phone           200    200
POST  worker_phone           422    422
GET   worker_phone_code      302    302
POST  worker_phone_code      302    302
POST  worker_way_stop        404    404
POST  worker_passkey_new     302    302
POST  worker_passkey_remove  404    404
POST  worker_end_sessions    302    302
"""
ROWS = {(line.split()[0], line.split()[1]): line.split()[2:4] for line in OWN.splitlines()[2:]}


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    with django_db_blocker.unblock():
        try:
            yield make_world()
        finally:
            for connection in connections.all(initialized_only=True):
                connection.close()
            database.empty()


@pytest.fixture(scope="module")
def own(world) -> dict[str, Client]:
    return {"worker": own_browser(WORKER_PHONE), "family": own_browser(FAMILY_PHONE)}


def test_the_rows_are_in_the_table_of_all():
    assert set(ROWS) <= {(method, name) for method, name, _ in table()}


def test_she_reaches_her_own_pages_and_nothing_else(world, own):
    wrong = {}
    for method, name, cells in table():
        expected = ROWS.get((method, name), [cells[0]] * 2)
        data = SENT.get(name, {}) if method == "POST" else {}
        got = [seen(knock(client, name, named(world, arguments(name)), method, data)) for client in own.values()]
        if got != expected:
            wrong[f"{method} {name}"] = (got, expected)
    assert wrong == {}, "got, expected (worker, family)"


def test_neither_page_holds_a_word_of_the_other(own):
    pages = {}
    for who, client in own.items():
        pages[who] = "".join(client.get(f"/worker/{part}", follow=True).content.decode() for part in ("", "papers/", "relatives/", "who/", "sign-in/"))
    assert "Siti Nurhaliza" in pages["worker"] and "Taiwan" in pages["worker"] and "5678" in pages["worker"]
    assert "Siti" not in pages["family"] and "Taiwan" not in pages["family"]
    assert "Kartini" not in pages["worker"] and "5432" in pages["family"] and "5432" not in pages["worker"]
