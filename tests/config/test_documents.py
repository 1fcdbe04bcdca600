"""The documents keep up with the code: every setting is listed, every file that is named is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
READ = re.compile(r"""\b(?:text|yes|whole|words|environ\.get)\(\s*["']([A-Z][A-Z_]+)["']""")
NAMED = re.compile(r"`((?:selaras|tests|docs|\.ci)/[\w/.-]+|[A-Z]+\.md|Makefile)`|\]\(([\w/.-]+)\)")
COMING = {"docs/pictures/headcount.png"}  # take a name out once it is there
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def test_operations_lists_every_setting_that_is_read():
    read = {name for path in (ROOT / "selaras").rglob("*.py") for name in READ.findall(path.read_text())}
    ours = {name for name in read if name.startswith(("SELARAS_", "DATABASE_"))}
    page = (ROOT / "docs" / "operations.md").read_text()
    assert len(ours) > 20, "the pattern no longer finds how settings are read"
    assert sorted(name for name in ours if f"`{name}`" not in page) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_a_page_names_is_there(page):
    named = {a or b for a, b in NAMED.findall(page.read_text())} - COMING
    gone = [name for name in named if not (ROOT / name).exists() and not (page.parent / name).exists()]
    assert gone == []


def test_the_readme_names_only_commands_that_exist():
    named = set(re.findall(r"^    make ([\w-]+)", (ROOT / "README.md").read_text(), re.MULTILINE))
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert named == {"demo", "test"}
    assert named <= targets
