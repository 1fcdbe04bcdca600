"""Two records, one person? By plain forms: propose a merge, answer a question, ask for papers, take a merge back."""

import pytest
from django.urls import reverse

from selaras.ground.scope import acting
from selaras.people.actions.correcting import correct
from selaras.people.models import Event, Identifier, Person
from selaras.people.telling import Stay
from tests.cast import actor
from tests.doors.test_people_pages import SECRETS, browser, text
from tests.people.someone import NIK, registered

pytestmark = pytest.mark.usefixtures("committed")


def two():
    """Siti of Haurkolot, and somebody whom Hong Kong registered with Siti's numbers."""
    her = registered().person_id
    other = registered("hongkong", name="Wagiyem", sex="", birth_date=None, home_area="", presence=Stay("HKG")).person_id
    with acting(actor("reviewer")):
        return her, other, Event.objects.get(kind="conflict").id


def test_a_merge_from_the_persons_page_needs_two_officers_and_is_taken_back():
    her, other, _ = two()
    client = browser("reviewer")
    assert reverse("person_merge", args=[her]) in text(client.get(reverse("person", args=[her])))
    found = client.post(reverse("person_merge", args=[her]), {"q": NIK})
    assert "1 other record fits." in text(found) and NIK not in text(found)
    compare = reverse("person_merge_with", args=[her, other])
    assert compare in text(found)
    assert compare in text(client.post(reverse("person_merge", args=[her]), {"q": "Wagiyem"}))
    page = text(client.get(compare))
    assert "Siti Nurhaliza binti Kasan" in page and "Wagiyem" in page and "•••• •••• •••• 0001" in page
    assert not any(secret in page for secret in SECRETS)
    form = {"keep": str(her), "reason": "foto sama", "one_version": 1, "other_version": 1}
    empty = client.post(compare, form | {"reason": ""})
    assert empty.status_code == 422 and "1 thing must" not in text(empty) and "One thing must be corrected" in text(empty)
    for _ in range(2):
        assert "It holds when a second officer says the same." in text(client.post(compare, form, follow=True))
    done = browser("second").post(compare, form | {"keep": str(other)}, follow=True)
    assert "Two officers agree: the two records are one now." in text(done)
    assert done.redirect_chain[-1][0] == reverse("person", args=[her]), "the record that the first officer kept"
    with acting(actor("reviewer")):
        merged = Event.objects.get(kind="merged")
        assert Person.objects.get(id=other).merged_into_id == her
    assert "These two are one record already." in text(client.post(compare, form, follow=True))
    back = reverse("person_unmerge", args=[her, merged.id])
    assert back in text(client.get(reverse("person", args=[her])))
    assert "2 stays" not in text(client.get(back)) and "1 stay" in text(client.get(back))
    assert client.post(back, {"reason": ""}).status_code == 422
    assert "there are two records again" in text(client.post(back, {"reason": "salah orang"}, follow=True))
    assert "taken back already" in text(client.post(back, {"reason": "salah orang"}, follow=True))
    with acting(actor("reviewer")):
        assert Person.objects.get(id=other).merged_into_id is None and Event.objects.filter(kind="unmerged").count() == 2


def test_a_search_that_finds_more_than_it_shows_says_so():
    her = registered().person_id
    for number in range(21):
        registered("hongkong", name=f"Wagiyem Sumarni {'ABCDEFGHIJKLMNOPQRSTU'[number]}ini", sex="", numbers=[], presence=Stay("HKG"))
    page = text(browser("reviewer").post(reverse("person_merge", args=[her]), {"q": "Wagiyem Sumarni"}))
    assert "The 20 records most alike." in page and "There may be more" in page


def test_a_record_that_changed_meanwhile_is_shown_anew():
    her, other, _ = two()
    client = browser("reviewer")
    compare = reverse("person_merge_with", args=[her, other])
    with acting(actor("dinas")):
        correct(person_id=her, version=1, changes={"mother": "Kartinah"}, reason="KTP")
    form = {"keep": str(her), "reason": "foto sama", "one_version": 1, "other_version": 1}
    page = client.post(compare, form)
    assert page.status_code == 409 and "Kartinah" in text(page) and 'value="foto sama"' in text(page) and 'value="2"' in text(page)
    assert client.post(compare, form | {"one_version": 2}).status_code == 302


def test_a_question_is_answered_by_two_and_the_registering_office_learns_nothing():
    her, other, conflict = two()
    client = browser("reviewer")
    listed = text(client.get(reverse("conflicts")))
    assert "1 question waits for your answer" in listed and "a number stands with both" in listed
    page = reverse("conflict", args=[conflict])
    shown = text(client.get(page))
    assert "The same number stands with both: NIK, Passport." in shown and not any(secret in shown for secret in SECRETS)
    assert client.post(page, {"verdict": "other", "reason": ""}).status_code == 422
    assert client.post(page, {"verdict": "queen", "reason": "x"}).status_code == 422
    answer = client.post(page, {"verdict": "one", "reason": "KTP asli dilihat"}, follow=True)
    assert "It holds when a second officer says the same." in text(answer) and "No question waits for your answer" in text(answer)
    second = browser("second")
    before = text(second.get(page))
    assert "hidden until you have answered yourself" in before and "KTP asli dilihat" not in before
    assert "Two persons" in (said := text(second.post(page, {"verdict": "one", "reason": "cocok"}, follow=True))) or "two persons" in said
    again = second.post(page, {"verdict": "one", "reason": "cocok"})
    assert again.status_code == 200 and "Settled:" in text(again) and "KTP asli dilihat" in text(again)
    with acting(actor("reviewer")):
        assert {i.doubt for i in Identifier.objects.filter(person_id=other, kind="nik")} == {"other"}
    there = text(browser("hongkong").get(reverse("person", args=[other])))
    assert "somebody else&#x27;s number" in there and "Siti" not in there and str(her) not in there
    assert "doubtful" not in text(browser("village").get(reverse("person", args=[her])))


def test_a_paper_is_asked_for_on_one_record_until_somebody_looks_at_it():
    her, other, conflict = two()
    client = browser("reviewer")
    ask = reverse("conflict_papers", args=[conflict])
    assert client.get(ask).status_code == 405
    assert client.post(ask, {"person": str(her), "what": ""}).status_code == 422
    assert client.post(ask, {"person": str(conflict), "what": "KTP"}).status_code == 422
    assert "Asked." in text(client.post(ask, {"person": str(other), "what": "Akta kelahiran"}, follow=True))
    desk = browser("hongkong")
    page = reverse("person", args=[other])
    assert "A paper is asked for:" in text(desk.get(page)) and "Akta kelahiran" in text(desk.get(page))
    desk.post(reverse("person_add", args=[other, "name"]), {"text": "Wagiyem binti Saleh", "kind": "passport"})
    assert "A paper is asked for:" not in text(desk.get(page))
    assert "A paper is asked for:" not in text(browser("village").get(reverse("person", args=[her])))


def test_who_may_not_merge_is_refused_and_another_person_is_not_there():
    her, other, conflict = two()
    for who in ("village", "dinas", "hongkong", "data", "auditor", "admin"):
        client = browser(who)
        for name, args in (("conflicts", []), ("conflict", [conflict]), ("person_merge", [her]), ("person_merge_with", [her, other])):
            assert client.get(reverse(name, args=args)).status_code == 403, (who, name)
    client = browser("reviewer")
    for name, args in (("conflict", [her]), ("person_merge_with", [her, conflict]), ("person_merge_with", [her, her]), ("person_unmerge", [her, conflict])):
        assert client.get(reverse(name, args=args)).status_code == 404, name
