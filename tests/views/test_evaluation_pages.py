"""Pages of checks and evaluation: who sees them, what they say, and that nothing sealed gets out."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import event, select

from app.models import Assessment, Assignment, Check, Expert
from tests.support.evaluation import POINTS, Evaluation
from tests.support.web import Browser, Web, web  # noqa: F401 - a fixture
from tests.support.world import WHILE_OPEN, World


def test_the_queue_and_the_sheet_lead_a_manager_to_admission(story, web: Web) -> None:  # noqa: F811
    application = story.application("SMARTEX")
    story.close()
    manager = web.client_of(story.manager)

    queue = manager.get(f"/calls/{story.call.id}/checks")
    sheet = manager.get(f"/applications/{application.id}/checks")
    done = manager.post(f"/applications/{application.id}/checks/confirm", follow=True)

    assert "SMARTEX" in queue.text
    assert "0 of 7" in queue.text
    assert "1 partner counts: SMARTEX Cluster Organisation." in sheet.text
    assert "7 of 7 checks are not recorded yet." in sheet.text
    assert "Record as admissible and eligible" in done.text
    assert "not possible yet" not in done.text


def test_a_check_of_its_own_address_leads_to_its_place_on_the_sheet(story, web: Web) -> None:  # noqa: F811
    application = story.application("SMARTEX")
    story.close()
    with story.world.look() as act:
        check = act.session.scalars(select(Check).where(Check.application_id == application.id)).first()
    assert check is not None

    page = web.client_of(story.manager).get(f"/checks/{check.id}")

    assert page.headers["Location"] == f"/applications/{application.id}/checks#check-{check.id}"


def test_somebody_without_office_finds_no_checks(story, web: Web) -> None:  # noqa: F811
    application = story.application("SMARTEX")
    story.close()
    stranger = web.client_of(story.world.person("Sam Stranger"))

    assert stranger.get(f"/applications/{application.id}/checks").status_code == 404
    assert stranger.get(f"/calls/{story.call.id}/checks").status_code == 404


def test_an_evaluator_is_invited_accepts_and_stands_in_the_pool(story, web: Web) -> None:  # noqa: F811
    manager = web.client_of(story.manager)
    form = {"name": "Ivo Invited", "email": "ivo@pool.example", "country": "BG", "languages": "en", "most_tasks": "4",
            "employers-0-name": "Sofia University"}  # fmt: skip

    refused = manager.post("/experts/invite", form | {"most_tasks": ""})
    sent = manager.post("/experts/invite", form)

    assert refused.status_code == 422
    assert "Enter how many applications at most." in refused.text
    assert "Ivo Invited" in refused.text
    assert sent.status_code == 303
    with story.world.look() as act:
        expert = act.session.scalars(select(Expert)).one()
        assert (expert.country, expert.most_tasks, [e.name for e in expert.employers]) == (
            "BG",
            4,
            ["Sofia University"],
        )
        person = expert.person
    own = web.client_of(person)
    joined = own.post(f"/experts/{expert.id}/accept", follow=True)
    assert "In the pool" in joined.text
    assert "Ivo Invited" in manager.get("/experts?q=sofia").text
    assert [job.args["template"] for job in web.mails("expert_invited")] == ["expert_invited"]


def test_tasks_are_prepared_then_published_as_one_act(story, admitted, web: Web) -> None:  # noqa: F811
    one, two, _three = story.expert("One Expert"), story.expert("Two Expert"), story.expert("Third")
    manager = web.client_of(story.manager)
    for person in (one, two):
        assert (
            manager.post(
                f"/applications/{admitted.id}/evaluators", {"person": person.id, "due_on": "2018-04-01"}
            ).status_code
            == 303
        )

    before = web.client_of(one).get("/assessments").text
    index = manager.get(f"/calls/{story.call.id}/assignments").text
    again = manager.get(f"/applications/{admitted.id}/evaluators").text
    manager.post(f"/calls/{story.call.id}/assignments/publish")

    assert "SMARTEX" not in before
    assert "Publish: ask 2 evaluators" in index
    assert 'value="2018-04-01"' in again
    assert "SMARTEX" in web.client_of(one).get("/assessments").text
    assert len(web.mails("assigned")) == 2


def test_an_expert_declares_on_all_in_a_row(story, web: Web) -> None:  # noqa: F811
    first, second = story.application("FIRST"), story.application("SECOND")
    story.close()
    story.admit(first, second)
    person = story.expert()
    tasks = [story.task(a, person, declared=False) for a in (first, second)]
    browser = web.client_of(person)

    page = browser.get("/assessments").text
    answer = {f"task-{tasks[0].id}": "free", f"task-{tasks[1].id}": "conflict", f"kind-{tasks[1].id}": "family"}
    after = browser.post("/assessments/declare", answer, follow=True).text

    assert "FIRST Cluster Organisation" in page
    assert "SECOND in full" in page
    assert "FIRST" in after
    assert "SECOND" not in after
    with story.world.look() as act:
        states = [act.session.get_one(Assignment, task.id).state.value for task in tasks]
    assert states == ["accepted", "conflicted"]
    assert "SECOND" not in browser.get(f"/assignments/{tasks[1].id}").text


def test_scores_are_saved_finished_and_lead_to_the_next(story, web: Web) -> None:  # noqa: F811
    first, second = story.application("FIRST"), story.application("SECOND")
    story.close()
    story.admit(first, second)
    person = story.expert()
    one, two = (story.report_of(story.task(a, person)) for a in (first, second))
    browser = web.client_of(person)
    typed = {"points-C1": "4.5", "reasons-C1": "Fits.", "points-C2": "20,5", "reasons-C2": "Sound.", "go": "finish"}

    page = browser.get(f"/assessments/{one.id}").text
    off_step = browser.post(f"/assessments/{one.id}/save", typed | {"points-C2": "20.3"})
    unfinished = browser.post(f"/assessments/{one.id}/save", typed | {"reasons-C2": ""})
    finished = browser.post(f"/assessments/{one.id}/save", typed)

    assert 'type="radio"' in page
    assert "An excellent fit." in page
    assert off_step.status_code == 422
    assert "Quality: scores go in steps of 0.5; give 20 or 20.5." in off_step.text
    assert 'value="20.3"' in off_step.text
    assert unfinished.status_code == 422
    assert "Quality: give reasons." in unfinished.text
    assert finished.headers["Location"] == f"/assessments/{two.id}"
    with story.world.look() as act:
        stored = act.session.get_one(Assessment, one.id)
        assert (stored.state.value, [str(line.points.normalize()) for line in stored.scores]) == (
            "finished",
            ["4.5", "20.5"],
        )
    assert "20.5" in browser.get("/assessments/mine").text


def test_what_is_saved_while_typing_says_so_and_gives_the_next_number(story, admitted, web: Web) -> None:  # noqa: F811
    person = story.expert()
    report = story.report_of(story.task(admitted, person))
    browser = web.client_of(person)
    typed = {"points-C1": "4", "reasons-C1": "Fits.", "number-C1": "1", "number-C2": "1"}

    saved = browser.post(f"/assessments/{report.id}/save", typed, headers={"HX-Request": "true"})
    late = browser.post(f"/assessments/{report.id}/save", typed | {"points-C1": "2"}, headers={"HX-Request": "true"})
    seen = browser.post(f"/assessments/{report.id}/save", typed | {"points-C1": "2"})

    assert "Saved at" in saved.text
    assert 'id="number-C1" name="number-C1" value="2"' in saved.text
    assert late.status_code == 409
    assert seen.status_code == 409
    assert "Saved from another page" in seen.text


def test_nothing_of_another_report_reaches_an_expert_before_consensus(story, admitted, web: Web) -> None:  # noqa: F811
    one, two = (
        story.task(admitted, story.expert("Xaver Hidden"), rapporteur=True),
        story.task(admitted, story.expert("Two")),
    )
    hidden = story.score(one, "4.5", "29.5", words="MARKER")
    consensus = story.consensus_of(admitted)
    mine = story.report_of(two)
    browser = web.client_of(two.person)

    for address in (
        "/assessments", "/assessments/mine", f"/assessments/{mine.id}", f"/assessments/{hidden.id}",
        f"/consensus/{consensus.id}", f"/assignments/{one.id}", f"/applications/{admitted.id}",
        f"/applications/{admitted.id}/evaluators", f"/calls/{story.call.id}/scores", f"/calls/{story.call.id}/assignments",
        f"/experts/{hidden.person_id}", "/experts",
    ):  # fmt: skip
        page = browser.get(address)
        for marker in ("MARKER", "29.5", "Xaver", hidden.id, one.id):
            assert marker not in page.text.replace(address, ""), (address, marker)


def test_private_notes_stay_with_their_writer(story, admitted, web: Web) -> None:  # noqa: F811
    one, two = story.task(admitted, story.expert("One"), rapporteur=True), story.task(admitted, story.expert("Two"))
    first = story.report_of(one)
    note = {"points-C1": "4", "reasons-C1": "Fits.", "note-C1": "NOTE-TO-SELF", "points-C2": "20", "reasons-C2": "Ok.",
            "go": "finish"}  # fmt: skip
    web.client_of(one.person).post(f"/assessments/{first.id}/save", note)
    story.score(two, "3", "16")
    consensus = story.open_consensus(admitted)

    for browser in (web.client_of(two.person), web.client_of(story.manager)):
        for address in (f"/assessments/{first.id}", f"/consensus/{consensus.id}"):
            page = browser.get(address)
            assert page.status_code == 200
            assert "NOTE-TO-SELF" not in page.text
    assert "NOTE-TO-SELF" in web.client_of(one.person).get(f"/assessments/{first.id}").text


def test_a_consensus_is_written_signed_and_approved_on_its_page(story, admitted, web: Web) -> None:  # noqa: F811
    one, two = story.task(admitted, story.expert("One"), rapporteur=True), story.task(admitted, story.expert("Two"))
    story.score(one, "4", "20")
    story.score(two, "3", "28")
    consensus = story.open_consensus(admitted)
    lead, other, manager = (web.client_of(p) for p in (one.person, two.person, story.manager))
    here = f"/consensus/{consensus.id}"

    page = lead.get(here).text
    lead.post(f"{here}/save", {"points-C1": "3.5", "reasons-C1": "Agreed.", "points-C2": "24", "reasons-C2": "Agreed."})
    lead.post(f"{here}/circulate")
    lead.post(f"{here}/sign")
    signed = other.post(f"{here}/sign", {"minority_view": "The plan is weaker."}, follow=True)
    lead.post(f"{here}/agree")
    incomplete = manager.post(f"{here}/approve", {"points": POINTS[:-1]})
    approved = manager.post(f"{here}/approve", {"points": POINTS}, follow=True)

    assert page.index("2. Quality") < page.index("1. Relevance")
    assert "The plan is weaker." in signed.text
    assert incomplete.status_code == 422
    assert "Checked, and true of the report" in approved.text
    scores = manager.get(f"/calls/{story.call.id}/scores").text
    assert "27.5" in scores
    assert "31" in scores


def test_a_manager_tied_to_one_application_sees_no_order_of_all(story, web: Web) -> None:  # noqa: F811
    tied = story.application("TIED", story.world.organisation("Managers' Cluster", story.second))
    other = story.application("OTHER")
    story.close()
    story.admit(tied, other)

    page = web.client_of(story.second).get(f"/calls/{story.call.id}/scores").text

    assert "not shown to whoever has an interest" in page
    assert "OTHER" not in page
    assert "OTHER" in web.client_of(story.manager).get(f"/calls/{story.call.id}/scores").text


def test_an_anonymous_call_hides_names_from_experts(world: World, web: Web) -> None:  # noqa: F811
    story = Evaluation(world, anonymous=True)
    application = story.application("SMARTEX")
    story.application("OTHER")
    story.close()
    story.admit(application)
    person = story.expert()
    task = story.task(application, person, declared=False)
    browser = web.client_of(person)

    there = browser.get(f"/assignments/{task.id}").headers["Location"]
    listed = browser.get(there).text
    shown = re.findall(r'name="shown" value="([^"]+)"', listed)
    browser.post(there, {"shown": shown, "secret": "yes"})
    declaration = browser.get(f"/assignments/{task.id}").text
    browser.post(f"/assignments/{task.id}/declare_free", {"no_conflict": "y"})
    page = browser.get(f"/assessments/{story.report_of(task).id}").text

    assert len(shown) == 2
    assert "OTHER Cluster Organisation" in listed
    assert "SMARTEX" not in declaration
    assert "SMARTEX Cluster Organisation" not in page
    assert "Partner 1" in page


@pytest.mark.parametrize("page", ["checks", "assignments", "scores"])
def test_each_list_of_a_call_says_why_it_is_empty(story, web: Web, page: str) -> None:  # noqa: F811
    answer = web.client_of(story.manager).get(f"/calls/{story.call.id}/{page}")

    assert answer.status_code == 200
    assert "yet" in answer.text
    assert "<table" not in answer.text


def test_my_list_is_empty_with_a_reason(story, web: Web) -> None:  # noqa: F811
    page = web.client_of(story.expert()).get("/assessments").text

    assert "No applications are assigned to you yet" in page


def _queries(web: Web, browser: Browser, address: str) -> int:  # noqa: F811
    """Count what a page asks the database."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    engine = web.app.extensions["database"].engine
    event.listen(engine, "before_cursor_execute", note)
    assert browser.get(address).status_code == 200
    event.remove(engine, "before_cursor_execute", note)
    return len(asked)


def _pages_of(world: World, web: Web, names: tuple[str, ...]) -> dict[str, int]:  # noqa: F811
    """Count the queries of each list: as many applications as names, each scored, and as many to declare on."""
    world.now = WHILE_OPEN
    story = Evaluation(world, code=f"call-of-{len(names)}")
    scored, asked = ([story.application(f"{kind}-{name}") for name in names] for kind in ("S", "D"))
    story.close()
    story.admit(*scored, *asked)
    person = story.expert(f"Expert of {len(names)}")
    tasks = [story.task(application, person) for application in scored]
    for task in tasks:
        story.score(task, "4", "20")
    for application in asked:
        story.task(application, person, declared=False)
    expert, manager = web.client_of(person), web.client_of(story.manager)
    here = f"/calls/{story.call.id}"
    found = {page: _queries(web, manager, f"{here}/{page}") for page in ("checks", "assignments", "scores")}
    own = {
        "list": "/assessments",
        "mine": "/assessments/mine",
        "report": f"/assessments/{story.report_of(tasks[0]).id}",
    }
    return found | {page: _queries(web, expert, address) for page, address in own.items()}


def test_a_list_of_three_asks_no_more_than_a_list_of_one(world: World, web: Web) -> None:  # noqa: F811
    one, three = _pages_of(world, web, ("ALONE",)), _pages_of(world, web, ("A", "B", "C"))

    assert three == one


def test_the_pool_asks_no_more_for_three_evaluators_than_for_one(story, web: Web) -> None:  # noqa: F811
    manager = web.client_of(story.manager)
    story.expert("One")
    one = _queries(web, manager, "/experts")
    for name in ("Two", "Three"):
        story.expert(name)

    assert _queries(web, manager, "/experts") == one
