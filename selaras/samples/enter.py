"""Enters the invented offices and the cast into a copy, by the same verbs that an administrator uses."""

from datetime import date

from selaras.agreements.actions import sign_agreement
from selaras.agreements.queries import numbers_in_force
from selaras.ground.act import as_job
from selaras.ground.actions.officers import add_officer, post_officer
from selaras.ground.actions.offices import open_office
from selaras.ground.queries.offices import office_by_key, officer_by_email
from selaras.samples.cast import CAST
from selaras.samples.parties import LENDERS, PARTY_AGENCIES

AGREEMENT = "PKS-CONTOH-2026-01"
PASSWORD = "laut-tenang-2026-selaras"  # noqa: S105 (the demo prints it)


def enter_offices() -> None:
    """Open the offices that are not in the official tree: a one-stop desk, the agencies of the cast and the lenders."""
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
        for lender in LENDERS:
            if office_by_key(lender.key) is None:
                open_office(key=lender.key, kind="lender", name=lender.name, reach=[f"party:{lender.key}"], reason="demo")
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


def sign_the_agreement() -> str:
    """Enter the invented agreement under which the two ministries hand their registers over; give its number."""
    with as_job("setup"):
        if AGREEMENT not in {number for number, _ in numbers_in_force()}:
            sign_agreement(
                number=AGREEMENT,
                kind="pks",
                title="Perjanjian kerja sama contoh: penyelarasan SiskoP2MI dan Peduli WNI",
                parties="KP2MI, Kementerian Luar Negeri",
                since=date(2026, 1, 2),
                clauses=(
                    ("1", "siskop2mi_reconcile", "KP2MI menyerahkan SiskoP2MI untuk disatukan per orang."),
                    ("2", "peduliwni_reconcile", "Kemlu menyerahkan Peduli WNI untuk disatukan per orang."),
                    ("3", "returns_reconcile", "KP2MI menyerahkan daftar kepulangan dan kematian."),
                    ("4", "imigrasi_reconcile", "Ditjen Imigrasi menyerahkan perlintasan."),
                    ("5", "bpjs_reconcile", "BPJS Ketenagakerjaan menyerahkan kepesertaan PMI."),
                    ("6", "dukcapil_reconcile", "Kemendagri menyerahkan petikan data kependudukan."),
                    ("7", "gtog_reconcile", "KP2MI menyerahkan daftar penempatan G to G."),
                ),
            )
    return AGREEMENT
