"""The pages that need no account, help, administration, and what awaits each person."""

import html
import re

import pytest
from sqlalchemy import event, select

from app.mailing.bounces import Returned
from app.models import Assignment, Bounce, Job, Organisation, Person, Remark
from app.outbox import enqueue_mail
from app.services.deciding.bounces import note_bounce
from app.services.transitions import perform
from tests.support.evaluation import Evaluation
from tests.support.web import Web, web
from tests.support.world import World
from workflows.permissions import PERMISSIONS
from workflows.relations import Relation as R

__all__ = ["web"]  # the fixture


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("/", "Calls and labels of strategic cluster partnerships"),
        ("/accessibility", "Accessibility statement"),
        ("/privacy", "Privacy"),
        ("/licences", "Licences"),
        ("/help", "Help and contact"),
        ("/about/permissions", "Who may do what"),
        ("/partners", "Find partners"),
        ("/sign-in", "Sign in"),
        ("/sign-up", "Create an account"),
        ("/password", "Set a new password"),
        ("/sign-in/link", "Sign in by a mailed link"),
    ],
)
def test_a_visitor_reads_the_page(web: Web, address: str, title: str) -> None:
    page = web.visitor().get(address)

    heading = re.search(r"<h1[^>]*>([^<]+)</h1>", page.text)
    assert (page.status_code, heading and html.unescape(heading[1])) == (200, title)
    assert f"<title>{title} – ESCP-S3</title>" in page.text


def test_the_page_of_permissions_names_every_action(web: Web) -> None:
    page = web.visitor().get("/about/permissions").text

    assert [action for action in PERMISSIONS if f">{action}<" not in page] == []


def test_health_says_the_time_of_the_clock(web: Web) -> None:
    assert web.visitor().get("/healthz").json == {"status": "ok", "now": web.world.now.isoformat()}


def test_a_message_to_the_office_is_mailed_with_its_page(web: Web) -> None:
    web.world.person("Mona", "mona@office.example", R.CALL_MANAGER)
    ana = web.client_of(web.world.person("Ana", "ana@org.example"))

    sent = ana.post("/help", {"text": "Where is my draft?", "page": "/applications", "reference": "abc"})

    assert sent.status_code == 303
    assert [mail.args["address"] for mail in web.mails("help_request")] == ["mona@office.example"]
    with web.world.look() as act:
        text = act.session.query(Remark).one().text
    assert "Where is my draft?" in text
    assert "/applications" in text
    assert "ana@org.example" in text


def test_somebody_new_is_told_how_to_begin(web: Web) -> None:
    page = web.client_of(web.world.person()).get("/work").text

    assert "Find my organisation" in page


def test_my_work_names_the_role_of_each_task(web: Web) -> None:
    ana, mona = web.world.person(), web.world.person("Mona", None, R.CALL_MANAGER)
    organisation = web.world.organisation("Cluster", ana, published=False)

    before = web.client_of(ana).get("/work").text
    web.client_of(ana).post(f"/organisations/{organisation.id}/submit")
    after, office = web.client_of(ana).get("/work").text, web.client_of(mona).get("/work").text

    assert "Complete the profile of Cluster and send it for validation" in before
    assert "as administrator of an organisation" in before
    assert "Complete the profile" not in after
    assert "Validate 1 profile of an organisation" in office
    assert "as call manager" in office


def test_administration_is_for_administrators_alone(web: Web) -> None:
    ana = web.world.person("Ana", "ana@org.example")
    mona, ada = web.world.person("Mona", None, R.CALL_MANAGER), web.world.person("Ada", None, R.ADMINISTRATOR)

    assert web.client_of(ana).get("/admin").status_code == 404
    assert web.client_of(mona).get("/admin").status_code == 404
    assert "ana@org.example" in web.client_of(ada).get("/admin?q=ana").text


def test_an_administrator_grants_an_office_after_signing_in_again(web: Web) -> None:
    ana, ada = web.world.person("Ana", "ana@org.example"), web.world.person("Ada", None, R.ADMINISTRATOR)
    browser = web.client_of(ada)
    page = f"/admin/people/{ana.id}"
    web.world.later(minutes=11)

    stale = browser.post(f"{page}/offices", {"office": "call_manager"})
    granted = web.client_of(ada).post(f"{page}/offices", {"office": "call_manager"})

    assert stale.location.startswith("/sign-in/again")
    assert granted.location == page
    assert "Call manager" in browser.get(page).text


def test_a_closed_account_is_signed_out_at_once(web: Web) -> None:
    ana, ada = web.world.person("Ana", "ana@org.example"), web.world.person("Ada", None, R.ADMINISTRATOR)
    browser = web.client_of(ana)

    web.client_of(ada).post(f"/admin/people/{ana.id}/disable", {"why": "Left the project"})

    assert browser.get("/work").status_code == 303


def test_a_person_ends_a_sign_in_elsewhere_and_changes_the_name(web: Web) -> None:
    ana = web.world.person("Ana", "ana@org.example")
    here, elsewhere = web.client_of(ana), web.client_of(ana)
    account = here.get("/me").location
    ends = re.findall(r'action="([^"]+/sign-ins/[^"]+/end)"', here.get(account).text)

    assert len(ends) == 1
    assert here.post(ends[0]).status_code == 303
    assert elsewhere.get("/work").status_code == 303
    assert here.post(f"{account}/settings", {"name": "Ana Ćosić"}).status_code == 303
    assert "Ana Ćosić" in here.get(account).text
    refused = here.post(f"{account}/settings", {"name": "Ana\u202e"})
    assert refused.status_code == 422
    assert "invisible characters" in refused.text


def test_nobody_reads_the_account_of_somebody_else(web: Web) -> None:
    ana, eva = web.world.person("Ana", "ana@org.example"), web.world.person("Eva", "eva@org.example")

    assert web.client_of(eva).get(f"/people/{ana.id}").status_code == 404


@pytest.mark.parametrize(
    "address", ["/partners", "/organisations/to-validate", "/admin", "/organisations/find", "/work"]
)
def test_a_longer_list_asks_the_database_no_more_often(web: Web, address: str) -> None:
    boss = web.world.person("Ada", None, R.ADMINISTRATOR, R.CALL_MANAGER)
    browser = web.client_of(boss)

    def queries() -> int:
        asked: list[str] = []
        engine = web.app.extensions["database"].engine

        def count(*given: object) -> None:
            asked.append(str(given[2]))

        event.listen(engine, "before_cursor_execute", count)
        try:
            assert browser.get(address).status_code == 200
        finally:
            event.remove(engine, "before_cursor_execute", count)
        return len(asked)

    def one_more(number: int) -> None:
        member = web.world.person(f"Person {number}")
        waiting = web.world.organisation(f"Waiting {number}", member, published=False)
        with web.world.act(member) as act:
            perform(act, act.session.get_one(Organisation, waiting.id), "submit")
        web.world.organisation(f"Listed {number}", boss, published=number > 3)

    one_more(1)
    queries()  # what is read once for all pages is read
    one_more(9)  # the first that is listed
    few = queries()
    one_more(2)
    one_more(3)

    assert queries() == few


def test_each_task_leads_to_a_page_that_opens(web: Web) -> None:
    story = Evaluation(web.world)
    application = story.application("S3TEX")
    story.close()
    expert = story.expert()

    def opens(person: Person) -> list[int]:
        browser = web.client_of(person)
        addresses = re.findall(r'<th [^>]*scope="row"[^>]*><div><a [^>]*href="([^"#]+)', browser.get("/work").text)
        return [browser.get(html.unescape(address)).status_code for address in addresses]

    assert opens(story.manager) == [200]  # checks to record
    story.admit(application)
    task = story.task(application, expert, declared=False)
    assert opens(expert) == [200]  # interests to declare
    with web.world.act(expert) as act:
        perform(act, act.session.get_one(Assignment, task.id), "declare_free", {"no_conflict": True})
    assert opens(expert) == [200]  # a report to write


def test_a_mail_about_an_account_that_came_back_is_shown_to_the_administrator_who_notes_what_was_done(
    web: Web, world: World
) -> None:
    boss = world.person("Ada Admin", None, R.ADMINISTRATOR)
    member = world.person("Mel Member", "mel@example.org")
    with world.act() as act:
        enqueue_mail(act, "sign_in_link", person_id=member.id, address=member.email, about={"link": "x"}, key="one")
        job = act.session.scalars(select(Job).where(Job.kind == "mail")).one()
        note_bounce(act, Returned(job.id, "5.1.1", "550 no such user"))
    admin = web.client_of(boss)
    assert "1 mail about an account came back" in admin.get("/work").text
    page = admin.get("/admin").text
    assert ("Sign-in link" in page, "550 no such user" in page) == (True, True)
    assert "mel@example.org" not in web.client_of(member).get("/work").text
    with world.look() as act:
        bounce = act.session.scalars(select(Bounce.id)).one()
    refused = admin.post("/admin/mails", {"bounce": bounce, "note": " "})
    assert (refused.status_code, "Fill in: What was done." in refused.text) == (422, True)
    assert admin.post("/admin/mails", {"bounce": bounce, "note": "Rang him: mel@other.example"}).status_code == 303
    assert "550 no such user" not in admin.get("/admin").text
    assert "helped otherwise" in admin.get(f"/admin/people/{member.id}").text
