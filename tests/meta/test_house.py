"""The house stays as it was drawn: who imports whom, two doors, sizes, generated pages."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.commands.tables import FOLDER, pages

ROOT = Path(__file__).resolve().parents[2]
OURS = ("app", "forms", "workflows")
STANDARD = frozenset(sys.stdlib_module_names)
# An import inside a function needs a reason: here they are.
LATE_IMPORTS: dict[str, str] = {}


def _sources(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", _sources("workflows"), ids=_name)
def test_workflows_import_the_standard_library_only(path: Path) -> None:
    foreign = {name for name in _imports(path) if name.partition(".")[0] not in STANDARD | {"workflows"}}

    assert foreign == set()
    assert {"random", "secrets", "time"}.isdisjoint(name.partition(".")[0] for name in _imports(path))


@pytest.mark.parametrize("path", _sources("forms"), ids=_name)
def test_forms_know_no_models(path: Path) -> None:
    allowed = STANDARD | {"forms", "workflows", "wtforms", "flask_babel", "markupsafe", "email_validator"}

    assert {name for name in _imports(path) if name.partition(".")[0] not in allowed} == set()


FORBIDDEN = {
    "app/models": ("flask", "forms", "app.services", "app.views", "app.gate"),
    "app/services": ("flask", "forms", "app.views", "app.gate"),
    "app/facts": ("flask", "forms", "app.views", "app.gate"),
}


@pytest.mark.parametrize("path", _sources(*FORBIDDEN), ids=_name)
def test_lower_layers_do_not_know_the_upper_ones(path: Path) -> None:
    folder = "/".join(path.relative_to(ROOT).parts[:2])
    wrong = {n for n in _imports(path) for f in FORBIDDEN[folder] if n == f or n.startswith((f + ".", f + "_"))}

    assert wrong == set()


@pytest.mark.parametrize(
    "path", [ROOT / "app" / f"{n}.py" for n in ("access", "relations", "scope", "act", "outbox")], ids=_name
)
def test_the_doors_know_no_web(path: Path) -> None:
    assert not {name for name in _imports(path) if name.startswith(("flask", "forms", "werkzeug"))}


def _assignments_of_state(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        targets = (
            node.targets
            if isinstance(node, ast.Assign)
            else [node.target]
            if isinstance(node, ast.AugAssign | ast.AnnAssign)
            else []
        )
        yield from (t for t in targets if isinstance(t, ast.Attribute) and t.attr == "state")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "setattr":
            yield from (a for a in node.args if isinstance(a, ast.Constant) and a.value == "state")


def test_only_the_first_door_assigns_a_state() -> None:
    doors = {_name(p) for p in _sources(*OURS) if any(_assignments_of_state(_tree(p)))}

    assert doors == {"app/services/transitions.py"}


def test_no_statement_updates_a_state_or_writes_an_event_elsewhere() -> None:
    pattern = re.compile(r"\.values\([^)]*\bstate=|(?<!threading\.)\bEvent\(")
    found = {_name(p) for p in _sources(*OURS) if pattern.search(p.read_text(encoding="utf-8"))}

    assert found - {"app/models/event.py"} == {"app/services/transitions.py"}


def _late_imports(path: Path) -> Iterator[str]:
    for function in ast.walk(_tree(path)):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from (
                f"{_name(path)}:{function.name}"
                for n in ast.walk(function)
                if isinstance(n, ast.Import | ast.ImportFrom)
            )


def test_imports_stand_at_the_top() -> None:
    late = {name for path in _sources(*OURS) for name in _late_imports(path)}

    assert late == set(LATE_IMPORTS)


@pytest.mark.parametrize("path", [*_sources(*OURS, "tools"), ROOT / "config.py"], ids=_name)
def test_files_and_functions_are_small(path: Path) -> None:
    tree = _tree(path)
    long = {
        node.name: node.end_lineno - node.lineno + 1
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno - node.lineno + 1 > 40
    }

    assert path.read_text(encoding="utf-8").count("\n") <= 300
    assert long == {}


def test_no_environment_is_read_outside_the_configuration() -> None:
    readers = {_name(p) for p in _sources(*OURS) if re.search(r"os\.(environ|getenv)", p.read_text(encoding="utf-8"))}

    assert readers <= {"app/confined/parent.py", "app/confined/child.py"}


def test_class_names_of_the_design_system_stand_in_components_and_layout_only() -> None:
    templates = ROOT / "templates"
    elsewhere = [
        _name(path)
        for path in sorted(templates.rglob("*.html"))
        if path.relative_to(templates).parts[0] not in ("components", "layout")
        and "ecl-" in path.read_text(encoding="utf-8")
    ]

    assert elsewhere == []


def test_templates_decide_nothing_and_carry_no_style_or_script() -> None:
    pattern = re.compile(r"\.state\s*(==|!=|in\b)|\|\s*safe\b|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=\"")
    found = [
        f"{_name(path)}: {match.group(0)}"
        for path in sorted((ROOT / "templates").rglob("*.html"))
        if not {"documents", "offline"} & set(path.parts)
        and (match := pattern.search(path.read_text(encoding="utf-8")))
    ]

    assert found == []


def test_the_pages_of_the_tables_are_up_to_date() -> None:
    stale = [
        name for name, text in pages().items() if not (FOLDER / name).exists() or (FOLDER / name).read_text() != text
    ]

    assert stale == [], "run ./escp tables"
