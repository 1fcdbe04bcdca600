"""The stage of the stories: does each sentence on the real pages, as whom it names, and looks for what the page is said to answer."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from django.db import connections
from django.utils import timezone

from selaras.ground.scope import acting
from selaras.law.load import law
from selaras.people.actions.facts import Scan, add_fact, verify_fact
from selaras.people.actions.steps import do_step
from selaras.people.course import FIT
from selaras.people.jobs import end_places
from selaras.people.papers import Written
from selaras.people.queries.journeys import JourneyView, open_journey
from selaras.place.actions.passes import STEP as CARD
from selaras.place.actions.passes import issue_pass
from tests.stories.officers import Officer
from tests.stories.screens import JOURNEY, PDF, PERSON, Screens, actor_for
from tests.stories.telling import AGENCY, PEOPLE, Sentence


class Stage(Screens):
    """One story being played."""

    def play(self) -> None:
        """Do every sentence in turn; a sentence whose answer is not on the page fails with what stands there instead."""
        for number, sentence in enumerate(self.tale.sentences, 1):
            try:
                officer = getattr(self, sentence.doing)(**sentence.what)
            except Exception as fault:
                raise AssertionError(f"{self.tale.scheme} {number}. {sentence.words}\n{fault}\n{self._seen(sentence)}") from None
            self._look_for(number, sentence, officer)

    def _look_for(self, number: int, sentence: Sentence, officer: Officer | None) -> None:
        if sentence.says:
            assert officer is not None
            read = officer.reads()
            for said in sentence.says:
                wanted = ".{1,60}?".join(re.escape(part) for part in said.split("…"))
                assert re.search(wanted, read), f"{self.tale.scheme} {number}. {sentence.words}\nnot there: {said}\n{read}"

    def _seen(self, sentence: Sentence) -> str:
        officer = self.screens.get(sentence.what.get("who", ""))
        return f"{officer.page.url}: {officer.reads()}" if officer is not None else ""

    # ---- the person ----

    def registers(self, who: str, birth: str, nik: str) -> Officer:
        """Register the hero."""
        officer = self._at(who, "/people/new/")
        hero = self.tale.hero
        self._fill(officer.page, {
            "name": hero.name, "sex": hero.sex, "birth": birth, "nik": nik, "regency": "3212", "village": "3212012007",
        })  # fmt: skip
        self._send(officer.page)
        assert PERSON.search(officer.page.url) and "Registered." in officer.reads()
        self.person = officer.page.url
        return officer

    def enters(self, who: str, kind: str, reason: str) -> Officer:
        """Take the hero in from the side."""
        officer = self._at(who, "/journeys/")
        self._press(officer.page, "main a[href$='/journeys/enter/']")
        hero = self.tale.hero
        self._fill(officer.page, {
            "kind": kind, "on": self._day("today"), "name": hero.name, "sex": hero.sex, "birth": hero.birth, "nik": hero.nik,
            "regency": "3212", "village": "3212012007", "reason": reason,
        })  # fmt: skip
        self._send(officer.page)
        assert PERSON.search(officer.page.url), officer.reads()
        self.person = officer.page.url
        return officer

    def corrects(self, who: str, changes: Mapping[str, str]) -> Officer:
        """Correct the record."""
        officer = self._at(who, self.person)
        self._press(officer.page, "main a[href$='/correct/']")
        self._fill(officer.page, changes)
        self._send(officer.page)
        return officer

    # ---- the journey ----

    def begins(self, who: str, scheme: str, country: str, agency: str, job_order: str, begun: bool) -> Officer:
        """Begin the journey from the person's page."""
        officer = self._at(who, self.person)
        self._press(officer.page, "main a[href$='/journey/']")
        self._fill(officer.page, {"scheme": scheme, "country": country, "agency": agency, "job_order": job_order})
        self._send(officer.page)
        assert bool(JOURNEY.search(officer.page.url)) is begun, officer.reads()
        if begun:
            assert "The journey has begun." in officer.reads()
            self.journey = officer.page.url
        return officer

    def restarts(self, who: str) -> Officer:
        """Begin again after a journey that ended."""
        officer = self._at(who, self.journey)
        self._press(officer.page, "main a[href$='/again/']")
        self.form = "main form"
        self._send(officer.page)
        assert "The journey has begun again" in officer.reads()
        self.journey = officer.page.url
        return officer

    def looks(self, who: str) -> Officer:
        """Look at the journey."""
        return self._at(who, self.journey)

    def leads(self, who: str, aim: Mapping[str, str]) -> Officer:
        """Say where the journey leads."""
        officer = self._at(who, self.journey)
        self._press(officer.page, "main a[href$='/lead/']")
        self._fill(officer.page, aim)
        self._send(officer.page)
        return officer

    def does(self, who: str, step: str, kinds: Iterable[str]) -> Officer:
        """Bring the papers of a step, and do it by its button."""
        for kind in kinds:
            self.brings(who, kind, {}, True)
        officer = self._at(who, self.journey)
        self._press(officer.page, f"form[action$='/steps/{step}/do/'] button")
        assert "Done." in officer.reads(), officer.reads()
        return officer

    def tries(self, who: str, step: str) -> Officer:
        """Try a step for which the page of the journey shows no button."""
        officer = self._at(who, self.journey)
        assert not officer.page.locator(f"form[action$='/steps/{step}/do/']").count()
        self._at(who, f"{self.journey}steps/{step}/do/")
        self.form = "main form"
        self._send(officer.page)
        return officer

    def leaves_out(self, who: str, step: str, why: str) -> Officer:
        """Leave a step out."""
        officer = self._at(who, self.journey)
        self._press(officer.page, f"main a[href$='/steps/{step}/skip/']")
        self._fill(officer.page, {"reason": why})
        self._send(officer.page)
        return officer

    def brings(self, who: str, kind: str, changes: Mapping[str, str], kept: bool) -> Officer:
        """Write a paper down, by the link that the page of the journey shows for it."""
        officer = self._at(who, self.journey)
        link = f"main a[href$='/papers/add/{kind}/']"
        if not officer.page.locator(f"{link} >> visible=true").count():
            officer.page.locator("main details:has(a[href*='/papers/add/']) > summary").click()
        self._press(officer.page, link)
        self._fill(officer.page, self._paper(kind, changes))
        self._send(officer.page)
        assert ("The paper is kept." in officer.reads()) is kept, officer.reads()
        return officer

    def renews(self, who: str, kind: str, changes: Mapping[str, str]) -> Officer:
        """Put a newer paper in the place of one."""
        officer = self._at(who, self.journey)
        self._press(officer.page, self._of_paper(officer.page, kind).locator("a[href$='/newer/']"))
        self._fill(officer.page, self._paper(kind, changes))
        self._send(officer.page)
        return officer

    def verifies(self, who: str, kind: str, verdict: str, words: str) -> Officer:
        """Say of a paper whether it is real."""
        officer = self._at(who, self.journey)
        self._press(officer.page, self._of_paper(officer.page, kind).locator("a[href$='/verify/']"))
        self._fill(officer.page, {"verdict": verdict, "path": "manual", "words": words})
        self._send(officer.page)
        return officer

    def mends(self, who: str, changes: Mapping[str, str]) -> Officer:
        """Correct what a form refused, and send it again; what was typed still stands there."""
        officer = self._at(who)
        self._fill(officer.page, {n: self._day(v) if n in ("issued_on", "valid_until") else v for n, v in changes.items()}, self.form)
        self._send(officer.page)
        return officer

    def goes_on(self, steps: Iterable[tuple[str, str]], unverified: Iterable[str]) -> Officer:
        """Do steps by their verbs, with their papers, as whom the law names; then look whether the page shows each as done."""
        for step, who in steps:
            view = self._view()
            line = next(line for line in view.lines if line.rule.id == step)
            for kind in [r.params["evidence"] for r in line.reasons if "evidence" in r.params]:
                self._bring(view, kind, who, verified=kind not in unverified)
            with acting(actor_for(who)):
                if step == CARD:
                    issue_pass(journey_id=view.id)
                else:
                    do_step(journey_id=view.id, step=step, version=view.version)
        officer = self._at(next(iter(steps))[1], self.journey)
        done = [" ".join(text.split()) for text in officer.page.locator("ol.steps-list > li.done").all_inner_texts()]
        titles = {line.rule.id: line.rule.label_en for line in self._view().lines}
        missing = [
            step for step, who in steps if not any(text.startswith(titles[step]) and PEOPLE[who].name in text for text in done)
        ]
        assert not missing, f"not shown as done: {missing}; {done}"
        return officer

    def _bring(self, view: JourneyView, kind: str, who: str, *, verified: bool) -> None:
        row = law().evidence_of(kind, view.started_on)
        assert row is not None, kind
        told = self._paper(kind, {})
        paper = Written(
            kind, told["number"] if row.number else "", told["issuer"], timezone.localdate(), date.fromisoformat(told["valid_until"]) if told["valid_until"] else None,
            FIT if row.private else "",
        )  # fmt: skip
        with acting(actor_for(who)):
            scan = Scan([PDF], "berkas.pdf") if row.file == "required" else None
            kept = add_fact(person_id=view.person_id, journey_id=view.id, paper=paper, scan=scan)
        looks = next((key for key in ("dinas", "bp3mi", self.tale.mission) if PEOPLE[key].role in row.verifiers), "")
        if verified and looks:
            with acting(actor_for(looks)):
                verify_fact(fact_id=kept.fact_id, seen="stated", verdict="verified", words="Dokumen asli dilihat")

    def _view(self) -> JourneyView:
        with acting(actor_for("dinas")):
            return open_journey(self._id())

    # ---- time ----

    def time_passes(self, months: int) -> None:
        """Let months pass: every day that the journey and its papers bear moves back."""
        back = f"{months} months"
        moved = {
            "people_journey": ("started_on",), "people_journeystep": ("since", "due", "place_until", "done_on"),
            "people_fact": ("issued_on", "valid_until"),
        }  # fmt: skip
        with connections["owner"].cursor() as cursor:
            for table, columns in moved.items():
                days = ", ".join(f"{column} = ({column} - %s::interval)::date" for column in columns)
                cursor.execute(f"update {table} set {days}", [back] * len(columns))

    def night(self, who: str) -> Officer:
        """Let the job of the night run, then look at the journey."""
        assert end_places() == 1
        return self._at(who, self.journey)

    # ---- contract and costs ----

    def writes_contract(self, who: str, without: str) -> Officer:
        """Write down what the signed contract says, but for one term."""
        officer = self._at(who, self.journey)
        self._press(officer.page, "main .acts a[href$='/contracts/']")
        self._press(officer.page, "main a[href$='/contracts/write/contract/']")
        fields = officer.page.locator("main form [name^=term_]").evaluate_all("all => all.map(e => e.name)")
        terms = {name: "sebagaimana tertulis" for name in fields if name != f"term_{without}"}
        self._fill(officer.page, terms | {
            "signed_on": self._day("today"), "until": self._day("in five years"), "job": "factory_worker", "wage": "29.500", "currency": "TWD",
            "per": "month", "hours": "40", "employer": "Yuehai Precision Co. Ltd.", "place": "No. 123 Zhongshan Road, Taoyuan, Taiwan",
            "deductions": "0",
        })  # fmt: skip
        self._send(officer.page)
        return officer

    def pays(self, who: str) -> Officer:
        """Write a payment down with its receipt, without the amount."""
        officer = self._at(who, self.journey)
        self._press(officer.page, "main .acts a[href$='/costs/']")
        self._fill(officer.page, {"item": "passport", "payer": "worker", "currency": "IDR"}, "main form:has([name=amount])")
        self._send(officer.page)
        return officer

    # ---- the gate ----

    def _gate(self, who: str, act: str) -> tuple[Officer, str]:
        officer = self._at(who, self.journey)
        self._press(officer.page, "main .acts a[href^='/gate/']")
        return officer, f"form[action$='/{act}/']"

    def decides(self, who: str, button: str, words: str) -> Officer:
        """Decide what the list leaves open, by the button that the page shows."""
        officer, form = self._gate(who, "decide")
        assert officer.page.locator(f"{form} .form-acts button").inner_text() == button, officer.reads()
        self._fill(officer.page, {"justification": words}, form)
        self._send(officer.page)
        return officer

    def confirms(self, who: str, words: str) -> Officer:
        """Confirm as the second officer."""
        officer, form = self._gate(who, "second")
        self._fill(officer.page, {"justification": words, "answer": "confirm"}, form)
        self._send(officer.page)
        return officer

    def objects(self, who: str, words: str) -> Officer:
        """Write an appeal down."""
        officer, form = self._gate(who, "appeal")
        self._fill(officer.page, {"words": words}, form)
        self._send(officer.page)
        return officer

    def grants(self, who: str, words: str) -> Officer:
        """Answer an appeal: the hold is set aside."""
        officer, form = self._gate(who, "answer")
        self._fill(officer.page, {"answer": "grant", "words": words}, form)
        self._send(officer.page)
        return officer

    def says_of(self, who: str, condition: str, words: str) -> Officer:
        """Say that a condition does not hold."""
        officer, form = self._gate(who, "condition")
        self._fill(officer.page, {"holds": "no", "words": words}, f"{form}:has([name=condition][value={condition}])")
        self._send(officer.page)
        return officer

    # ---- the market ----

    def asks_order(self, who: str) -> Officer:
        """Ask for a job order."""
        officer = self._at(who, "/market/job-orders/")
        self._press(officer.page, "main a[href$='/job-orders/new/']")
        self._fill(officer.page, {
            "employer": "Yuehai Precision", "job": "factory_worker", "title": "Operator mesin CNC", "places": "5", "wage": "29500",
            "currency": "TWD", "hours": "40", "months": "36", "letter": "YH-2026-11",
        })  # fmt: skip
        self._send(officer.page)
        self.order = officer.page.url
        return officer

    def _changes(self, who: str, path: str, act: str, values: Mapping[str, str]) -> Officer:
        officer = self._at(who, path)
        self._press(officer.page, f"main a[href$='/{act}/']")
        self._fill(officer.page, values)
        self._send(officer.page)
        return officer

    def attests(self, who: str, number: str) -> Officer:
        """Attest the job order."""
        return self._changes(who, self.order, "attest", {"number": number, "until": (timezone.localdate() + timedelta(365)).isoformat()})

    def asks_permit(self, who: str) -> Officer:
        """Ask for the permit to recruit."""
        return self._changes(who, self.order, "permit", {"draft_placement": "PP/2026/1", "draft_contract": "PK/2026/1"})

    def issues(self, who: str, number: str) -> Officer:
        """Issue the permit that waits."""
        officer = self._at(who, "/market/permits/")
        self._press(officer.page, "main table a")
        self._press(officer.page, "main a[href$='/issue/']")
        self._fill(officer.page, {"number": number})
        self._send(officer.page)
        return officer

    def suspends(self, who: str) -> Officer:
        """Suspend the agency, from three days ago on."""
        told = {"reason": "Pekerja di negara lain tidak ditolong", "basis": "UU18:37", "since": (timezone.localdate() - timedelta(3)).isoformat()}
        return self._changes(who, f"/market/agencies/{AGENCY}/", "suspend", told)

    def lifts(self, who: str) -> Officer:
        """Lift the suspension."""
        return self._changes(who, f"/market/agencies/{AGENCY}/", "lift", {"reason": "Kewajibannya sudah dipenuhi"})
