"""Pages of an anonymous call: one list to go through, nothing of who applies, files without what they say inside."""

from __future__ import annotations

import io
import re

import pikepdf
import pytest
from sqlalchemy import select

from app.models import Disclosure, File
from app.services.anonymising.plain_copies import copying, want_plain_copies
from app.services.transitions import create, perform
from app.store import Store
from tests.support.application import a_pdf
from tests.support.beginnings import Begin
from tests.support.blind import ALPHA, BETA, GAMMA, Blind
from tests.support.web import Browser, Web
from workflows.relations import Relation as R

HIDDEN = ("ALPHA in full", "BETA in full")  # titles: names of organisations stand on the list alone


@pytest.fixture
def blind(begin: Begin) -> Blind:
    found: Blind = begin(Blind)
    return found


def _go_through(blind: Blind, expert: Browser, *names: str) -> str:
    listed = blind.listed()
    data = {"shown": list(listed.values()), "organisation": [listed[name] for name in names], "secret": "yes"}
    return expert.post(f"/disclosures/{blind.id}", data, follow=True).text


def test_the_way_leads_from_the_list_of_tasks_to_the_list_of_organisations(blind: Blind, web: Web) -> None:
    expert = web.client_of(blind.person)

    mine = expert.get("/assessments").text
    page = expert.get(f"/disclosures/{blind.id}").text

    assert f"/disclosures/{blind.id}" in mine
    assert not any(title in mine + page for title in HIDDEN)
    assert all(name in page for name in (ALPHA, BETA, GAMMA))
    assert expert.get(f"/assignments/{blind.tasks[0].id}").headers["Location"].endswith(f"/disclosures/{blind.id}")
    assert expert.get(f"/applications/{blind.one.id}").status_code == 404


def test_after_declaring_an_expert_sees_the_other_task_by_its_number_alone(blind: Blind, web: Web) -> None:
    expert = web.client_of(blind.person)

    after = _go_through(blind, expert, ALPHA)

    assert blind.two.number in after
    assert blind.one.number not in after
    assert not any(title in after for title in HIDDEN)
    task = expert.get(f"/assignments/{blind.tasks[1].id}").text
    assert "BETA" not in task
    barred = expert.get(f"/assignments/{blind.tasks[0].id}")
    assert barred.headers["Location"].endswith("/assessments")


def test_without_the_promise_the_page_comes_back_with_what_was_ticked(blind: Blind, web: Web) -> None:
    expert = web.client_of(blind.person)
    listed = blind.listed()

    page = expert.post(f"/disclosures/{blind.id}", {"shown": list(listed.values()), "organisation": [listed[GAMMA]]})

    assert page.status_code == 422
    assert re.search(rf'value="{listed[GAMMA]}"[^>]*checked', page.text)
    with blind.world.look() as act:
        assert act.session.get_one(Disclosure, blind.id).state == "asked"


def test_another_expert_does_not_see_what_one_declared_and_the_manager_does(blind: Blind, web: Web) -> None:
    _go_through(blind, web.client_of(blind.person), GAMMA)
    other = blind.story.expert("Finn Expert")

    assert web.client_of(other).get(f"/disclosures/{blind.id}").status_code == 404
    page = web.client_of(blind.story.manager).get(f"/disclosures/{blind.id}").text
    assert GAMMA in page
    assert ALPHA not in page


def test_an_evaluator_gets_the_copy_and_the_office_the_original(blind: Blind, web: Web) -> None:
    store = Store.from_url(f"file://{blind.world.folder / 'files'}")
    stored = store.put(a_pdf())
    with blind.world.act(blind.story.manager) as act:
        file = File(
            application_id=blind.two.id, slot="plan", name="BETA plan.pdf", media_type="application/pdf",
            sha256=stored.sha256, size=stored.size, uploaded_by=act.person_id, uploaded_at=act.now,
        )  # fmt: skip
        perform(act, file, "pass", by=R.CASCADE, cause=create(act, file, relation=R.COORDINATOR))
    expert = web.client_of(blind.person)
    _go_through(blind, expert)
    with blind.world.act(blind.person) as act:
        task = act.session.get_one(type(blind.tasks[1]), blind.tasks[1].id)
        perform(act, task, "declare_free", {"no_conflict": True})

    early = expert.get(f"/files/{file.id}")
    with blind.world.act() as act:
        assert want_plain_copies(act) == 1
    finish = copying(blind.world.database, store)({"file": file.id}, "job")
    with blind.world.act() as act:
        finish(act)
    got = expert.get(f"/files/{file.id}")

    assert early.status_code == 422
    assert "BETA" not in got.headers["Content-Disposition"]
    assert got.data != a_pdf()
    with pikepdf.open(io.BytesIO(got.data)) as document:
        assert len(document.pages) == 1
    assert web.client_of(blind.story.manager).get(f"/files/{file.id}").data == a_pdf()
    with blind.world.look() as act:
        assert act.session.scalars(select(File)).one().sha256 == stored.sha256
