"""The words for what the register holds: kinds of numbers, capacities, ties, reasons, changes."""

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from selaras.people.places import country_name, district_name
from selaras.people.queries.opening import GrantLine, StayLine

Words = dict[str, str | Promise]

NUMBER_KINDS: Words = {
    "nik": _l("NIK"),
    "passport": _l("Passport"),
    "kk": _l("Family card (KK)"),
    "splp": _l("Emergency travel paper (SPLP)"),
    "seafarer": _l("Seafarer code"),
    "ekpmi": _l("E-KPMI card"),
    "phone": _l("Telephone"),
}
SEXES: Words = {"F": _l("woman"), "M": _l("man")}
CAPACITIES: Words = {
    "worker": _l("worker"),
    "student": _l("student"),
    "spouse": _l("spouse"),
    "child": _l("child"),
    "crew": _l("crew"),
    "other": _l("capacity not known"),
}
STAY_KINDS: Words = {
    "placement": _l("placement"),
    "report": _l("report to the mission"),
    "arrival": _l("arrival"),
    "return": _l("return home"),
    "stated": _l("told to an officer"),
}
NAME_KINDS: Words = {
    "main": _l("main name"),
    "passport": _l("name in the passport"),
    "former": _l("former name"),
    "written": _l("as written"),
}
RELATIONS: Words = {
    "spouse": _l("spouse"),
    "parent": _l("parent"),
    "child": _l("child"),
    "guardian": _l("guardian"),
    "sibling": _l("sibling"),
}
REVERSED: Words = {
    "spouse": _l("spouse"),
    "parent": _l("child"),
    "child": _l("parent"),
    "guardian": _l("ward"),
    "sibling": _l("sibling"),
}
SOURCES: Words = {"siskop2mi": "SiskoP2MI", "peduliwni": "Peduli WNI", "officer": _l("an officer")}
EVENTS: Words = {
    "registered": _l("registered"),
    "joined": _l("registered by one more office"),
    "corrected": _l("corrected"),
    "added": _l("added to"),
    "merged": _l("another record was merged into this one"),
    "unmerged": _l("a merge was taken back"),
    "conflict": _l("one of the numbers was given for another person"),
}
ADDED: Words = {
    "number": _l("a number was added"),
    "name": _l("a form of the name was added"),
    "presence": _l("a stay abroad was added"),
    "kin": _l("kin was added"),
}
FIELDS: Words = {
    "name": _l("Name"),
    "sex": _l("Sex"),
    "birth_date": _l("Date of birth"),
    "birth_precision": _l("How exactly the date of birth is known"),
    "birth_place": _l("Place of birth"),
    "mother": _l("Mother's name"),
    "home_area": _l("Home area"),
    "home_text": _l("Home as written"),
    "died_on": _l("Died on"),
}
OPEN_REASONS: Words = {
    "identity": _l("to check the identity"),
    "paper": _l("to fill in a paper"),
    "case": _l("to work on a case"),
    "request": _l("the person asked for it"),
}
SEEN_FOR: Words = {"home": _l("home"), "presence": _l("stay abroad"), "registered here": _l("registered here")}


def say(words: Words, code: str) -> str:
    """Say a code in words; a code without words is shown as it is."""
    return str(words.get(code, code))


def country(iso3: str) -> str:
    """Name a country in the reader's language."""
    return country_name(iso3, get_language() or "id")


def place(stay: StayLine) -> str:
    """Name the place of a stay: the country, and the district when it is known."""
    return f"{country(stay.country)}, {district_name(stay.district)}" if stay.district else country(stay.country)


def seen_by(grant: GrantLine) -> str:
    """Say in words who sees a person by one grant."""
    if grant.kind == "area":
        return _("Offices of %(area)s, and of the areas around it") % {"area": grant.area or grant.code}
    if grant.kind == "abroad":
        iso3, _dash, district = grant.code.partition("-")
        where = f"{country(iso3)}, {district_name(grant.code)}" if district else country(iso3)
        return _("Missions that look after %(place)s") % {"place": where}
    if grant.kind == "party":
        return _("The agency %(name)s") % {"name": grant.code}
    return _("The person concerned")
