"""The quality of a linkage in the portal: draw, read blindly by plain forms, see precision and recall; what verdicts changed."""

import pytest
from django.urls import reverse

from selaras.ground.scope import acting
from selaras.reconcile.models import DrawnPair, Run
from tests.cast import actor
from tests.doors.test_headcount_pages import browser
from tests.reconcile.test_sampling import drawn, linked, read_all

pytestmark = pytest.mark.usefixtures("committed")


def test_a_reviewer_draws_reads_and_undoes_by_plain_forms():
    run = linked()
    client = browser("reviewer")
    assert reverse("sample", args=[run]) in client.get(reverse("run", args=[run])).content.decode()
    offer = client.get(reverse("sample", args=[run])).content.decode()
    assert "No sample of this linkage was drawn yet" in offer and "Draw it and begin to read" in offer
    refused = client.post(reverse("sample_draw", args=[run]), {"size": "7"})
    assert refused.status_code == 403 and "Between 20 and 1,000 pairs can be drawn." in refused.content.decode()
    shown = client.post(reverse("sample_draw", args=[run]), {"size": "20"}, follow=True)
    with acting(actor("reviewer")):
        first, second = DrawnPair.objects.filter(turn__in=[0, 1]).order_by("turn").values_list("pk", flat=True)
    assert shown.redirect_chain[-1][0] == reverse("drawn", args=[first])
    page = shown.content.decode()
    assert "Pair 1 of 20" in page and 'data-key="s 1"' in page
    for told in ("What the model weighed", "in 100 such pairs", "/people/", "What this judgement changes"):
        assert told not in page.split("<main")[1], "blind"
    answer = client.post(reverse("drawn_read", args=[first]), {"verdict": "same"}, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("drawn", args=[second]) + f"?last={first}"
    assert "Undo the pair before" in answer.content.decode()
    client.post(reverse("drawn_unread", args=[first]))
    with acting(actor("reviewer")):
        assert DrawnPair.objects.get(pk=first).verdict == ""


@pytest.mark.parametrize(("language", "words"), [("en", ("precision", "95 % interval", "Read: 20 of 20")), ("id", ("presisi", "Selang 95 %", "Dibaca: 20 dari 20"))])
def test_the_result_stands_with_its_interval_in_both_languages(language: str, words: tuple[str, ...]):
    run = linked()
    drawn(run)
    read_all(run)
    page = browser("auditor", language).get(reverse("sample", args=[run])).content.decode()
    assert all(word in page for word in words)
    assert reverse("sample_next", args=[run]) not in page, "an auditor reads no rows"
    nothing = browser("reviewer").get(reverse("sample_next", args=[run]))
    assert nothing.headers["Location"] == reverse("sample", args=[run])


def test_the_page_of_a_run_says_what_verdicts_changed():
    run = linked()
    told = {
        "verdicts": 90, "drawn": 20, "held": 70, "spread": 0.2, "persons": [1000, 990], "links": [500, 510],
        "weights": {"name": 0.12, "birth": 0.0}, "count": [[900.0, 880.0, 920.0], [890.0, 885.0, 895.0]],
    }  # fmt: skip
    client = browser("reviewer")
    page = reverse("run", args=[run])
    assert "verdicts changed" not in client.get(page).content.decode()
    with acting(actor("reviewer")):
        found = Run.objects.get(pk=run)
        Run.objects.filter(pk=run).update(counts=found.counts | {"taught": told})
    shown = client.get(page).content.decode()
    assert "With 90 verdicts (20 from a drawn sample)" in shown and "Name 0.12" in shown and "Birth date 0.00" not in shown
