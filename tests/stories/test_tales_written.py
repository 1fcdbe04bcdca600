"""The stories as documentation: current, one for each scheme, every step of it by whom the law names, each with something mended."""

import pytest

from selaras.law.load import law
from tests.cast import BY_KEY
from tests.stories.stage import Stage
from tests.stories.tales import TALES, page
from tests.stories.telling import PAGE, PEOPLE, WRITTEN_ON, Tale

TOLD = [tell() for tell in TALES]


def passed(tale: Tale) -> list[tuple[str, str]]:
    """List the steps that a story passes, with who does each, from the last beginning on."""
    found: list[tuple[str, str]] = []
    for sentence in tale.sentences:
        what = sentence.what
        if sentence.doing == "restarts":
            found = []
        elif sentence.doing == "goes_on":
            found += what["steps"]
        elif sentence.doing in ("does", "leaves_out"):
            found.append((what["step"], what["who"]))
        elif "Decided: may leave." in sentence.says or sentence.doing == "confirms":
            found.append(("gate", what["who"]))
    return found


def test_the_committed_page_is_current():
    assert PAGE.read_text(encoding="utf-8") == page(), "run `python -m tests.stories.tales` and commit the page"


def test_each_scheme_has_one_story():
    assert sorted(tale.scheme for tale in TOLD) == sorted(s.id for s in law().schemes_on(WRITTEN_ON))


@pytest.mark.parametrize("tale", TOLD, ids=lambda tale: tale.scheme)
def test_a_story_passes_every_step_in_the_order_of_the_law(tale: Tale):
    steps = passed(tale)
    named = [step for step, _who in steps]
    assert len(named) == len(set(named))
    assert {s.id for s in tale.steps if not s.optional} <= set(named), "every step that may not be left out"
    for number, (name, who) in enumerate(steps):
        rule = tale.step(name)
        assert PEOPLE[who].role in rule.by, f"the law gives {name} to others"
        before = {one for one in rule.after if law().step(tale.scheme, one, WRITTEN_ON) and not tale.step(one).optional}
        assert before <= set(named[:number]), f"{name} comes too early"
    assert tale.step(named[-1]).ends
    started = next(s for s in tale.sentences if s.doing == "begins")
    scheme = law().scheme(tale.scheme, WRITTEN_ON)
    assert scheme is not None and PEOPLE[started.what["who"]].role in scheme.started_by


@pytest.mark.parametrize("tale", TOLD, ids=lambda tale: tale.scheme)
def test_every_sentence_has_its_doing_and_names_people_whom_it_may(tale: Tale):
    for sentence in tale.sentences:
        assert callable(getattr(Stage, sentence.doing)), sentence.words
        assert sentence.words[-1] in ".:" or "\n- " in sentence.words, sentence.words
        assert sentence.what.get("who", "village") in PEOPLE
    assert any(sentence.says for sentence in tale.sentences) and tale.wrong


def test_the_people_of_the_stories_are_the_cast():
    for who, one in PEOPLE.items():
        if one.of_cast:
            assert (BY_KEY[who].name, BY_KEY[who].role, BY_KEY[who].office) == (one.name, one.role, one.office)
