"""What the import contract cannot see: first sentences, file sizes, no hidden imports, verbs in the role table, guarded addresses."""

import ast
import importlib
import pkgutil
import re
import subprocess
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import ForeignKey
from django.urls import URLPattern, URLResolver, get_resolver

import selaras
from selaras.ground.act import VERBS
from selaras.law.load import law
from tests.early import ROOT

ORDER = ["config", "doors", "samples", "steer", "insight", "reintegrate", "protect", "place", "market", "prepare", "reconcile", "agreements", "people", "ground", "engines", "law"]  # fmt: skip
LIMIT = 400
# Pages of allauth decide for themselves who may see them: sign-in, second factor, password, single sign-on.
LIBRARY = ("allauth.", "django.views.i18n", "django.views.static", "django.contrib.staticfiles")
# Engines hold no verb and no address, and this one needs what only its own extra brings.
SPARK = "selaras.engines.linkage.spark."
SOURCES = sorted(p for p in (ROOT / "selaras").rglob("*.py") if "/migrations/" not in str(p) and "/node_modules/" not in str(p))


def load_everything() -> None:
    for module in pkgutil.walk_packages(selaras.__path__, "selaras."):
        if not module.name.endswith("__main__") and not module.name.startswith(SPARK):
            importlib.import_module(module.name)


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_each_module_opens_with_a_sentence_and_stays_small(path: Path):
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    first = (ast.get_docstring(tree) or "").split("\n")[0]
    assert first.endswith((".", "?")), "the module opens with one plain sentence"
    assert text.count("\n") <= LIMIT, "a file past 400 lines becomes a folder of the same name"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            inside = [n for n in ast.walk(node) if isinstance(n, ast.ImportFrom) and (n.module or "").startswith("selaras")]
            assert not inside, f"{node.name} hides an import"


def test_no_room_is_called_by_what_it_is_not():
    banned = re.compile(r"(^|/)(utils?|helpers?|common|misc)(\.py|/|$)")
    assert [str(p) for p in SOURCES if banned.search(str(p.relative_to(ROOT)))] == []


def test_foreign_keys_follow_the_order_of_rooms():
    for model in apps.get_models():
        if not model.__module__.startswith("selaras."):
            continue
        room = model.__module__.split(".")[1]
        for field in model._meta.get_fields():
            if isinstance(field, ForeignKey) and field.related_model.__module__.startswith("selaras."):
                target = field.related_model.__module__.split(".")[1]
                assert ORDER.index(room) <= ORDER.index(target), f"{model.__name__}.{field.name} points forward"


def test_each_verb_stands_in_the_role_table_and_each_row_names_a_verb():
    load_everything()
    granted = {address for role in law().roles for address in role.may}
    assert set(VERBS) - granted == set(), "verbs that nobody may call"
    assert granted - set(VERBS) == set(), "rows that name no verb"


def addresses(patterns=None, prefix=""):
    for entry in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(entry, URLResolver):
            yield from addresses(entry.url_patterns, prefix + str(entry.pattern))
        elif isinstance(entry, URLPattern):
            yield prefix + str(entry.pattern), entry


def test_each_address_is_declared_public_or_guarded():
    undeclared = []
    for route, entry in addresses():
        view = entry.callback
        if not view.__module__.startswith(LIBRARY) and not hasattr(view, "door"):
            undeclared.append(route)
    assert undeclared == []


def test_each_guard_names_verbs_that_exist():
    load_everything()
    for route, entry in addresses():
        door = getattr(entry.callback, "door", "public")
        for address in () if door in ("public", ("any officer",), ("whoever is signed in by herself",)) else door:
            assert address in VERBS, f"{route} is guarded by {address}, which is no verb"


def test_nothing_committed_names_this_machine_or_a_package_registry():
    words = re.compile("|".join(["/wo" + "rk/", "/ro" + "ot/", r"py" + r"pi\.org", "python" + "hosted", r"npm" + r"js\.(org|com)"]))
    names = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    found = []
    for name in filter(None, names):
        path = ROOT / name
        if path.is_file() and words.search(path.read_text(encoding="utf-8", errors="ignore")):
            found.append(name)
    assert found == []


def test_each_decision_has_a_number_of_its_own_and_says_it():
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [page.name[:4] for page in pages]
    assert numbers == [f"{n:04d}" for n in range(1, len(pages) + 1)]
    assert [page.name for page in pages if not page.read_text(encoding="utf-8").startswith(f"# {page.name[:4]}")] == []
