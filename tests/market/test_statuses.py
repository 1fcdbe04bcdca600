"""Country and job status by date: for each day exactly one answer, without gap or overlap, as a slow and obvious reading says."""

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selaras.ground.act import NotThere, Refused, as_job
from selaras.ground.scope import acting
from selaras.market.actions.countries import (
    admit_to_channel,
    load_country_statuses,
    set_country_status,
    table,
    withdraw_country_status,
)
from selaras.market.jobs import covering, groups, jobs
from selaras.market.models import StatusChange
from selaras.market.queries.countries import country_open, history_of, jobs_apart, status_of
from selaras.market.statuses import STRICTNESS, UNLISTED, Change, on, spans
from selaras.people.places import country_known
from tests.market.demand import AGENCY, LICENSING, OWN, parties

DAY = dt.date(2026, 1, 1)
NAMES = ("", "household", "elderly_carer")
changes = st.lists(
    st.builds(
        Change,
        st.sampled_from([*NAMES, "crew"]),
        st.sampled_from(["open", "restricted", "stopped", "banned", "none"]),
        st.integers(0, 60).map(lambda n: DAY + dt.timedelta(n)),
    ),
    max_size=12,
    unique_by=lambda c: (c.job, c.since),
)


def slowly(known: list[Change], names: tuple[str, ...], day: dt.date) -> str:
    """Read all changes up to a day one after another, as a clerk would with a card for each name."""
    cards: dict[str, str] = {}
    for change in sorted(known, key=lambda c: c.since):
        if change.since <= day and change.job in names:
            cards[change.job] = change.channel
    held = [channel for channel in cards.values() if channel != "none"]
    return max(held, key=lambda c: STRICTNESS[c]) if held else UNLISTED


@given(changes, st.integers(-5, 70))
def test_each_day_has_one_answer_and_it_is_the_clerks(known, n):
    day = DAY + dt.timedelta(n)
    assert on(known, NAMES, day).channel == slowly(known, NAMES, day)
    fit = [s for s in spans(known, NAMES) if (s.since is None or s.since <= day) and (s.until is None or day <= s.until)]
    assert len(fit) == 1


@given(changes)
def test_the_spans_follow_one_another_without_gap_or_overlap(known):
    found = spans(known, NAMES)
    assert found[0].since is None and found[-1].until is None
    for before, after in pairwise(found):
        assert before.until is not None and after.since == before.until + dt.timedelta(1)
        assert before.decided_by != after.decided_by


@given(changes, st.sampled_from(NAMES), st.integers(0, 60))
def test_closing_the_country_closes_every_job_of_it(known, _name, n):
    day = DAY + dt.timedelta(n)
    known = [c for c in known if not (c.job == "" and c.since >= day)] + [Change("", "banned", day)]
    assert all(on(known, names, day).channel == "banned" for names in (("",), ("", "crew"), NAMES))


def test_the_tables_of_jobs_and_countries_hold_together():
    assert covering("elderly_carer") == ("", "household", "elderly_carer") and covering("") == ("",)
    rows = list(table())
    assert all(row["job"] in ("", *jobs(), *groups()) for row in rows if "job" in row)
    assert len({(row["country"], row.get("job", ""), row["since"]) for row in rows}) == len(rows)
    assert all(row["unsure"] for row in rows), "none of them quotes the deciding instrument itself"
    assert all(len(row["note"]) <= 300 and len(row["note_en"]) <= 300 and len(row["basis"]) <= 40 for row in rows)


@pytest.mark.django_db(databases=["default", "ledger"])
class TestInTheDatabase:
    def test_what_is_known_at_the_start_is_loaded_once_and_shown_as_unsure(self):
        with as_job("setup"):
            assert load_country_statuses() == len(list(table()))
            assert load_country_statuses() == 0
        assert all(country_known(c) for c in StatusChange.objects.values_list("country_id", flat=True))
        saudi = status_of("SAU", "elderly_carer", dt.date(2026, 11, 22))
        assert (saudi.channel, saudi.unsure) == ("restricted", True)
        assert status_of("SAU", "elderly_carer", dt.date(2017, 1, 1)).channel == "stopped"
        assert status_of("SAU", "welder", dt.date(2026, 11, 22)).channel == "open"
        assert country_open("KHM", "welder").code == "country.banned"
        answer = country_open("ZWE", "welder")
        assert (answer.value, answer.code) == ("not_yet", "country.unlisted")
        assert [name for name, _ in jobs_apart("SAU")] == ["household"]

    def test_a_later_decision_leaves_earlier_days_as_they_were(self):
        with as_job("setup"):
            load_country_statuses()
        with acting(LICENSING):
            row = set_country_status(country="TWN", channel="stopped", since=DAY, basis="Kepmen 1/2026", note_id="Wabah.", note_en="Epidemic.")
            again = set_country_status(country="TWN", channel="stopped", since=DAY, basis="Kepmen 1/2026", note_id="Wabah.")
            assert again.pk == row.pk, "a double click"
            with pytest.raises(Refused) as refusal:
                set_country_status(country="TWN", channel="open", since=DAY, basis="Kepmen 2/2026", note_id="Dibuka.")
            assert refusal.value.code == "status_there"
        assert status_of("TWN", "welder", DAY - dt.timedelta(1)).channel == "open"
        assert status_of("TWN", "welder", DAY).channel == "stopped"
        assert [s.channel for s in history_of("TWN")] == ["unlisted", "open", "stopped"]
        with acting(LICENSING):
            withdraw_country_status(status_id=row.pk, reason="salah negara")
        assert status_of("TWN", "welder", DAY).channel == "open"

    def test_a_restricted_channel_takes_the_agencies_that_were_admitted(self):
        parties()
        assert country_open("MYS", "child_carer", agency=OWN).code == "country.channel_only"
        with acting(LICENSING):
            first = admit_to_channel(country="MYS", job="household", agency=OWN, basis="Kepmen 3/2026")
            assert admit_to_channel(country="MYS", job="household", agency=OWN, basis="Kepmen 3/2026").pk == first.pk
        assert country_open("MYS", "child_carer", agency=OWN).met
        assert country_open("MYS", "child_carer", agency="contoh-lain").code == "country.channel_only"

    @pytest.mark.parametrize(
        ("wrong", "code"),
        [
            ({"country": "XXX"}, "unknown_country"),
            ({"country": "IDN"}, "unknown_country"),
            ({"channel": "perhaps"}, "unknown_channel"),
            ({"job": "astronaut"}, "unknown_job"),
            ({"basis": " "}, "basis_missing"),
            ({"note_id": ""}, "no_reason"),
        ],
    )
    def test_bad_input_is_refused_by_name(self, wrong, code):
        told = {"country": "TWN", "channel": "stopped", "since": DAY, "basis": "Kepmen 1/2026", "note_id": "Wabah.", **wrong}
        with acting(LICENSING), pytest.raises(Refused) as refusal:
            set_country_status(**told)
        assert refusal.value.code == code

    def test_only_the_licensing_officer_decides(self):
        with acting(AGENCY), pytest.raises(Refused) as refusal:
            set_country_status(country="TWN", channel="open", since=DAY, basis="x", note_id="y")
        assert refusal.value.code == "not_your_role"
        with acting(LICENSING), pytest.raises(NotThere):
            withdraw_country_status(status_id="00000000-0000-0000-0000-000000000000", reason="x")
