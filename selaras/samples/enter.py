"""Enters the invented offices and the cast into a copy, by the same verbs that an administrator uses."""

from selaras.ground.act import as_job
from selaras.ground.actions.offices import add_officer, open_office, post_officer
from selaras.ground.queries.offices import office_by_key, officer_by_email
from selaras.samples.cast import CAST
from selaras.samples.parties import PARTY_AGENCIES

PASSWORD = "laut-tenang-2026-selaras"  # noqa: S105 (the demo prints it)


def enter_offices() -> None:
    """Open the offices that are not in the official tree: a one-stop desk and the agencies of the cast."""
    with as_job("setup"):
        if office_by_key("ltsa-cirebon") is None:
            open_office(
                key="ltsa-cirebon",
                kind="desk",
                name="LTSA/MWRC Cirebon",
                area="3209",
                reach=["area:3209"],
                reason="demo",
            )
        wanted = {member.office_key for member in CAST if member.office_key.startswith("p3mi-")}
        for agency in PARTY_AGENCIES:
            if agency.key in wanted and office_by_key(agency.key) is None:
                open_office(
                    key=agency.key, kind="agency", name=agency.name, reach=[f"party:{agency.key}"], reason="demo"
                )


def enter_cast() -> int:
    """Enter the cast, each posted to her office; give how many there are. Safe to run again."""
    enter_offices()
    with as_job("setup"):
        for member in CAST:
            office = office_by_key(member.office_key)
            if office is None:
                raise LookupError(f"the office {member.office_key} of {member.key} is not in the tree")
            officer = officer_by_email(member.email)
            if officer is None:
                officer = add_officer(email=member.email, name=member.name, password=PASSWORD, second_factor=False)
            post_officer(officer=officer, office=office, role=member.role)
    return len(CAST)
