"""The screens of a story: an officer signed in once each, forms filled in as their controls are used, days and papers as a form takes them."""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.test import Client
from django.utils import timezone
from playwright.sync_api import Locator, Page

from selaras.engines.deadlines import add_months
from selaras.ground.act import as_job
from selaras.ground.actions.officers import add_officer, post_officer
from selaras.ground.queries.actors import actor_of, posts_of
from selaras.ground.queries.offices import office_by_key, officer_by_email
from selaras.ground.scope import Actor
from selaras.law.load import law
from selaras.people.course import FIT
from tests.cast import BY_KEY, PASSWORD
from tests.stories.officers import Officer
from tests.stories.telling import PEOPLE, Tale

PDF = b"%PDF-1.7\nbukan siapa-siapa"
PERSON = re.compile(r"/people/[0-9a-f]{8}-[0-9a-f-]{27}/$")
JOURNEY = re.compile(r"/journeys/([0-9a-f]{8}-[0-9a-f-]{27})/$")


def email_of(who: str) -> str:
    """Give the address with which somebody of the stories signs in; that of one who is not of the cast goes with the test."""
    return BY_KEY[who].email if PEOPLE[who].of_cast else f"uji-{who}@selaras.example"


def enter_people() -> None:
    """Enter who is not of the cast."""
    with as_job("setup"):
        for who, one in PEOPLE.items():
            office = office_by_key(one.office)
            assert office is not None, one.office
            if officer_by_email(email_of(who)) is None:
                officer = add_officer(email=email_of(who), name=one.name, password=PASSWORD, second_factor=False)
                post_officer(officer=officer, office=office, role=one.role)


def actor_for(who: str) -> Actor:
    """Give the actor that somebody of the stories is."""
    officer = officer_by_email(email_of(who))
    assert officer is not None, who
    return actor_of(officer, posts_of(officer.pk)[0])


class Screens:
    """The screen of each officer of a story, the address of the person and of the journey."""

    def __init__(self, come: Callable[..., Officer], tale: Tale) -> None:
        self.come, self.tale = come, tale
        self.screens: dict[str, Officer] = {}
        self.person = self.journey = self.order = ""
        self.form = "main form"
        self.papers = 0

    def _at(self, who: str, path: str = "") -> Officer:
        """Give somebody's screen, signed in once, at an address."""
        if who not in self.screens:
            client = Client()
            client.force_login(officer_by_email(email_of(who)))
            self.screens[who] = self.come().takes_over(client)
        if path:
            answer = self.screens[who].page.goto(path)
            assert answer is not None and answer.status == 200, f"{who} gets {answer and answer.status} at {path}"
        return self.screens[who]

    @staticmethod
    def _press(page: Page, what: str | Locator) -> None:
        """Press what is seen on the page and leads on."""
        found = page.locator(f"{what} >> visible=true").first if isinstance(what, str) else what
        with page.expect_navigation():
            found.click()

    def _fill(self, page: Page, values: Mapping[str, Any], form: str = "main form") -> None:
        """Fill in the fields that the form has, each as its control is used; a scan is chosen where one is taken."""
        self.form = form
        for name, value in values.items():
            field = page.locator(f"{form} [name={name}]")
            if not field.count():
                continue
            kind, tag = field.first.get_attribute("type"), field.first.evaluate("e => e.tagName")
            if kind == "radio":
                page.locator(f"{form} [name={name}][value='{value}']").check()
            elif kind == "checkbox":
                field.set_checked(bool(value))
            elif tag == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        for upload in page.locator(f"{form} input[type=file]").all():
            upload.set_input_files(files=[{"name": "berkas.pdf", "mimeType": "application/pdf", "buffer": PDF}])

    def _send(self, page: Page) -> None:
        self._press(page, f"{self.form} .form-acts button")

    @staticmethod
    def _day(words: str) -> str:
        """Write a day as a form takes it."""
        today = timezone.localdate()
        days = {
            "today": today, "yesterday": today - timedelta(days=1), "five months ago": add_months(today, -5),
            "five years ago": add_months(today, -60), "in five years": add_months(today, 60),
        }  # fmt: skip
        return days[words].isoformat() if words in days else words

    def _paper(self, kind: str, changes: Mapping[str, str]) -> dict[str, str]:
        """Make a sound paper of a kind, as its form takes it."""
        self.papers += 1
        own = self.tale.hero.number
        numbers = {"ktp": self.tale.hero.nik, "kk": f"321201120312{own:04}", "passport": f"C88{own:05}", "seafarer_id": f"62012345{own:02}"}
        sound = {
            "number": numbers.get(kind, f"UJI/{own}/{self.papers}"), "issuer": "Kantor Contoh", "issued_on": "today",
            "valid_until": "in five years" if kind in ("passport", "visa") else "", "value": FIT,
        }  # fmt: skip
        told = {**sound, **changes}
        return {name: self._day(value) if name in ("issued_on", "valid_until") else value for name, value in told.items()}

    def _id(self) -> UUID:
        found = JOURNEY.search(self.journey)
        assert found, self.journey
        return UUID(found[1])

    @staticmethod
    def _named(kind: str) -> str:
        row = law().evidence_of(kind, timezone.localdate())
        assert row is not None, kind
        return row.label_en

    def _of_paper(self, page: Page, kind: str) -> Locator:
        """Find the newest paper of a kind in the list of papers."""
        return page.locator("section[aria-labelledby=papers-head] > ul > li", has=page.get_by_text(self._named(kind), exact=True)).last
