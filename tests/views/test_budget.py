"""What a page weighs, on real pages of a played call: a first visit and each next page stay within the budget."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.support.matrix import app_of, client_as
from tests.support.played import Moment, Village, found, moments
from tests.support.sharing import copy_of

KILOBYTE = 1000
HTML, CSS, JS, FONT, MORE_FONTS, MAP = (kb * KILOBYTE for kb in (15, 14, 24, 49, 85, 15))
FIRST_VISIT, NEXT_PAGE = 150 * KILOBYTE, 20 * KILOBYTE
LINKED = re.compile(r'(?:href|src)="(/static/[^"?]+)(?:\?[^"]*)?"')
# Whose page, at which moment, and its address.
PAGES = (
    (Moment.DRAFT, None, "/"),
    (Moment.DRAFT, None, "/calls"),
    (Moment.DRAFT, None, "/calls/{call}"),
    (Moment.DRAFT, None, "/expressions/{expression}"),
    (Moment.DRAFT, None, "/partners"),
    (Moment.DRAFT, None, "/about/permissions"),
    (Moment.DRAFT, "coordinator", "/applications/{application}"),
    (Moment.DRAFT, "coordinator", "/applications/{application}/consortium"),
    (Moment.DRAFT, "coordinator", "/applications/{application}/sections/idea"),
    (Moment.DRAFT, "coordinator", "/organisations/{lead}/edit"),
    (Moment.DRAFT, "invited", "/memberships/{membership_invited}"),
    (Moment.SCORING, "expert", "/assessments/{assessment}"),
    (Moment.SCORING, "call_manager", "/calls/{call}/cockpit"),
    (Moment.SCORING, "call_manager", "/applications/{application}/checks"),
    (Moment.CONSENSUS, "rapporteur", "/consensus/{consensus}"),
    (Moment.DECIDED, "programme_manager", "/decisions/{decision}"),
)  # fmt: skip


@pytest.fixture(scope="module")
def pages(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The text of each page, fetched at its moment."""
    folder = tmp_path_factory.mktemp("budget")
    database = copy_of(sqlite_template, folder)
    village = found(database, folder)
    app = app_of(village)
    fetched: dict[str, str] = {}
    for moment in moments(village):
        for persona, pattern in ((p, a) for m, p, a in PAGES if m is moment):
            fetched[pattern] = _fetch(client_as(app, village, persona), village, pattern)
        if moment is Moment.DECIDED:
            break
    yield fetched
    app.extensions["database"].close()
    database.close()


def _fetch(client: FlaskClient, village: Village, pattern: str) -> str:
    answer = client.get(pattern.format_map(village.things | village.organisations))
    assert answer.status_code == 200, (pattern, answer.status_code)
    return answer.text


def _weight(content: bytes) -> int:
    return len(gzip.compress(content, 9))


def _parts(page: str) -> dict[str, int]:
    """Weigh what a page brings along, by kind; fonts are compressed already."""
    weights = dict.fromkeys((".css", ".js", ".svg", ".woff2"), 0)
    for name in set(LINKED.findall(page)):
        path = Path("app") / name.removeprefix("/")
        kind = path.suffix
        weights[kind] = weights.get(kind, 0) + (
            len(path.read_bytes()) if kind == ".woff2" else _weight(path.read_bytes())
        )
    return weights


@pytest.mark.parametrize("pattern", [pattern for _moment, _persona, pattern in PAGES])
def test_a_page_keeps_to_its_budget(pages: dict[str, str], pattern: str) -> None:
    page = pages[pattern]
    html, parts = _weight(page.encode()), _parts(page)

    assert html <= HTML
    assert parts[".css"] <= CSS
    assert 0 < parts[".js"] <= JS
    assert 0 < parts[".woff2"] <= FONT
    assert parts[".svg"] <= MAP + KILOBYTE  # the map, and the mark
    assert html + sum(parts.values()) <= FIRST_VISIT
    assert html <= NEXT_PAGE


@pytest.mark.parametrize("pattern", [pattern for _moment, _persona, pattern in PAGES])
def test_a_page_asks_no_other_host(pages: dict[str, str], pattern: str) -> None:
    asked = re.findall(r'<(?:script|link|img|iframe|use|image)[^>]+(?:src|href)="(https?:[^"]*)"', pages[pattern])

    assert asked == []


def test_further_scripts_of_the_font_stay_within_theirs() -> None:
    sizes = {path.name: path.stat().st_size for path in Path("app/static/vendor").glob("inter-*.woff2")}

    assert sizes
    assert max(sizes.values()) <= MORE_FONTS + KILOBYTE
