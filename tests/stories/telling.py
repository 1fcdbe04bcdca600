"""The language of the stories: each sentence is a doing on a page, and the same sentence written out for people.

It knows the law's tables and nothing else: `python -m tests.stories.tales` writes docs/stories.md. The stage (stage.py) does the
sentences in a browser. What a page answers is quoted in a sentence (`says`), and the stage looks for it on the page: so nothing
stands in the documentation that was not seen.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from selaras.law.load import law
from selaras.law.shapes import Step

WRITTEN_ON = date(2026, 11, 22)
"""The day by whose law the stories are written out."""
PAGE = Path(__file__).parents[2] / "docs" / "stories.md"
AGENCY = "contoh-jaya"


@dataclass(frozen=True, slots=True)
class Somebody:
    """An officer of the stories: the name that the pages show, her role, her office. Who is not of the tests' cast is entered for a story."""

    name: str
    role: str
    office: str
    of_cast: bool = True

    @property
    def first(self) -> str:
        """Give the name by which the stories call her."""
        return self.name.partition(" ")[0].strip(",")


PEOPLE = {
    "village": Somebody("Desi dari Desa Haurkolot", "village_officer", "desa-3212012007"),
    "dinas": Somebody("Indra di Dinas Indramayu", "dinas_officer", "kabkota-3212"),
    "agency": Somebody("Agus di PT Contoh Jaya", "agency_officer", "p3mi-contoh-jaya"),
    "bp3mi": Somebody("Bima di BP3MI Jawa Barat", "bp3mi_officer", "bp3mi-jawa-barat"),
    "colleague": Somebody("Wulan di BP3MI Jawa Barat", "bp3mi_officer", "bp3mi-jawa-barat", of_cast=False),
    "taipei": Somebody("Tia di KDEI Taipei", "mission_officer", "kdei-taipei"),
    "hongkong": Somebody("Hana di KJRI Hong Kong", "mission_officer", "kjri-hong-kong"),
    "seoul": Somebody("Sekar di KBRI Seoul", "mission_officer", "kbri-seoul", of_cast=False),
    "tokyo": Somebody("Tuti di KBRI Tokyo", "mission_officer", "kbri-tokyo", of_cast=False),
    "berlin": Somebody("Bela di KBRI Berlin", "mission_officer", "kbri-berlin", of_cast=False),
    "licensing": Somebody("Lina, petugas perizinan", "licensing_officer", "kp2mi"),
}
# How the page of stories introduces each, once a story.
OFFICES = {
    "village": "the village office of Haurkolot", "dinas": "the labour office of Indramayu", "agency": "the agency PT Contoh Jaya",
    "bp3mi": "the regional office BP3MI Jawa Barat", "colleague": "another officer of BP3MI Jawa Barat",
    "taipei": "the mission in Taipei", "hongkong": "the consulate in Hong Kong", "seoul": "the embassy in Seoul",
    "tokyo": "the embassy in Tokyo", "berlin": "the embassy in Berlin", "licensing": "licensing at the ministry",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hero:
    """Whose story it is, born on a day as officers type it."""

    name: str
    sex: str
    birth: str
    number: int

    @property
    def first(self) -> str:
        """Give the first name."""
        return self.name.partition(" ")[0]

    @property
    def she(self) -> str:
        """Give the pronoun."""
        return "she" if self.sex == "F" else "he"

    @property
    def her(self) -> str:
        """Give the possessive."""
        return "her" if self.sex == "F" else "his"

    @property
    def nik(self) -> str:
        """Make the number that somebody of Haurkolot with this birthday bears."""
        day, month, year = self.birth.split("-")
        return f"321201{int(day) + 40 * (self.sex == 'F'):02}{month}{year[2:]}{self.number:04}"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: its words, the doing of the stage with what it needs, and what the page answers ("…" stands for what changes)."""

    words: str
    doing: str
    what: Mapping[str, Any]
    says: tuple[str, ...] = ()


@dataclass(slots=True)
class Tale:
    """One story: whose, in which scheme, what goes wrong; its methods are the verbs of the language and add one sentence each."""

    scheme: str
    hero: Hero
    wish: str
    wrong: str
    mission: str
    setting: str = ""
    sentences: list[Sentence] = field(default_factory=list)
    done: set[str] = field(default_factory=set)
    brought: set[str] = field(default_factory=set)
    known: set[str] = field(default_factory=set)

    @property
    def steps(self) -> tuple[Step, ...]:
        """Give the steps of the scheme in their order."""
        return law().steps_of(self.scheme, WRITTEN_ON)

    @property
    def people(self) -> tuple[str, ...]:
        """Give the officers who may come up: the agency only where one places."""
        placed = law().scheme(self.scheme, WRITTEN_ON)
        assert placed is not None
        agency = ("agency",) if placed.placing == "p3mi" else ()
        return ("village", *agency, "dinas", "bp3mi", self.mission)

    def step(self, step_id: str) -> Step:
        """Give a step of the scheme; a step that it has not is a fault of the story."""
        found = law().step(self.scheme, step_id, WRITTEN_ON)
        assert found is not None, f"{self.scheme} has no step {step_id}"
        return found

    def who_does(self, step_id: str) -> str:
        """Give the first of the story's people whom the law names for a step; the worker's own page does no step."""
        by = self.step(step_id).by
        found = next((key for role in by for key in self.people if PEOPLE[key].role == role), None)
        assert found is not None, f"nobody in the story of {self.scheme} may do {step_id}"
        return found

    def _add(self, words: str, doing: str, says: Iterable[str] = (), /, **what: Any) -> None:
        self.sentences.append(Sentence(words, doing, what, tuple(says)))

    def _name(self, who: str) -> str:
        """Call somebody by her first name, with her office the first time."""
        first = PEOPLE[who].first
        if who in self.known:
            return first
        self.known.add(who)
        return f"{first}, {OFFICES[who]}," if who == "colleague" else f"{first} of {OFFICES[who]}"

    def called(self, step_id: str) -> str:
        """Write a step's name in both languages."""
        step = self.step(step_id)
        return f"**{step.label}** ({step.label_en})"

    def registers(self, who: str, birth: str = "") -> None:
        """She is registered; with another birth date than hers, her number is left out."""
        self._add(
            f"{self._name(who)} registers {self.hero.name} of Haurkolot, Indramayu.", "registers", who=who,
            birth=birth or self.hero.birth, nik="" if birth else self.hero.nik,
        )  # fmt: skip

    def enters_refused(self, who: str, reason: str, says: Iterable[str]) -> None:
        """She is taken in from the side: refused at the border when leaving."""
        self._add(
            f"{self._name(who)} takes {self.hero.name} in without any placement, as somebody who was refused at the border when leaving.",
            "enters", says, who=who, kind="refused_exit", reason=reason,
        )  # fmt: skip

    def begins(self, who: str, *, country: str = "", agency: str = "", job_order: str = "", says: Iterable[str] = (), begun: bool = True) -> None:
        """Her journey is begun, or refused with what the page says."""
        scheme = law().scheme(self.scheme, WRITTEN_ON)
        assert scheme is not None
        did = "begins" if begun else "wants to begin"
        self._add(
            f"{self._name(who)} {did} {self.hero.her} journey: **{scheme.label}** ({scheme.label_en}).", "begins", says,
            who=who, scheme=self.scheme, country=country, agency=agency, job_order=job_order, begun=begun,
        )  # fmt: skip

    def corrects(self, who: str, words: str, **changes: str) -> None:
        """The record is corrected, with the reason."""
        self._add(words, "corrects", ("Corrected.",), who=who, changes=changes)
        self._name(who)

    def does(self, who: str, step_id: str, says: Iterable[str] = ()) -> None:
        """She does a step on the journey's page, after bringing each paper that it asks for and that no sentence brought."""
        assert PEOPLE[who].role in self.step(step_id).by, f"the law gives {step_id} to others"
        kinds = [k for k in self.step(step_id).evidence if k not in self.brought]
        self.done.add(step_id)
        self.brought |= set(kinds)
        name = self._name(who)
        papers = f"brings {_listed([_paper(k) for k in kinds])}, and does the step" if kinds else "does the step"
        self._add(f"{name} {papers} {self.called(step_id)}.", "does", says, who=who, step=step_id, kinds=kinds)

    def brings(self, who: str, kind: str, words: str, says: Iterable[str] = (), *, kept: bool = True, **changes: Any) -> None:
        """She writes a paper down; what is given differs from a sound paper. `kept` is False when the page refuses it."""
        self.brought.add(kind)
        self._name(who)
        self._add(words, "brings", says, who=who, kind=kind, changes=changes, kept=kept)

    def renews(self, who: str, kind: str, words: str, says: Iterable[str] = (), **changes: Any) -> None:
        """She puts a newer paper in the place of one."""
        self._name(who)
        self._add(words, "renews", says or ("The paper is kept.",), who=who, kind=kind, changes=changes)

    def mends(self, who: str, words: str, says: Iterable[str], **changes: Any) -> None:
        """She corrects the form that was refused, in which everything typed still stands, and sends it again."""
        self._add(words, "mends", says, who=who, changes=changes)

    def looks(self, who: str, words: str, says: Iterable[str]) -> None:
        """She looks at the journey's page."""
        self._name(who)
        self._add(words, "looks", says, who=who)

    def verifies(self, who: str, kind: str, verdict: str = "verified", words: str = "Dokumen asli dilihat") -> None:
        """She says whether a paper is real."""
        said = {"verified": "it is real and holds", "refused": "it does not count"}[verdict]
        self._add(
            f"{self._name(who)} looks at the {_paper(kind)} and says: {said}.", "verifies", ("Noted what you said of the paper.",),
            who=who, kind=kind, verdict=verdict, words=words,
        )  # fmt: skip

    def tries(self, who: str, step_id: str, words: str, says: Iterable[str]) -> None:
        """She tries a step whose turn has not come."""
        self._name(who)
        self._add(words, "tries", says, who=who, step=step_id)

    def leaves_out(self, who: str, step_id: str, why: str, meaning: str) -> None:
        """She leaves a step out that the law lets be left out."""
        self.done.add(step_id)
        self._add(
            f"{self._name(who)} leaves out the step {self.called(step_id)}, which is optional: {meaning}.", "leaves_out",
            ("Left out.",), who=who, step=step_id, why=why,
        )  # fmt: skip

    def goes_on(self, until: str, unverified: Iterable[str] = ()) -> None:
        """The steps before one are done as others were on the pages, by whom the law names; the page shows each as done."""
        steps = []
        for step in self.steps:
            if step.id == until:
                break
            if step.id not in self.done and not step.optional:
                steps.append((step.id, self.who_does(step.id)))
                self.done.add(step.id)
                self.brought |= set(step.evidence)
        names = "".join(f"\n- {self.called(step)}: {self._name(who)}" for step, who in steps)
        self._add(f"So it goes on; the page of the journey shows as done:{names}", "goes_on", steps=steps, unverified=tuple(unverified))

    def holds(self, who: str, words: str, says: Iterable[str]) -> None:
        """She holds the worker at the gate."""
        self._add(
            f"At the gate {self._name(who)} sees what is missing, and holds {self.hero.first}, with a justification.", "decides",
            (*says, "Decided: held."), who=who, button="Hold the worker", words=words,
        )  # fmt: skip

    def allows(self, who: str, words: str) -> None:
        """She lets the worker leave."""
        self.done.add("gate")
        self._add(
            f"{self._name(who)} does the step {self.called('gate')}: every line that decides is met. {self.hero.first} may leave.",
            "decides", ("Decided: may leave.",), who=who, button="The worker may leave", words=words,
        )  # fmt: skip

    def proposes(self, who: str, words: str) -> None:
        """She proposes to let a worker leave who was held."""
        self._add(
            f"{self._name(who)} proposes to let {self.hero.first} leave; after a hold, one officer is not enough.", "decides",
            ("Proposed. A second officer must confirm it, since the worker was held.",),
            who=who, button="Propose: the worker may leave", words=words,
        )  # fmt: skip

    def confirms(self, who: str, words: str) -> None:
        """A second officer confirms."""
        self.done.add("gate")
        self._add(
            f"{self._name(who)} looks at the lines and confirms. With it the step {self.called('gate')} is done.", "confirms",
            ("Confirmed: the worker may leave.",), who=who, words=words,
        )  # fmt: skip

    def objects(self, who: str, words: str, meaning: str) -> None:
        """An appeal is written down."""
        self._add(
            f"{self.hero.first} objects, and {self._name(who)} writes {self.hero.her} words down: {meaning}", "objects",
            ("The appeal is written down. Somebody who did not decide answers it.",), who=who, words=words,
        )  # fmt: skip

    def grants(self, who: str, words: str) -> None:
        """Somebody who did not decide sets the hold aside."""
        self._add(
            f"{self._name(who)} answers, who did not decide: the hold is set aside, and {self.hero.first} is judged anew.", "grants",
            ("the hold is set aside",), who=who, words=words,
        )  # fmt: skip

    def says_of(self, who: str, condition: str, question: str, words: str) -> None:
        """She says that a condition of the gate does not hold here."""
        self._add(
            f"The gate asks: “{question}” No register tells it; {self._name(who)} says no, and how one knows.", "says_of",
            (question, "Noted."), who=who, condition=condition, words=words,
        )  # fmt: skip

    def leads(self, who: str, words: str, **aim: str) -> None:
        """She says where the journey leads."""
        self._name(who)
        self._add(words, "leads", ("Written down.",), who=who, aim=aim)

    def tell(self, words: str, doing: str, says: Iterable[str] = (), /, **what: Any) -> None:
        """Anything else: a doing of the stage in the story's own words."""
        if (who := what.get("who")) is not None:
            self._name(who)
        self._add(words, doing, says, **what)

    def comes_home(self) -> None:
        """Departure, arrival, return and the village's record, each on its page by whom the law names."""
        for step in self.steps:
            if step.id not in self.done and not step.optional:
                who = "bp3mi" if step.id == "return" else self.mission if "mission_officer" in step.by else self.who_does(step.id)
                self.does(who, step.id, ("finished",) if step.ends else ())


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _paper(kind: str) -> str:
    row = law().evidence_of(kind, WRITTEN_ON)
    assert row is not None, kind
    return f"“{row.label_en}”"


def article(basis: str) -> str:
    """Write a basis as the pages do."""
    return law().cite(basis, "en")


HEAD = """# Stories: one journey for each scheme

This page is made from the stories of the tests by `python -m tests.stories.tales`; a test fails while it is not current. Each story is
one person's way from the village to departure and home again, with one thing going wrong and being mended. Every sentence is done by the
officer whom the law names, on the real pages in a real browser; what is quoted was read there. All people and papers are invented.
Where a story says “so it goes on”, steps like those that were clicked in other stories are done without clicks, and then looked at on the
page. What a story finds in the register before it begins (a licensed agency, a job order) is said above its sentences.
Pages come in Indonesian and in English; quotes are in English, and "…" stands for a date or a number.
"""


def written(tales: Iterable[Tale]) -> str:
    """Write the stories out as one page."""
    parts = [HEAD]
    for tale in tales:
        scheme = law().scheme(tale.scheme, WRITTEN_ON)
        assert scheme is not None
        parts.append(f"## {scheme.label_en}\n\n*{scheme.label}* (`{scheme.id}`)\n")
        parts.append(f"{tale.wish} **What goes wrong:** {tale.wrong}\n")
        if tale.setting:
            parts.append(f"{tale.setting}\n")
        parts.append("\n".join(_item(n, sentence) for n, sentence in enumerate(tale.sentences, 1)) + "\n")
    return "\n".join(parts).rstrip() + "\n"


def _item(number: int, sentence: Sentence) -> str:
    indent = " " * (len(str(number)) + 2)
    words = sentence.words.replace("\n", f"\n{indent}")
    lines = [f"{number}. {words[0].upper()}{words[1:]}"]
    lines += [f"{indent}> {said}" if n == 0 else f"{indent}>\n{indent}> {said}" for n, said in enumerate(sentence.says)]
    return "\n".join(lines)
