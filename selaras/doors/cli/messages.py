"""Catalogues without a system gettext: merge each room's fragments, compile them, find what is not translated."""

import io
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import allauth
import click
import django
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parents[2]
LOCALE = PACKAGE / "locale"
DEFAULT = "id"
# English is the language of the msgids; its empty catalogue stops Django from falling back to Indonesian.
LANGUAGES = (DEFAULT, "en")
# Babel takes Indonesian for a language with two plural forms; it has one.
PLURALS = {DEFAULT: (1, "nplurals=1; plural=0;"), "en": (2, "nplurals=2; plural=(n != 1);")}
KEYWORDS = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3), "npgettext_lazy": ((1, "c"), 2, 3),
}  # fmt: skip
# Libraries bring their own catalogues; these parts of allauth are on our screens: what they miss is ours to add.
SHOWN_OF_ALLAUTH = ("account", "mfa", "core", "templates/account", "templates/mfa")
# Django's own catalogues that are loaded: its core, and those of the apps in INSTALLED_APPS.
LOADED_OF_DJANGO = ("conf", "contrib/auth", "contrib/contenttypes", "contrib/humanize", "contrib/sessions")
PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|%([sdif])|\{(\w*)\}")
Key = tuple[str, str]  # context (or ""), msgid


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a catalogue or a source: where, what kind, and the text concerned."""

    place: str
    kind: str
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.kind}: {self.text}"


@dataclass
class Message:
    """A text to translate as the sources have it, with every place it stands at."""

    context: str
    msgid: str
    plural: str | None = None
    places: list[str] = field(default_factory=list)


def fragments(locale: Path = LOCALE, language: str = DEFAULT) -> list[Path]:
    """The fragment files of a language, in a fixed order."""
    return sorted((locale / language).glob("*.po"))


def sources(root: Path = PACKAGE) -> Iterator[Path]:
    """Every Python file and every template under a folder that may hold a text to translate."""
    for path in sorted(root.rglob("*")):
        parts = path.relative_to(root).parts
        if "migrations" in parts or "vendor" in parts:
            continue
        if path.suffix == ".py" or (path.suffix in (".html", ".txt") and "templates" in path.parts):
            yield path


def extract(paths: Iterator[Path], root: Path) -> dict[Key, Message]:
    """All texts to translate in these files, with the places (file:line, relative to root)."""
    found: dict[Key, Message] = {}
    for path in paths:
        text = path.read_text("utf-8")
        if path.suffix != ".py":
            # Inside brackets the tokenizer does not mind a template's indentation.
            text = "(" + templatize(text, origin=str(path)) + "\n)"
        code = io.BytesIO(text.encode())
        for line, name, args, _comments in extract_python(code, KEYWORDS, (), {"encoding": "utf-8"}):
            message = _message(name, args)
            if message is None:
                continue
            message = found.setdefault((message.context, message.msgid), message)
            message.places.append(f"{path.relative_to(root)}:{line}")
    return found


def _message(name: str, args: object) -> Message | None:
    words = [args] if isinstance(args, str) else list(args or ())  # type: ignore[call-overload]
    context = ""
    if "pgettext" in name:
        context, words = words[0], words[1:]
    if not words or not isinstance(words[0], str) or not words[0]:
        return None  # a variable: it was marked where its text stands
    plural = words[1] if name.startswith("n") and len(words) > 1 else None
    return Message(context or "", words[0], plural if isinstance(plural, str) else None)


def merge(paths: list[Path], language: str = DEFAULT) -> tuple[Catalog, list[Fault]]:
    """All fragments as one catalogue, and the faults: one text translated in two ways, or an unreadable file."""
    merged = Catalog(locale=language, domain="django", charset="utf-8")
    merged.fuzzy = False  # a catalogue marked fuzzy would be ignored
    forms, header = PLURALS[language]
    merged.mime_headers = [("Content-Type", "text/plain; charset=utf-8"), ("Plural-Forms", header)]
    faults, origin = [], {}
    for path in paths:
        try:
            with path.open("rb") as file:
                catalog = read_po(file, locale=language, abort_invalid=True)
        except Exception as error:  # Babel raises several kinds; each one's text names the line
            faults.append(Fault(path.name, "unreadable", str(error)))
            continue
        for message in catalog:
            if not message.id:
                continue
            if isinstance(message.string, tuple | list):
                message.string = tuple(message.string)[:forms]
            place = f"{path.name}:{message.lineno or 0}"
            key = _key(message.context, message.id)
            text = _text(message.id)
            if key in origin:
                if _strings(merged.get(text, message.context or None).string) != _strings(message.string):
                    faults.append(Fault(place, f"translated otherwise in {origin[key]}", text))
                continue
            origin[key] = place
            if message.fuzzy:
                faults.append(Fault(place, "fuzzy", text))
            faults += _placeholder_faults(place, message.id, message.string)
            merged.add(message.id, message.string, context=message.context, flags=message.flags - {"fuzzy"})
    return merged, faults


def compile_all(locale: Path = LOCALE) -> dict[str, int]:
    """Write django.mo for each language; return how many texts each holds. ValueError when fragments conflict."""
    counts = {}
    for language in LANGUAGES:
        catalog, faults = merge(fragments(locale, language), language)
        broken = [fault for fault in faults if fault.kind.startswith(("translated otherwise", "unreadable"))]
        if broken:
            raise ValueError("\n".join(map(str, broken)))
        folder = locale / language / "LC_MESSAGES"
        folder.mkdir(parents=True, exist_ok=True)
        # A name of its own: a running server never reads half a catalogue, and two processes at once write two files.
        part = folder / f".{uuid4().hex}.part.mo"
        try:
            with part.open("xb") as file:
                write_mo(file, catalog)
            part.replace(folder / "django.mo")
        finally:
            part.unlink(missing_ok=True)
        counts[language] = len(catalog)
    return counts


def check(root: Path = PACKAGE, locale: Path = LOCALE) -> list[Fault]:
    """What keeps a reader of Indonesian from reading a page: missing, empty, fuzzy, conflicting, mismatched texts."""
    catalog, faults = merge(fragments(locale))
    brought = provided()
    wanted = extract(sources(root), root)
    for key, message in extract(_shown_of_allauth(), Path(allauth.__file__).parent.parent).items():
        wanted.setdefault(key, message)
    for key, message in wanted.items():
        entry = catalog.get(message.msgid, message.context or None)
        if entry is None:
            if key not in brought:
                faults.append(Fault(message.places[0], "no Indonesian", message.msgid))
        elif not all(_strings(entry.string)):
            faults.append(Fault(message.places[0], "empty Indonesian", message.msgid))
    for path in sources(root):
        if path.suffix == ".html":
            faults += bare_text(path, root)
    return faults


def unused(root: Path = PACKAGE, locale: Path = LOCALE) -> list[Fault]:
    """Translations whose text stands in no source any more."""
    catalog, _ = merge(fragments(locale))
    wanted = set(extract(sources(root), root))
    wanted |= set(extract(_shown_of_allauth(), Path(allauth.__file__).parent.parent))
    missing = [message for message in catalog if message.id and _key(message.context, message.id) not in wanted]
    return [Fault("locale", "not used", _text(message.id)) for message in missing]


def provided() -> set[Key]:
    """Texts that Django's and allauth's own Indonesian catalogues translate."""
    found: set[Key] = set()
    folders = [Path(django.__file__).parent / part for part in LOADED_OF_DJANGO]
    for folder in (*folders, Path(allauth.__file__).parent):
        path = folder / "locale" / DEFAULT / "LC_MESSAGES" / "django.mo"
        if path.is_file():
            with path.open("rb") as file:
                found |= {_key(m.context, m.id) for m in read_mo(file) if m.id and all(_strings(m.string))}
    return found


_CODE = re.compile(
    r"{%\s*comment.*?endcomment\s*%}|{#.*?#}|{%\s*blocktrans(?:late)?\b.*?endblocktrans(?:late)?\s*%}|<!--.*?-->"
    r"|<(script|style|code|svg)\b.*?</\1>|{%.*?%}|{{.*?}}",
    re.DOTALL,
)
_SPOKEN = re.compile(r"""\b(?:alt|title|placeholder|aria-label|aria-description)=["']([^"']*)["']""")


def bare_text(path: Path, root: Path) -> list[Fault]:
    """Words in a template that stand outside translate tags, in the page or in a spoken attribute."""
    # Blanked, not cut: the lines keep their numbers.
    blank = _CODE.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), path.read_text("utf-8"))
    spoken = [(m.start(1), m.group(1)) for m in _SPOKEN.finditer(blank)]
    plain = re.sub(r"<[^>]*>", lambda m: re.sub(r"[^\n]", "<", m.group()), blank)
    words = [(m.start(), m.group()) for m in re.finditer(r"[^\W\d_]{2,}[^\n<]*", plain)]
    where = path.relative_to(root)
    return [
        Fault(f"{where}:{blank.count(chr(10), 0, start) + 1}", "text outside translate", text.strip())
        for start, text in (*spoken, *words)
        if re.search(r"[^\W\d_]{2,}", text) and not re.fullmatch(r"(?:Selaras|&\w+;|\W|\d)+", text.strip())
    ]


def _shown_of_allauth() -> Iterator[Path]:
    for part in SHOWN_OF_ALLAUTH:
        yield from sources(Path(allauth.__file__).parent / part)


def _placeholder_faults(place: str, msgid: object, string: object) -> list[Fault]:
    wanted = _placeholders(msgid[-1] if isinstance(msgid, tuple) else str(msgid))
    wrong = [s for s in _strings(string) if s and _placeholders(s) != wanted]
    return [Fault(place, "placeholders differ", f"{_text(msgid)} → {text}") for text in wrong]


def _placeholders(text: str) -> list[str]:
    return sorted(match.group() for match in PLACEHOLDER.finditer(text.replace("%%", "")))


def _text(msgid: object) -> str:
    return msgid[0] if isinstance(msgid, tuple | list) else str(msgid)


def _key(context: str | bytes | None, msgid: object) -> Key:
    # Babel hands over the context of a compiled catalogue as bytes.
    return (context.decode() if isinstance(context, bytes) else context or "", _text(msgid))


def _strings(string: object) -> tuple[str, ...]:
    return tuple(string) if isinstance(string, tuple | list) else (str(string or ""),)


def _as_po(faults: list[Fault]) -> str:
    todo, sheet = {(f.place, f.text) for f in faults if f.kind == "no Indonesian"}, Catalog(locale=DEFAULT)
    sheet.mime_headers = [("Plural-Forms", PLURALS[DEFAULT][1])]
    for message in extract(sources(), PACKAGE).values():
        if (message.places[0], message.msgid) in todo:
            msgid = (message.msgid, message.plural) if message.plural else message.msgid
            sheet.add(msgid, context=message.context or None, auto_comments=[message.places[0]])
    file = io.BytesIO()
    write_po(file, sheet, omit_header=True, width=0)
    return file.getvalue().decode()


@click.group(help="Texts in Indonesian and English: compile the catalogues, find what is missing.")
def messages() -> None:
    """The command group `selaras messages`."""


@messages.command("compile", help="Merge the fragments of every room and write django.mo.")
def compile_command() -> None:
    """`selaras messages compile`."""
    try:
        counts = compile_all()
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    click.echo("Catalogues: " + ", ".join(f"{language} {count}" for language, count in counts.items()) + " texts.")


@messages.command("check", help="Report missing, empty, fuzzy, conflicting, mismatched and unused translations.")
@click.option("--po", is_flag=True, help="Print what is missing as entries ready for a fragment.")
def check_command(po: bool) -> None:
    """`selaras messages check`: exit 1 when a reader of Indonesian would meet English."""
    faults = check()
    if po:
        click.echo(_as_po(faults))
        return
    for fault in (*faults, *unused()):
        click.echo(str(fault))
    click.echo(f"{len(faults)} faults." if faults else "Every text has its Indonesian.")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    messages()
