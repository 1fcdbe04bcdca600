"""Every story is played on the real pages in a real browser, each sentence as the officer whom the law names; docs/stories.md tells the same."""

from collections.abc import Callable

import pytest

from tests.stories.before import before
from tests.stories.screens import enter_people
from tests.stories.stage import Stage
from tests.stories.tales import TALES
from tests.stories.telling import Tale

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("committed")]


@pytest.mark.parametrize("tell", TALES, ids=lambda tell: tell.__name__)
def test_a_story_from_the_village_home_again(tell: Callable[[], Tale], visitor):
    tale = tell()
    enter_people()
    before(tale.scheme)
    Stage(visitor, tale).play()
