"""Totals, rates and ceilings stand beside the budget while it is written: the server adds up, with script and without."""

from __future__ import annotations

import re

from app.models import Answer
from tests.support.application import Consortium, a_draft
from tests.support.web import Browser, Web, web
from tests.support.world import World

__all__ = ["web"]  # the fixture
ROW = "q_budget_table-0-c_"


def budget_page(draft: Consortium) -> str:
    return f"/applications/{draft.application.id}/sections/budget"


def typed(browser: Browser, address: str, grant: str, **more: str) -> dict[str, str]:
    """Fill one line of the budget as it stands on the page."""
    page = browser.get(address).text
    partner = re.search(
        r'<select[^>]*name="q_budget_table-0-c_partner".*?<option value="([a-z2-7]{26})"', page, re.DOTALL
    )
    assert partner is not None
    costs = re.findall(r'name="(q_budget_table-0-c_(?!partner|grant)\w+)"', page)
    return {
        "n_budget_table": "0",
        f"{ROW}partner": partner[1],
        f"{ROW}grant": grant,
        costs[0]: "100,000.00",
        **more,
    }


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_recalculating_shows_sums_and_ceilings_and_stores_nothing(web: Web, world: World) -> None:
    draft = a_draft(world)
    browser = web.client_of(draft.coordinator)
    data = typed(browser, budget_page(draft), "90000")

    page = browser.post(budget_page(draft), data | {"sums": "budget_table"})

    sums = text_of(page.text[page.text.index('id="sums-') :])
    assert page.status_code == 200
    assert "What it adds up to" in sums
    assert "90,000" in sums
    assert "The grant may cover at most 75 %" in sums
    assert 'value="90000"' in page.text
    with world.look() as act:
        assert act.session.query(Answer).filter(Answer.question == "budget_table").count() == 0


def test_saving_while_typing_answers_with_the_new_sums(web: Web, world: World) -> None:
    draft = a_draft(world)
    browser = web.client_of(draft.coordinator)
    data = typed(browser, budget_page(draft), "60000")

    answer = browser.post(budget_page(draft), data, headers={"HX-Request": "true"})

    assert answer.status_code == 200
    assert re.search(r'<section id="sums-\w+"[^>]*hx-swap-oob="true"', answer.text)
    assert "60,000" in answer.text


def test_before_any_figure_the_page_says_what_will_stand_there(web: Web, world: World) -> None:
    draft = a_draft(world)

    page = web.client_of(draft.coordinator).get(budget_page(draft)).text

    assert "Totals and rates stand here as soon as there are figures." in page
