"""Both languages are complete, and the tool that says so finds what it should find."""

import gettext
import subprocess
import sys

import pytest

from selaras.doors.cli import messages


def test_every_text_has_its_indonesian():
    assert [str(fault) for fault in messages.check()] == []


HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'


@pytest.fixture
def house(tmp_path):
    """A small package with one Python file and one template, and an empty locale folder."""
    root = tmp_path / "house"
    (root / "door" / "templates").mkdir(parents=True)
    (root / "locale" / "id").mkdir(parents=True)
    (root / "room.py").write_text(
        "from gettext import gettext as _, ngettext, pgettext\n"
        '_("Open the file")\n'
        'ngettext("%(count)s row", "%(count)s rows", 2)\n'
        'pgettext("month", "May")\n'
    )
    (root / "door" / "templates" / "page.html").write_text(
        '{% load i18n %}\n<p>{% translate "Hello" %}</p>\n'
        "    {% blocktranslate trimmed %}\n  Dear {{ name }},\n  come in\n {% endblocktranslate %}\n"
        '<a title="{% translate "More" %}">{{ x|default:_("None") }}</a>'
    )
    return root


def fragment(house, name, *entries):
    (house / "locale" / "id" / name).write_text(HEAD + "\n\n".join(entries) + "\n", "utf-8")


def entry(msgid, msgstr, before=""):
    return f'{before}msgid "{msgid}"\nmsgstr "{msgstr}"'


WHOLE = (
    entry("Open the file", "Buka berkas"),
    'msgid "%(count)s row"\nmsgid_plural "%(count)s rows"\nmsgstr[0] "%(count)s baris"',
    entry("May", "Mei", 'msgctxt "month"\n'),
    entry("Hello", "Halo"),
    entry("Dear %(name)s, come in", "%(name)s, silakan masuk"),
    entry("More", "Selengkapnya"),
    entry("None", "Tidak ada"),
)


def faults(house):
    found = messages.check(house, house / "locale")
    return {(fault.kind, fault.text.split(" → ")[0]) for fault in found if "allauth" not in fault.place}


def test_extract_names_file_and_line(house):
    found = messages.extract(messages.sources(house), house)
    assert found["", "Hello"].places == ["door/templates/page.html:2"]
    assert found["", "Open the file"].places == ["room.py:2"]
    assert ("month", "May") in found
    assert found["", "%(count)s row"].plural == "%(count)s rows"
    assert ("", "Dear %(name)s, come in") in found
    assert ("", "None") in found


def test_whole_catalogue_has_no_fault_and_compiles(house):
    fragment(house, "door.po", *WHOLE)
    assert faults(house) == set()
    counts = messages.compile_all(house / "locale")
    assert counts == {"id": len(WHOLE), "en": 0}
    with (house / "locale" / "id" / "LC_MESSAGES" / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert compiled.gettext("Hello") == "Halo"
    assert compiled.pgettext("month", "May") == "Mei"
    assert compiled.ngettext("%(count)s row", "%(count)s rows", 1) == "%(count)s baris"
    assert compiled.ngettext("%(count)s row", "%(count)s rows", 5) == "%(count)s baris"


def test_two_processes_at_once_leave_a_whole_catalogue(house):
    for n in range(20):
        fragment(house, f"door{n}.po", *(entry(f"Text {n} {m}", f"Teks {n} {m}") for m in range(50)))
    script = "import sys, pathlib; from selaras.doors.cli import messages\nfor _ in range(10): messages.compile_all(pathlib.Path(sys.argv[1]))"
    both = [subprocess.Popen([sys.executable, "-c", script, house / "locale"], stderr=subprocess.PIPE, text=True) for _ in range(2)]
    assert [one.communicate(timeout=200)[1] for one in both] == ["", ""]
    folder = house / "locale" / "id" / "LC_MESSAGES"
    with (folder / "django.mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Text 19 49") == "Teks 19 49"
    assert [path.name for path in folder.iterdir()] == ["django.mo"], "nothing half written is left"


def test_missing_empty_and_fuzzy_are_named(house):
    fragment(
        house, "door.po", entry("Hello", ""), entry("Open the file", "Buka", "#, fuzzy\n"), *WHOLE[1:3], *WHOLE[4:]
    )
    assert faults(house) == {("empty Indonesian", "Hello"), ("fuzzy", "Open the file")}
    fragment(house, "door.po", *WHOLE[1:])
    assert faults(house) == {("no Indonesian", "Open the file")}


def test_lost_placeholder_is_named(house):
    fragment(house, "door.po", *WHOLE[:4], entry("Dear %(name)s, come in", "Silakan masuk"), *WHOLE[5:])
    assert faults(house) == {("placeholders differ", "Dear %(name)s, come in")}
    fragment(house, "door.po", WHOLE[0], WHOLE[1].replace("%(count)s baris", "baris"), *WHOLE[2:])
    assert faults(house) == {("placeholders differ", "%(count)s row")}


def test_two_fragments_may_agree_but_not_differ(house):
    fragment(house, "door.po", *WHOLE)
    fragment(house, "room.po", entry("Hello", "Halo"))
    assert faults(house) == set()
    fragment(house, "room.po", entry("Hello", "Hai"))
    assert faults(house) == {("translated otherwise in door.po:16", "Hello")}
    with pytest.raises(ValueError, match="Hello"):
        messages.compile_all(house / "locale")


def test_unused_translation_is_named(house):
    fragment(house, "door.po", *WHOLE, entry("Gone", "Hilang"))
    assert [fault.text for fault in messages.unused(house, house / "locale")] == ["Gone"]


def test_bare_text_in_a_template_is_named(house):
    fragment(house, "door.po", *WHOLE)
    page = house / "door" / "templates" / "page.html"
    page.write_text(page.read_text() + '\n<p>Welcome back</p><img alt="A picture"><code>NIK</code> Selaras {{ x }} 12')
    assert faults(house) == {("text outside translate", "Welcome back"), ("text outside translate", "A picture")}


def test_broken_fragment_is_named(house):
    (house / "locale" / "id" / "door.po").write_text('msgid "Hello"\n<<<<<<< ours\nmsgstr "x"')
    assert any(fault.kind == "unreadable" for fault in messages.check(house, house / "locale"))
