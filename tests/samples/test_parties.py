"""Parties and cast: names of their own, papers that make sense, offices and roles that exist."""

from datetime import date

from selaras.law.load import law
from selaras.samples.cast import CAST
from selaras.samples.parties import AGENCIES, EMPLOYERS, PARTY_AGENCIES, TRAINING_BODIES, agency_names
from selaras.samples.places import areas, table


def test_agencies() -> None:
    names = agency_names()
    assert len(set(names)) == len(names) == AGENCIES
    assert len(PARTY_AGENCIES) == 30 and [a.name for a in PARTY_AGENCIES] == names[:30]
    regencies = set(areas().regency)
    countries = {row["iso3"] for row in table("countries_id")}
    for agency in PARTY_AGENCIES:
        assert agency.regency in regencies and set(agency.countries) <= countries
        assert agency.expires.year - agency.licensed.year == 5
        assert agency.capital >= 5_000_000_000
        over = agency.expires < date(2026, 11, 21)
        assert over == (agency.status in ("expired", "revoked")), agency.name
    assert {a.status for a in PARTY_AGENCIES} == {"active", "suspended", "expired", "revoked"}
    assert sum(a.deposit < 1_500_000_000 for a in PARTY_AGENCIES) == 1


def test_employers_and_training_bodies_stand_in_known_places() -> None:
    districts = {row["code"]: row["iso3"] for row in table("abroad_districts")}
    for employer in EMPLOYERS:
        assert employer.district == "" or districts[employer.district] == employer.iso3
    assert {body.regency for body in TRAINING_BODIES} <= set(areas().regency)
    keys = [party.key for party in (*PARTY_AGENCIES, *EMPLOYERS, *TRAINING_BODIES)]
    assert len(set(keys)) == len(keys)


def test_the_cast_has_known_roles_and_places() -> None:
    roles = {role.id for role in law().roles}
    missions = {row["key"] for row in table("missions")} | {row["key"] for row in table("bp3mi")}
    agencies = {agency.key for agency in PARTY_AGENCIES}
    place = areas()
    assert len({member.key for member in CAST}) == len({member.email for member in CAST}) == len(CAST) == 16
    for member in CAST:
        assert member.role in roles, member.role
        kind, _, rest = member.office_key.partition("-")
        if kind == "desa":
            assert rest in set(place.village)
        elif kind == "kabkota":
            assert rest in set(place.regency)
        elif kind == "p3mi":
            assert member.office_key in agencies
        elif member.role in ("mission_officer", "bp3mi_officer"):
            assert member.office_key in missions
        assert member.story_id and member.story_en and member.email.endswith(".example")
