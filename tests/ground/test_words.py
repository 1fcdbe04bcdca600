"""Every verb can be told to a person in words, and no words name a verb that is gone."""

from selaras.ground.act import VERBS
from selaras.ground.queries.words import VERB_WORDS
from tests.test_shape import load_everything

# written by the door of sign-in, before anybody acts
APART = {"ground.sign_in", "ground.sign_out", "ground.change_sign_in"}


def test_every_verb_has_its_words():
    load_everything()
    assert set(VERB_WORDS) - APART == set(VERBS)


def test_no_two_verbs_are_told_alike():
    assert len({str(words) for words in VERB_WORDS.values()}) == len(VERB_WORDS)
