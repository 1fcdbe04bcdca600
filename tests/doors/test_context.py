"""Each page says in which role one acts and how far one sees, in words of both languages."""

import pytest
from django.utils import translation

from selaras.doors.office.context import role_words
from selaras.doors.office.reach_words import reach_words
from tests.access.visitors import browser_of, new_officer, sign_in
from tests.cast import actor

pytestmark = pytest.mark.usefixtures("committed")

WORDS = {
    "village": ("Melihat HAURKOLOT, HAURGEULIS", "Sees HAURKOLOT"),
    "desk": ("Melihat ", "Sees "),
    "taipei": ("Melihat Taiwan", "Sees Taiwan"),
    "reviewer": ("Melihat seluruh negeri", "Sees the whole country"),
    "agency": ("Melihat orang-orang dari perusahaannya sendiri", "Sees the people of her own company"),
    "admin": ("Tidak melihat catatan siapa pun", "Sees nobody's record"),
}


@pytest.mark.parametrize("key", WORDS)
def test_reach_in_words(key):
    for language, words in zip(("id", "en"), WORDS[key], strict=True):
        with translation.override(language):
            said = reach_words(actor(key).reach)
            assert said.lower().startswith(words.lower()), said
            assert not any(sign in said for sign in (":", "area", "abroad"))


def test_many_places_are_counted_and_not_listed():
    codes = frozenset(f"abroad:{c}" for c in ("MYS", "SGP", "TWN", "HKG", "KOR", "JPN"))
    with translation.override("id"):
        assert reach_words(codes).endswith(" dan 2 lainnya")
    with translation.override("en"):
        assert reach_words(codes).endswith(" and 2 more")


def test_the_page_shows_role_and_reach():
    page = browser_of("taipei").get("/home/").content.decode()
    assert "Petugas Perwakilan RI" in page and "Melihat Taiwan" in page
    with translation.override("en"):
        assert role_words("mission_officer") == "Mission officer"


def test_two_postings_at_one_office_are_told_apart():
    new_officer("uji", ("reviewer", "kp2mi"), ("data_officer", "kp2mi"))
    client, _ = sign_in("uji@selaras.example")
    assert {p.label for p in client.get("/home/").context["posts"]} == {
        "Penelaah kementerian",
        "Petugas data kementerian",
    }
