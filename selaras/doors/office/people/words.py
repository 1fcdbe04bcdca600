"""The words for what the register holds: kinds of numbers, capacities, ties, reasons, changes."""

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from selaras.people.places import country_name, district_name
from selaras.people.queries.opening import GrantLine, StayLine

Words = dict[str, str | Promise]

NUMBER_KINDS: Words = {
    "nik": _("NIK"),
    "passport": _("Passport"),
    "kk": _("Family card (KK)"),
    "splp": _("Emergency travel paper (SPLP)"),
    "seafarer": _("Seafarer code"),
    "ekpmi": _("E-KPMI card"),
    "phone": _("Telephone"),
}
SEXES: Words = {"F": _("woman"), "M": _("man")}
CAPACITIES: Words = {
    "worker": _("worker"),
    "student": _("student"),
    "spouse": _("spouse"),
    "child": _("child"),
    "crew": _("crew"),
    "other": _("capacity not known"),
}
STAY_KINDS: Words = {
    "placement": _("placement"),
    "report": _("report to the mission"),
    "arrival": _("arrival"),
    "return": _("return home"),
    "stated": _("told to an officer"),
}
NAME_KINDS: Words = {
    "main": _("main name"),
    "passport": _("name in the passport"),
    "former": _("former name"),
    "written": _("as written"),
}
RELATIONS: Words = {
    "spouse": _("spouse"),
    "parent": _("parent"),
    "child": _("child"),
    "guardian": _("guardian"),
    "sibling": _("sibling"),
}
REVERSED: Words = {
    "spouse": _("spouse"),
    "parent": _("child"),
    "child": _("parent"),
    "guardian": _("ward"),
    "sibling": _("sibling"),
}
SOURCES: Words = {
    "siskop2mi": "SiskoP2MI", "peduliwni": "Peduli WNI", "imigrasi": "Imigrasi", "bpjs": "BPJS Ketenagakerjaan",
    "dukcapil": "Dukcapil", "gtog": "G to G", "officer": _("an officer"), "worker": _("the worker herself"),
}  # fmt: skip
EVENTS: Words = {
    "registered": _("registered"),
    "joined": _("registered by one more office"),
    "corrected": _("corrected"),
    "added": _("added to"),
    "merged": _("another record was merged into this one"),
    "unmerged": _("a merge was taken back"),
    "conflict": _("one of the numbers was given for another person"),
    "doubted": _("a number was marked as doubtful"),
    "papers": _("a paper was asked for"),
    "unsaid": _("a stay abroad was taken back"),
}
DOUBTS: Words = {"doubted": _("whose number this is, is in doubt"), "other": _("found to be somebody else's number")}
ADDED: Words = {
    "number": _("a number was added"),
    "name": _("a form of the name was added"),
    "presence": _("a stay abroad was added"),
    "kin": _("kin was added"),
}
FIELDS: Words = {
    "name": _("Name"),
    "sex": _("Sex"),
    "birth_date": _("Date of birth"),
    "birth_precision": _("How exactly the date of birth is known"),
    "birth_place": _("Place of birth"),
    "mother": _("Mother's name"),
    "home_area": _("Home area"),
    "home_text": _("Home as written"),
    "died_on": _("Died on"),
}
OPEN_REASONS: Words = {
    "identity": _("to check the identity"),
    "paper": _("to fill in a paper"),
    "case": _("to work on a case"),
    "request": _("the person asked for it"),
}
SEEN_FOR: Words = {"home": _("home"), "presence": _("stay abroad"), "registered here": _("registered here"), "journey": _("journey")}


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
        return gettext("Offices of %(area)s, and of the areas around it") % {"area": grant.area or grant.code}
    if grant.kind == "abroad":
        iso3, _dash, district = grant.code.partition("-")
        where = f"{country(iso3)}, {district_name(grant.code)}" if district else country(iso3)
        return gettext("Missions that look after %(place)s") % {"place": where}
    if grant.kind == "party":
        return gettext("The agency %(name)s") % {"name": grant.code}
    return gettext("The person concerned")
