"""Officers of the cast in front of a browser."""

from django.conf import settings
from django.test import Client

from selaras.ground.actions.officers import keep_language
from selaras.ground.queries.offices import officer_by_email
from tests.cast import BY_KEY, PASSWORD
from tests.stories.browsing import Visitor


class Officer(Visitor):
    """A visitor who can sign in as a member of the cast."""

    def knows(self, key: str) -> "Officer":
        """Take the session of a member of the cast, without the sign-in page."""
        client = Client()
        client.force_login(officer_by_email(BY_KEY[key].email))
        return self.takes_over(client)

    def takes_over(self, client: Client) -> "Officer":
        """Go on where a client without a screen has come."""
        self.carries(settings.SESSION_COOKIE_NAME, client.cookies[settings.SESSION_COOKIE_NAME].value)
        return self

    def signs_in(self, key: str) -> "Officer":
        """Sign in through the page, with address and password; the pages come in her own language, which is this visitor's."""
        keep_language(officer_by_email(BY_KEY[key].email).pk, self.language)
        self.page.goto("/account/login/")
        self.page.fill("[name=login]", BY_KEY[key].email)
        self.page.fill("[name=password]", PASSWORD)
        self.page.press("[name=password]", "Enter")
        self.page.wait_for_url("**/home/")
        keep_language(officer_by_email(BY_KEY[key].email).pk, "id")  # the cast is everybody's
        return self
