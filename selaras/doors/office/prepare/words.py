"""The words of stage one: departures and returns, who told them, how letters stand."""

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from selaras.doors.office.journeys.words import VERDICTS
from selaras.people.places import country_name, district_name

Words = dict[str, str | Promise]

MOVES: Words = {"left": _("left"), "returned": _("came back")}
TELLERS: Words = {
    "herself": _("the person herself or himself"),
    "family": _("family"),
    "neighbour": _("a neighbour"),
    "head": _("the head of the neighbourhood"),
    "agency": _("the agency"),
    "office": _("another office"),
}
SIGNAL_STATES: Words = {
    "reported": _("waits for an answer"),
    "looked_into": _("looked into"),
    "passed_on": _("passed on"),
    "nothing": _("nothing to it"),
}
LANGUAGES: Words = {
    "id": _("Indonesian"),
    "jv": _("Javanese"),
    "su": _("Sundanese"),
    "mad": _("Madurese"),
    "sas": _("Sasak"),
    "ban": _("Balinese"),
    "bug": _("Bugis"),
    "min": _("Minangkabau"),
    "bjn": _("Banjar"),
    "sign": _("sign language"),
    "other": _("another language"),
}
COURSES: Words = {"skill": _("skills"), "language": _("language"), "literacy": _("financial literacy")}
COURSE_PAYERS: Words = {
    "government": _("the government"),
    "employer": _("the employer"),
    "agency": _("the agency"),
    "worker": _("the participant"),
}
ENROLMENTS: Words = {
    "enrolled": _("enrolled"),
    "cancelled": _("cancelled"),
    "completed": _("completed"),
    "failed": _("not completed"),
}
CREDITS: Words = {
    "asked": _("waits for the lender"),
    "overdue": _("the lender is overdue"),
    "granted": _("granted"),
    "refused": _("refused"),
    "withdrawn": _("withdrawn"),
}
LETTER_STATES: Words = {
    **VERDICTS,
    "stated": _("waits for your word"),
    "none": _("not there"),
    "not_asked": _("not asked for"),
}


def say(words: Words, code: str) -> str:
    """Give the word for a code; a code without a word is shown as it is."""
    return str(words.get(code, code))


def place(country: str, district: str = "") -> str:
    """Name a place abroad in the language of the page."""
    name = country_name(country, get_language() or "id") if country else ""
    return f"{name}, {district_name(district)}" if district else name
