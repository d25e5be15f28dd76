"""From reading to agreeing: pins, places, copies and hints; discussion, meeting and forecast; nothing sealed gets out."""

from __future__ import annotations

import html
import io
import json
import re
import zipfile
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select
from werkzeug.test import TestResponse

from app.models import Assessment, Assignment, Conflict, Document, DocumentKind, Meeting, Person, Pin, Reading, Strength
from app.services.assigning.due_dates import due_reports, remind_of_report
from app.services.evaluating.discussion import pseudonym
from app.services.evaluating.meeting import turn_to
from app.services.transitions import Refused, perform
from tests.support.evaluation import Evaluation
from tests.support.web import Web, web  # noqa: F401 - a fixture
from tests.support.world import World


def test_an_expert_keeps_marks_that_nobody_else_sees(world: World, web: Web) -> None:  # noqa: F811
    story = Evaluation(world)
    application = story.application("SMARTEX")
    story.close()
    story.admit(application)
    one, other = story.expert("One Expert"), story.expert("Other Expert")
    task = story.task(application, one, rapporteur=True)
    story.task(application, other)
    report = story.report_of(task)
    mine, page = web.client_of(one), f"/assessments/{report.id}"

    refused = mine.post(f"{page}/pins", {"place": "answer-idea", "quote": "", "remark": " "})
    nowhere = mine.post(f"{page}/pins", {"place": "javascript:x", "remark": "x"})
    mine.post(f"{page}/pins", {"place": "answer-idea", "quote": "A passage", "remark": "Pinned words."})
    mine.post(f"{page}/place", {"place": "answer-idea"})
    texts = {"reasons-C1": "Good, 3/5. It should be longer.", "points-C1": "4.5", "note-C1": "My own note."}
    mine.post(f"{page}/save", texts)
    mine.post(f"{page}/save", {"points-C1": "4", "number-C1": "2"})
    shown = mine.get(page).text

    assert (refused.status_code, nowhere.status_code) == (422, 422)
    assert "Pinned words." in shown
    assert f'href="{page}#answer-idea"' in shown
    assert "The reasons are short" in shown
    assert "The reasons speak of 3 points, the score is 4" in shown
    assert "It reads like advice" in shown
    assert [found in shown for found in ("Relevance, 4.5", "Relevance, 4<")] == [True, True]
    assert "My own note." in mine.get("/assessments/mine.csv").text
    assert "Your score" in mine.get(f"{page}?pin=idea").text

    for person in (other, story.manager):
        theirs = web.client_of(person)
        assert theirs.post(f"{page}/pins", {"place": "answer-idea", "remark": "x"}).status_code == 404
        assert "Pinned words." not in theirs.get(page).text
        assert "My own note." not in theirs.get("/assessments/mine.csv").text
    with world.look() as act:
        assert act.session.scalar(select(func.count()).select_from(Pin)) == 1


def test_a_copy_is_its_reader_s_own(world: World, web: Web) -> None:  # noqa: F811
    story = Evaluation(world)
    application = story.application("SMARTEX")
    story.close()
    story.admit(application)
    one, other = story.expert("One Expert"), story.expert("Other Expert")
    task = story.task(application, one)
    story.task(application, other)
    report = story.report_of(task)
    mine = web.client_of(one)

    assert mine.post("/assessments/copies/order").status_code == 303
    assert "Being made" in mine.get("/assessments/copies").text
    with world.look() as act:
        document = act.session.scalars(select(Document).where(Document.kind == DocumentKind.EVALUATOR_COPY)).one()
        assert report.reader_number in document.snapshot["footer"]
    with world.act() as act:
        made = act.session.get_one(Document, document.id)
        stored = web.app.extensions["store"].put(b"%PDF-1.7 of one reader")
        made.issued_sha256 = made.plain_sha256 = stored.sha256
        made.made_at, made.size = act.now, stored.size
    packed = mine.post("/assessments/copies/all.zip")
    with zipfile.ZipFile(io.BytesIO(packed.data)) as found:
        assert found.namelist() == [f"{application.number}.pdf"]
    with world.look() as act:
        assert act.session.scalar(select(Reading.thing_id).where(Reading.noun == "document")) == document.id
    with world.look() as act:
        lead = act.session.scalars(select(Person).where(Person.email == "lead@smartex.example")).one()
    for person in (other, story.manager, lead):
        assert web.client_of(person).get(f"/documents/{document.id}").status_code == 404
    assert mine.get(f"/documents/{document.id}").status_code == 200

    with world.act(one) as act:
        perform(act, act.session.get_one(Assignment, task.id), "declare_conflict", {"kind": "other"})
    assert mine.get(f"/documents/{document.id}").status_code == 404


def test_a_report_is_written_off_line_and_brought_back_line_by_line(world: World, web: Web) -> None:  # noqa: F811
    story = Evaluation(world)
    application = story.application("SMARTEX")
    story.close()
    story.admit(application)
    one, other = story.expert("One Expert"), story.expert("Other Expert")
    report = story.report_of(story.task(application, one))
    story.task(application, other)
    mine, page = web.client_of(one), f"/assessments/{report.id}/off-line"

    form = mine.get(f"{page}/form.html").text
    assert web.client_of(other).get(f"{page}/form.html").status_code == 404
    sealed = re.search(r'data-seal="([0-9a-f]+)"', form)
    numbers = re.search(r'data-numbers="([^"]+)"', form)
    assert sealed is not None
    assert numbers is not None
    typed = {
        "C1": {"points": "4", "reasons": "Off line.", "note": ""},
        "C2": {"points": "20", "reasons": "Too.", "note": ""},
    }
    file = {"format": "escp-s3-scores", "version": 1, "assessment": report.id, "seal": sealed[1],
            "numbers": json.loads(html.unescape(numbers[1])), "scores": typed}  # fmt: skip
    mine.post(f"/assessments/{report.id}/save", {"points-C1": "3", "reasons-C1": "On line."})

    forged = mine.post(page, {"brought": json.dumps(file | {"numbers": {"C1": 9, "C2": 9}})})
    seen = mine.post(page, {"brought": json.dumps(file)})
    taken = mine.post(page, {"brought": json.dumps(file), "take": "1", "line": "C2", "n_C2": "1"})
    late = mine.post(page, {"brought": json.dumps(file), "take": "1", "line": "C1", "n_C1": "1"})

    assert (forged.status_code, seen.status_code, taken.status_code, late.status_code) == (422, 200, 303, 409)
    assert "was changed by something else than the form" in forged.text
    assert seen.text.count("Saved here after you took the form") == 1
    assert ("On line." in seen.text, "Off line." in seen.text) == (True, True)
    with world.look() as act:
        lines = act.session.get_one(Assessment, report.id).scores
        assert [line.reasons for line in lines] == ["On line.", "Too."]


def test_all_reports_go_off_line_in_one_pack_whose_form_needs_no_script(world: World, web: Web) -> None:  # noqa: F811
    story = Evaluation(world)
    applications = [story.application(name) for name in ("ALPHA", "BRAVO", "GAMMA")]
    story.close()
    story.admit(*applications)
    one = story.expert("One Expert")
    alpha, bravo, gamma = (story.report_of(story.task(application, one)) for application in applications)
    mine, page = web.client_of(one), "/assessments/off-line"
    mine.post(
        f"/assessments/{gamma.id}/save", {"reasons-C1": "# a heading\nScore: of our own\n\\ end", "points-C1": "2"}
    )

    pack = zipfile.ZipFile(io.BytesIO(mine.post("/assessments/off-line.zip").data))
    sheet = pack.read("scores.txt").decode("utf-8-sig")
    untouched = mine.post(page, {"brought": sheet})
    filled = sheet.replace("Score:\r\nReasons:\r\n\r\n", "Score: 4\r\nReasons:\r\nOff line,\r\ntwo lines.\r\n\r\n", 3)
    mine.post(f"/assessments/{alpha.id}/save", {"points-C1": "3", "reasons-C1": "On line."})
    seen = mine.post(page, {"brought": filled})
    ticked = [f"{alpha.id}.C2", f"{bravo.id}.C1"]
    numbers = {f"n_{key}": "1" for key in (*ticked, f"{alpha.id}.C1")}
    late = mine.post(page, {"brought": filled, "take": "1", "line": [*ticked, f"{alpha.id}.C1"], **numbers})
    taken = mine.post(page, {"brought": filled, "take": "1", "line": ticked, **numbers})

    assert sorted(pack.namelist()) == sorted([f"{a.number}.html" for a in applications] + ["scores.txt"])
    assert "Nothing differs" in untouched.text
    assert seen.text.count("Saved here after you took the form") == 1
    assert ("On line." in seen.text, "Off line," in seen.text) == (True, True)
    assert (late.status_code, taken.status_code) == (409, 303)
    with world.look() as act:
        stored = {
            report.id: [line.reasons for line in report.scores] for report in act.session.scalars(select(Assessment))
        }
        read = act.session.scalars(select(Reading.thing_id).where(Reading.action == "application.view")).all()
    assert stored[alpha.id] == ["On line.", "Off line,\ntwo lines."]
    assert stored[bravo.id] == ["Off line,\ntwo lines.", ""]
    assert set(read) >= {application.id for application in applications}
    for wrong, said in (
        ("# nothing of ours", "not a file of the off-line form"),
        (filled.replace("escp-s3-score-sheet 1 ", "escp-s3-score-sheet 1 x"), "was changed by something else"),
        (filled.replace("### C1", "### C9", 1), "is no heading of this form"),
        (filled.replace("### C1", "stray\r\n### C1", 1), "is no heading of this form"),
    ):
        assert said in mine.post(page, {"brought": wrong}).text
    other = web.client_of(story.expert("Other Expert"))
    assert "None of the reports in this file" in other.post(page, {"brought": filled}).text


def a_zip(**files: bytes | str) -> io.BytesIO:
    """Two underlines in a name stand for the point before its ending."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in files.items():
            target.writestr(name.replace("__", "."), content)
    packed.seek(0)
    return packed


def test_the_pack_comes_back_as_one_zip_with_each_form_judged_alone(world: World, web: Web) -> None:  # noqa: F811
    story = Evaluation(world)
    applications = [story.application(name) for name in ("ALPHA", "BRAVO", "GAMMA")]
    story.close()
    story.admit(*applications)
    one = story.expert("One Expert")
    alpha, bravo, _gamma = (story.report_of(story.task(application, one)) for application in applications)
    mine, page = web.client_of(one), "/assessments/off-line"
    pack = zipfile.ZipFile(io.BytesIO(mine.post("/assessments/off-line.zip").data))
    sheet = pack.read("scores.txt").decode("utf-8-sig")
    filled = sheet.replace("Score:\r\nReasons:\r\n", "Score: 4\r\nReasons:\r\nIn the sheet.\r\n", 1)
    forms = {}
    for application, report in zip(applications, (alpha, bravo), strict=False):
        text = pack.read(f"{application.number}.html").decode()
        numbers, sealed = (re.search(f'data-{name}="([^"]+)"', text) for name in ("numbers", "seal"))
        assert numbers is not None
        assert sealed is not None
        forms[report.id] = json.dumps(
            {"format": "escp-s3-scores", "version": 1, "assessment": report.id, "seal": sealed[1],
             "numbers": json.loads(html.unescape(numbers[1])),
             "scores": {"C1": {"points": "3", "reasons": "In the page.", "note": ""}}}
        )  # fmt: skip
    mine.post(f"/assessments/{bravo.id}/save", {"points-C1": "2", "reasons-C1": "On line."})

    def bring(content: io.BytesIO) -> TestResponse:
        return mine.post(page, {"file": (content, "pack.zip")}, content_type="multipart/form-data")

    seen = bring(
        a_zip(
            scores__txt=filled, alpha__json=forms[alpha.id], bravo__json=forms[bravo.id], paper__docx=b"PK",
            forged__json=forms[alpha.id].replace(alpha.id, bravo.id), alpha__pdf=b"%PDF", alpha__html="<p>",
            __DS_Store=b"x",
        )
    )  # fmt: skip
    kept = html.unescape(re.search(r'name="brought" value="([^"]*)"', seen.text)[1])  # type: ignore[index]
    key, other, clash = f"{alpha.id}.C1", f"{alpha.id}.C1.1", f"{bravo.id}.C1"
    seen_at = {"brought": kept, "take": "1", **dict.fromkeys((f"n_{key}", f"n_{other}"), "1")}
    both = mine.post(page, seen_at | {"line": [key, other]})
    late = mine.post(page, seen_at | {"line": [key, clash], f"n_{clash}": "1"})
    taken = mine.post(page, seen_at | {"line": [other, clash], f"n_{clash}": "2"})

    assert seen.status_code == 200
    assert "2 files of this ZIP were not read" in seen.text
    assert [re.search(f"{name}</strong>: {said}", seen.text) is not None for name, said in (
        ("paper.docx", "This file is no form of the pack"), ("forged.json", "This file was not taken from this service"),
    )] == [True, True]  # fmt: skip
    assert seen.text.count("Two files of the ZIP say different things") == 2
    assert seen.text.count("Saved here after you took the form") == 1
    assert (both.status_code, late.status_code, taken.status_code) == (422, 409, 303)
    assert "You ticked one criterion in two files" in both.text
    with world.look() as act:
        assert {act.session.get_one(Assessment, one.id).scores[0].reasons for one in (alpha, bravo)} == {"In the page."}
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as target:
        for number in range(21):
            target.writestr(f"{number}.txt", b"0" * 10**7)
    for content, said in (
        (bomb.getvalue(), "unpacks to more than"), (a_zip(read__me=b"").getvalue()[:-9], "could not be read"),
        (a_zip(one__pdf=b"%PDF").getvalue(), "There is no form in this ZIP"),
        (a_zip(long__txt=b"0" * 5_000_001).getvalue(), "unpacks to more than"),
    ):  # fmt: skip
        assert said in bring(io.BytesIO(content)).text, said


def test_the_office_moves_a_due_date_and_reminders_stop_with_the_report(world: World, web: Web) -> None:  # noqa: F811
    story = Evaluation(world)
    application = story.application("SMARTEX")
    story.close()
    story.admit(application)
    person = story.expert("One Expert")
    task = story.task(application, person)
    manager = web.client_of(story.manager)
    day = (world.now + timedelta(days=20)).date().isoformat()
    past = (world.now - timedelta(days=20)).date().isoformat()

    refused = manager.post(f"/assignments/{task.id}/move_due", {"due_on": past, "reason": "Ill for a week."})
    moved = manager.post(f"/assignments/{task.id}/move_due", {"due_on": day, "reason": "Ill for a week."})

    assert (refused.status_code, moved.status_code) == (422, 303)
    assert "This day is over" in refused.text
    assert [job.args["person"] for job in web.mails("due_moved")] == [person.id]
    with world.look() as act:
        due = act.session.get_one(Assignment, task.id).due_at
    assert due is not None
    assert due.date().isoformat() >= day
    world.now = due - timedelta(days=1)
    with world.act() as act:
        assert due_reports(act) == [task.id]
        assert remind_of_report(act, act.session.get_one(Assignment, task.id))
    with world.act() as act:
        assert due_reports(act) == []
    world.now = due - timedelta(hours=3)
    story.score(task, "4", "20")
    with world.act() as act:
        assert due_reports(act) == []
        assert not remind_of_report(act, act.session.get_one(Assignment, task.id))
    assert len(web.mails("report_due")) == 1


def test_experts_agree_under_numbers_and_whoever_is_in_conflict_is_sent_out(world: World, web: Web) -> None:  # noqa: F811
    story = Evaluation(world)
    first, second = story.application("FIRST"), story.application("SECOND")
    story.close()
    story.admit(first, second)
    lead, other, third = (story.expert(name) for name in ("Lea Lead", "Otto Other", "Tea Third"))
    tasks = [story.task(first, lead, rapporteur=True), story.task(first, other)]
    more = [story.task(second, other, rapporteur=True), story.task(second, third)]
    for task, points, words in ((tasks[0], "4", "Both say this."), (tasks[1], "2", "Both say this.")):
        story.score(task, points, "20", words=words)
    for task in more:
        story.score(task, "4", "20", words="Agreed anyway.")
    room, calm = story.open_consensus(first), story.open_consensus(second)
    chair, hers, his = web.client_of(story.manager), web.client_of(lead), web.client_of(other)
    page, meeting = f"/consensus/{room.id}", f"/calls/{story.call.id}/meeting"

    shown = hers.get(page).text
    assert shown.count("Both say this.") == 6  # on each criterion twice in the reports, and merged once
    assert "all give 20" in shown
    assert hers.post(f"{page}/discussion", {"text": "Why so low?", "criterion": "C1"}).status_code == 303
    assert "Why so low?" in his.get(page).text
    assert web.client_of(third).get(page).status_code == 404
    assert web.client_of(third).post(f"{page}/discussion", {"text": "x"}).status_code == 404

    chair.post(meeting, {"go": "begin"})
    agenda = chair.get(meeting).text
    assert 0 < agenda.index("FIRST") < agenda.index("SECOND")
    for browser, place in ((hers, room), (his, room), (web.client_of(third), calm)):
        browser.post(f"/consensus/{place.id}/presence", {"go": "join"})
    with world.act() as act:
        act.session.add(
            Conflict(id=act.new_id(), application_id=first.id, person_id=third.id, kind="other", path=[], declared=True,
                     strength=Strength.DIRECT, found_at=act.now)
        )  # fmt: skip
    world.now += timedelta(minutes=5)
    chair.post(meeting, {"go": "turn", "consensus": room.id})
    chair.post(meeting, {"go": "minute", "text": "Three was agreed on."})
    web.client_of(third).post(f"/consensus/{calm.id}/presence", {"go": "join"})  # not while it is talked about
    with world.look() as act:
        found = act.session.scalars(select(Meeting)).one()
        out = [(p.person.name, p.until_at, p.sent_out_of) for p in found.presences if p.until_at]
        assert out == [("Tea Third", world.now, room.id)]
        assert len(found.presences) == 3
    assert "Three was agreed on." in his.get(page).text
    assert "Three was agreed on." not in web.client_of(third).get(f"/consensus/{calm.id}").text
    chair.post(meeting, {"go": "turn", "consensus": calm.id})
    with world.look() as act:
        found = act.session.scalars(select(Meeting)).one()
        assert sorted(p.person.name for p in found.presences if not p.until_at) == [
            "Lea Lead",
            "Otto Other",
            "Tea Third",
        ]
    assert "Sent out" in chair.get(meeting).text
    chair.post(meeting, {"go": "end"})
    with world.act(story.manager) as act:
        found = act.session.scalars(select(Meeting)).one()
        with pytest.raises(Refused):
            turn_to(act, act.session.get_one(type(story.call), story.call.id), found, None)
    assert "reports are in" in chair.get(f"/calls/{story.call.id}/reports").text
    assert {pseudonym(room.id, task.id) for task in tasks}.isdisjoint(pseudonym(calm.id, task.id) for task in tasks)


def test_in_a_call_that_hides_names_experts_are_numbers_to_each_other(world: World, web: Web) -> None:  # noqa: F811
    story = Evaluation(world, anonymous=True)
    application = story.application("SMARTEX")
    story.close()
    story.admit(application)
    lead, other = story.expert("Lea Lead"), story.expert("Otto Other")
    tasks = [story.task(application, person, rapporteur=person is lead, declared=False) for person in (lead, other)]
    for task, person in zip(tasks, (lead, other), strict=True):
        browser = web.client_of(person)
        there = browser.get(f"/assignments/{task.id}").headers["Location"]
        shown_names = re.findall(r'name="shown" value="([^"]+)"', browser.get(there).text)
        browser.post(there, {"shown": shown_names, "secret": "yes"})
        browser.post(f"/assignments/{task.id}/declare_free", {"no_conflict": "y"})
    for task in tasks:
        story.score(task, "4", "20")
    consensus = story.open_consensus(application)
    page, his = f"/consensus/{consensus.id}", web.client_of(other)
    his.post(f"{page}/discussion", {"text": "I would give less."})

    shown = web.client_of(lead).get(page).text
    theirs = web.client_of(lead).get(f"/assessments/{story.report_of(tasks[1]).id}").text

    assert shown.count(pseudonym(consensus.id, tasks[1].id)) == 4  # two criteria, what was said, the signature
    for page_seen in (shown, theirs):
        assert "Otto Other" not in page_seen
    assert "Otto Other" in web.client_of(story.manager).get(page).text


def _queries(served: Web, browser: object, address: str) -> int:
    asked = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    engine = served.app.extensions["database"].engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        page = browser.get(address)  # type: ignore[attr-defined]
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert page.status_code == 200
    return len(asked)


def test_the_scoring_page_asks_as_much_for_twelve_applications_as_for_two(world: World, web: Web) -> None:  # noqa: F811
    story = Evaluation(world)
    applications = [story.application(f"APP{n:02d}") for n in range(12)]
    story.close()
    story.admit(*applications)
    person = story.expert(most=20)
    tasks = [story.task(one, person) for one in applications[:2]]
    address = f"/assessments/{story.report_of(tasks[0]).id}"
    browser = web.client_of(person)
    browser.get(address)

    few = _queries(web, browser, address)
    tasks += [story.task(one, person) for one in applications[2:]]
    many = _queries(web, browser, address)

    assert many == few > 10
    assert len(re.findall(r"APP\d\d", browser.get(address).text)) >= 12
    with world.look() as act:
        assert act.session.scalar(select(func.count()).select_from(Assessment)) == 12
