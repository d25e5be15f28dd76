"""The office's lists: filters in the address, views, acts on several rows, exports, and moments of the past."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, func, select

from app.models import Application, Batch, Check, Event, Organisation, OrganisationMember, SavedView
from app.services.transitions import perform
from app.services.work.batch import rows_of
from app.services.work.office_lists import MODELS
from tests.support.beginnings import Begin
from tests.support.crowd import Crowd
from tests.support.evaluation import Evaluation
from tests.support.web import Browser, Web
from tests.support.world import World


class Three(Evaluation):
    """Three applications after the deadline: one ready to be admitted, one half checked, one with a formula for a name."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.ready, self.half, self.odd = (self.application(name) for name in ("READY", "HALF", "=SUM"))
        self.close()
        for application in (self.ready, self.odd):
            self.record(application)

    def record(self, application: Application) -> None:
        with self.world.act(self.manager) as act:
            for check in act.session.scalars(select(Check).where(Check.application_id == application.id)):
                met = check.proposed == "met"
                perform(act, check, "confirm" if met else "override", {} if met else {"reason": "Settled."})


@pytest.fixture
def three(begin: Begin) -> Three:
    found: Three = begin(Three)
    return found


def confirmed(browser: Browser, address: str) -> dict[str, Any]:
    """The hidden fields of the page that asks before a batch."""
    page = browser.get(address).text
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    found: dict[str, Any] = {"thing": [value for name, value in fields if name == "thing"]}
    return found | {name: value for name, value in fields if name not in ("thing", "csrf_token")}


def count(world: World, model: Any) -> int:
    with world.look() as act:
        return act.session.scalar(select(func.count()).select_from(model)) or 0


def test_several_are_done_at_once_each_by_itself_and_a_second_click_does_nothing(three: Three, web: Web) -> None:
    browser = web.client_of(three.manager)
    at = f"/calls/{three.call.id}/lists/applications"
    ids = [three.ready.id, three.half.id, three.odd.id]
    page = browser.get(f"{at}?stage=submitted").text
    asked = confirmed(browser, f"{at}/act?row=admit&" + "&".join(f"thing={key}" for key in ids))
    asks = browser.page.text if browser.page else ""

    assert re.search(r'<option value="admit">[^<]*\(3\)</option>', page)
    assert set(asked["thing"]) == {three.ready.id, three.odd.id}
    assert "checks are not recorded yet" in asks
    asked["thing"] += [three.half.id]  # whoever changes the form is judged once more
    asked[f"version-{three.half.id}"] = str(three.half.version + 1)
    with three.world.act(three.manager) as act:  # and one was changed by somebody else meanwhile
        act.session.get_one(Application, three.odd.id).title = "Another title"
    first = browser.post(f"{at}/act", asked)
    events = count(three.world, Event)
    second = browser.post(f"{at}/act", asked)
    done = browser.get(first.headers["Location"]).text

    assert first.headers["Location"] == second.headers["Location"]
    assert (count(three.world, Event), count(three.world, Batch)) == (events, 1)
    with three.world.look() as act:
        states = [act.session.get_one(Application, key).state.value for key in ids]
    assert states == ["eligible", "received", "received"]
    assert "2 were not done" in done
    assert "It was changed after you opened the page" in done
    assert "1 is done" in done
    assert web.client_of(three.second).get(first.headers["Location"]).headers["Location"] == at


def test_what_has_to_be_supplied_is_shared_and_a_mistake_keeps_what_was_typed(three: Three, web: Web) -> None:
    browser = web.client_of(three.manager)
    at = f"/calls/{three.call.id}/lists/checks"
    with three.world.look() as act:
        query = select(Check.id).where(Check.application_id == three.ready.id, Check.state == "met")
        checks = list(act.session.scalars(query))
    asked = confirmed(browser, f"{at}/act?row=reopen&" + "&".join(f"thing={key}" for key in checks))
    without = browser.post(f"{at}/act", asked)
    fine = browser.post(f"{at}/act", asked | {"reason": "The rule was read anew."})

    stale = browser.post(f"{at}/act", asked | {"reason": "Typed once more.", "act_id": "another"})

    assert (without.status_code, fine.status_code, stale.status_code) == (422, 303, 422)
    assert "Nothing was done" in stale.text
    assert "Typed once more." in stale.text
    assert without.text.count('name="thing"') == len(checks)
    with three.world.look() as act:
        assert {act.session.get_one(Check, key).state.value for key in checks} == {"open"}


def test_an_office_is_offered_its_own_rows_alone_and_none_that_has_to_be_ticked_for_each() -> None:
    rows = {of: set(rows_of(of)) for of in MODELS}

    assert rows["applications"] == {"admit", "find_inadmissible", "find_ineligible"}
    assert {"confirm", "override", "propose_refusal", "confirm_refusal", "return", "reopen"} == rows["checks"]
    assert {"publish", "clear", "bar", "remove", "move_due"} == rows["tasks"]
    assert rows["consensus"] == {"open", "redraft", "reopen"}


def test_a_row_is_opened_beside_its_list_by_a_plain_link(three: Three, web: Web) -> None:
    browser = web.client_of(three.manager)
    at = f"/calls/{three.call.id}/lists/applications?stage=submitted&page=1"
    closed = browser.get(at).text
    links = re.findall(r'href="([^"]*open=[^"]*)"', closed)
    opened = browser.get(links[0].replace("&amp;", "&").partition("#")[0]).text

    assert [link.partition("#row-")[2] for link in links] == [three.odd.id, three.half.id, three.ready.id]
    assert "stage=submitted" in links[0]
    assert "=SUM Cluster Organisation" not in closed
    assert opened.count("=SUM Cluster Organisation, Italy (coordinator)") == 2  # beside, and below on a narrow screen
    assert f'lists/applications/act?row=admit&amp;thing={three.odd.id}"' in opened
    assert f"open={three.half.id}#row-{three.half.id}" in opened.partition("Row after")[0].rpartition("href=")[2]
    assert ("Row before" in opened, "Checks recorded</a>" in opened) == (False, False)
    then = browser.get(f"{at}&open={three.odd.id}&as_of=2018-03-09T12:00").text
    assert ("Open its page" in then, "(coordinator)" in then) == (True, False)
    assert browser.get(f"{at}&open=nothing").text.count("Open its page") == 0


def test_a_view_is_kept_for_one_person_with_its_filters_and_taken_away(three: Three, web: Web) -> None:
    browser = web.client_of(three.manager)
    at = f"/calls/{three.call.id}/lists/applications"
    kept = browser.post(f"{at}/views?state=received&sort=-title&as_of=2018-03-09T12:00&else=x", {"name": "To check"})
    nameless = browser.post(f"{at}/views?state=received", {"name": " "})
    page = browser.get(at).text
    other = web.client_of(three.second)
    with three.world.look() as act:
        view = act.session.scalars(select(SavedView)).one()

    assert (kept.status_code, nameless.status_code) == (303, 422)
    assert view.query == "state=received&sort=-title"
    assert f'href="{at}?state=received&amp;sort=-title"' in page
    assert "To check" not in other.get(at).text
    assert other.post(f"{at}/views/{view.id}").status_code == 404
    assert browser.post(f"{at}/views/{view.id}").status_code == 303
    assert count(three.world, SavedView) == 0


def test_what_is_seen_is_taken_away_as_data_without_formulas(three: Three, web: Web) -> None:
    browser = web.client_of(three.manager)
    at = f"/calls/{three.call.id}/lists/applications"
    table = browser.get(f"{at}.csv?sort=title").text
    rows = list(csv.reader(io.StringIO(table.removeprefix("\ufeff"))))
    data: Any = browser.get(f"{at}.json?q=half").get_json()
    book = zipfile.ZipFile(io.BytesIO(browser.get(f"{at}.xlsx").data))
    sheets = [book.read(name) for name in book.namelist() if "sheet" in name]

    assert sorted(row[0] for row in rows[1:]) == ["'=SUM", "HALF", "READY"]
    assert (data["total"], data["lines"][0]["title"], data["lines"][0]["codes"]["state"]) == (1, "HALF", ["received"])
    assert any(b"=SUM" in book.read(name) for name in book.namelist())
    assert not any(b"<f>" in sheet for sheet in sheets)


def test_a_moment_of_the_past_shows_a_banner_no_acts_and_goes_with_exports(three: Three, web: Web) -> None:
    browser = web.client_of(three.manager)
    at = f"/calls/{three.call.id}/lists/applications"
    before = (three.world.now - timedelta(days=10)).strftime("%Y-%m-%dT%H:%M")
    page = browser.get(f"{at}?as_of={before}").text
    data: Any = browser.get(f"{at}.json?as_of={before}").get_json()
    late = browser.get(f"{at}?as_of=2099-01-01T00:00")

    assert "This is how it stood then" in page
    assert 'name="thing"' not in page
    assert {line["codes"]["state"][0] for line in data["lines"]} == {"submitted"}
    assert data["as_of"].startswith(before[:10])
    assert (late.status_code, "lies in the future: give a moment up to now" in late.text) == (422, True)
    assert browser.get(f"/calls/{three.call.id}/cockpit?as_of=soon").status_code == 422


def test_a_number_of_the_cockpit_leads_to_a_list_of_as_many(three: Three, web: Web) -> None:
    browser = web.client_of(three.manager)
    page = browser.get(f"/calls/{three.call.id}/cockpit").text
    stats = re.findall(r'stat__number">(\d+)</span> <a class="ecl-link" href="([^"]+)"', page)

    assert [int(number) for number, _address in stats] == [3, 0, 0, 0, 0, 0]
    for number, address in stats:
        path = address.replace("&amp;", "&").replace("?", ".json?")
        assert browser.get(path).get_json()["total"] == int(number)


def test_a_page_asks_the_database_as_often_for_many_applications_as_for_few(begin: Begin, web: Web) -> None:
    crowd = begin(Crowd, 3)
    browser, engine = web.client_of(crowd.manager), web.app.extensions["database"].engine
    pages = ["cockpit", f"cockpit?as_of={crowd.world.now:%Y-%m-%dT%H:%MZ}", *(f"lists/{of}" for of in MODELS)]

    def asked() -> list[int]:
        found = []
        for page in pages:
            browser.get(f"/calls/{crowd.call.id}/{page}")
            with queries(engine) as log:
                browser.get(f"/calls/{crowd.call.id}/{page}")
            found.append(len(log))
        return found

    few = asked()
    crowd.copies(57)
    assert asked() == few


@contextmanager
def queries(engine: Engine) -> Iterator[list[str]]:
    log: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        log.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield log
    event.remove(engine, "before_cursor_execute", note)


def test_who_is_tied_to_an_application_finds_it_in_no_list_and_acts_on_it_in_none(three: Three, web: Web) -> None:
    with three.world.act() as act:
        lead = act.session.scalars(select(Organisation).where(Organisation.name.startswith("HALF"))).one()
        act.session.add(
            OrganisationMember(
                id=act.new_id(), organisation_id=lead.id, person_id=three.manager.id, accepted=True,
                asked_at=three.world.now, answered_at=three.world.now,
            )
        )  # fmt: skip
    browser = web.client_of(three.manager)
    at = f"/calls/{three.call.id}/lists"
    for of in MODELS:
        then = three.world.now.strftime("%Y-%m-%dT%H:%MZ")
        for address in (f"{at}/{of}", f"{at}/{of}.json", f"{at}/{of}.csv", f"{at}/{of}.json?as_of={then}"):
            assert "HALF" not in browser.get(address).text
    assert "READY" in browser.get(f"{at}/applications").text
    assert "HALF" not in browser.get(f"{at}/applications/act?row=admit&thing={three.half.id}").text
    sent = {"row": "admit", "thing": three.half.id, f"version-{three.half.id}": "1", "act_id": "tied"}
    assert browser.post(f"{at}/applications/act", sent).status_code == 422
    with three.world.look() as act:
        assert act.session.get_one(Application, three.half.id).state.value == "received"
