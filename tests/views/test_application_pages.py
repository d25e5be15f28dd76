"""Pages of an application: nothing typed is lost, nothing late is taken, nobody sees what is not theirs."""

import io
import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import func, select

from app.models import Answer, Application, Document, File, Membership, SubmittedVersion
from app.services.applications.answers import save, values_of
from app.services.applications.application import save_basics, start_application
from app.services.consortia.membership import invite
from tests.support.application import (
    Consortium,
    a_draft,
    a_pdf,
    complete,
    completed,
    declarations_of,
    submit,
    with_partners,
)
from tests.support.beginnings import Begin
from tests.support.web import Browser, Web
from tests.support.world import World
from workflows.application import State
from workflows.file import State as FileState
from workflows.membership import State as MemberState
from workflows.relations import Relation as R


@pytest.fixture
def ready(begin: Begin) -> Consortium:
    found: Consortium = begin(completed)
    return found


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a page as a browser would send them."""
    return dict(re.findall(r'<input type="hidden" name="([^"]+)"[^>]* value="([^"]*)"', page))


def send(browser: Browser, found: Consortium, **changes: object) -> object:
    address = f"/applications/{found.application.id}/send"
    fields = hidden(browser.get(address).text) | {"declarations": declarations_of(found)} | changes
    fields.pop("csrf_token", None)
    return browser.post(address, fields)


def test_the_overview_links_each_missing_thing_to_where_it_is_mended(web: Web, world: World) -> None:
    found = a_draft(world)

    page = web.client_of(found.coordinator).get(f"/applications/{found.application.id}")

    assert page.status_code == 200
    assert f"/applications/{found.application.id}/about" in page.text
    assert "Give the project an acronym." in page.text
    assert "35 days 4 h left" in page.text


def test_a_stranger_and_a_missing_application_look_alike(web: Web, world: World) -> None:
    found, stranger = a_draft(world), world.person("Sam Stranger")
    browser = web.client_of(stranger)

    pages = [browser.get(f"/applications/{one}") for one in (found.application.id, "a" * 26)]

    assert [page.status_code for page in pages] == [404, 404]


def test_starting_an_application_leads_to_its_overview(web: Web, world: World) -> None:
    call, person = world.call(), world.person("Carla Coordinator")
    organisation = world.organisation("Cluster Uno", person)
    browser = web.client_of(person)

    page = browser.post(
        "/applications/new", {"call": call.id, "organisation": organisation.id, "acronym": "NEW1"}, follow=True
    )

    assert page.status_code == 200
    assert "NEW1" in page.text


def test_a_form_without_a_choice_is_shown_again_with_what_was_typed(web: Web, world: World) -> None:
    person = world.person("Carla Coordinator")
    world.organisation("Cluster Uno", person)
    world.call()
    page = web.client_of(person).post("/applications/new", {"acronym": "KEPT"})

    assert page.status_code == 422
    assert 'value="KEPT"' in page.text
    assert "Choose a call." in page.text


def test_basic_facts_are_saved_and_a_faulty_one_comes_back_as_typed(web: Web, world: World) -> None:
    found = a_draft(world)
    browser = web.client_of(found.coordinator)
    address = f"/applications/{found.application.id}/about"

    fine = browser.post(address, {"q_acronym": "ABC", "q_months": "20", "q_requested_grant": "1000,50"})
    faulty = browser.post(address, {"q_acronym": "ABC", "q_months": "twenty"})

    assert (fine.status_code, faulty.status_code) == (303, 422)
    assert 'value="twenty"' in faulty.text
    with world.look() as act:
        application = act.session.get_one(Application, found.application.id)
        assert (application.acronym, application.months, str(application.requested_grant)) == ("ABC", 20, "1000.50")


def test_a_clash_of_basic_facts_shows_both_and_keeps_either(web: Web, world: World) -> None:
    found = a_draft(world)
    browser = web.client_of(found.coordinator)
    address = f"/applications/{found.application.id}/about"
    opened = {k: v for k, v in hidden(browser.get(address).text).items() if k.startswith("was_")}
    with world.act(found.coordinator) as act:
        save_basics(act, act.session.get_one(Application, found.application.id), {"title": "Theirs"})

    clash = browser.post(address, opened | {"q_title": "Mine"})
    again = {k: v for k, v in hidden(clash.text).items() if k.startswith("was_")}
    kept = browser.post(address, again | {"q_title": "Mine", "keep_title": "mine"})

    assert (clash.status_code, kept.status_code) == (409, 303)
    side_by_side = clash.text.partition('<div class="escp-pair">')[2]
    stored, _between, typed = side_by_side.partition("What you typed")
    assert "Theirs" in stored
    assert 'value="Mine"' in typed
    assert "I have merged both in my text" in typed
    with world.look() as act:
        assert act.session.get_one(Application, found.application.id).title == "Mine"


@pytest.mark.parametrize("text", ["Ελληνικά", "a\r\nb", "<b>not bold</b>", "x" * 6001, "ﬁ ‘quotes’ – and …"])
def test_no_text_is_lost_on_a_clash_whatever_it_is(web: Web, world: World, text: str) -> None:
    found = a_draft(world)
    browser = web.client_of(found.coordinator)
    address = f"/applications/{found.application.id}/sections/relevance"
    with world.act(found.coordinator) as act:
        save(act, act.session.get_one(Application, found.application.id), {"objectives": "Theirs, stored."}, {})

    page = browser.post(address, {"q_objectives": text, "n_objectives": "0", "n_s3_fit": "0", "n_added_value": "0"})

    written = re.search(r'<textarea[^>]*name="q_objectives"[^>]*>\r?\n?(.*?)</textarea>', page.text, re.DOTALL)
    assert page.status_code == (422 if len(text) > 6000 else 409)
    assert written is not None
    assert written[1].replace("&lt;", "<").replace("&gt;", ">").replace("\r\n", "\n") == text.replace("\r\n", "\n")
    with world.look() as act:
        stored = values_of(act, act.session.get_one(Application, found.application.id))
        assert stored == {"objectives": "Theirs, stored."}


def test_saving_while_typing_says_when_and_sends_the_new_number(web: Web, world: World) -> None:
    found = a_draft(world)
    browser = web.client_of(found.coordinator)
    address = f"/applications/{found.application.id}/sections/relevance"

    page = browser.post(address, {"q_objectives": "Aims", "n_objectives": "0"}, headers={"HX-Request": "true"})

    assert page.status_code == 200
    assert "Saved at 13:00:00" in page.text
    assert re.search(r'name="n_objectives"[^>]*value="1"', page.text)


def test_nothing_is_saved_at_the_deadline_and_what_was_typed_stays(web: Web, world: World) -> None:
    found = a_draft(world)
    world.now = found.call.closes_at
    browser = web.client_of(found.coordinator)
    address = f"/applications/{found.application.id}/sections/relevance"

    page = browser.post(address, {"q_objectives": "Too late", "n_objectives": "0"})

    assert page.status_code == 422
    assert "Too late" in page.text
    with world.look() as act:
        assert act.session.scalar(select(func.count(Answer.id))) == 0


def test_submitting_one_second_before_the_deadline_leads_to_the_receipt(
    web: Web, world: World, ready: Consortium
) -> None:
    world.now = ready.call.closes_at - timedelta(seconds=1)
    browser = web.client_of(ready.coordinator)

    answer = send(browser, ready)
    page = browser.get(answer.headers["Location"])

    assert answer.status_code == 303
    assert "Version 1 was received" in page.text
    with world.look() as act:
        version = act.session.scalars(select(SubmittedVersion)).one()
        assert version.sha256[:4] in page.text


def test_submitting_at_the_deadline_is_refused_with_the_ticks_still_there(
    web: Web, world: World, ready: Consortium
) -> None:
    browser = web.client_of(ready.coordinator)
    address = f"/applications/{ready.application.id}/send"
    fields = {k: v for k, v in hidden(browser.get(address).text).items() if k != "csrf_token"}
    world.now = ready.call.closes_at
    browser = web.client_of(ready.coordinator)

    page = browser.post(address, fields | {"declarations": declarations_of(ready)})

    assert page.status_code == 422
    assert "The deadline has passed." in page.text
    assert page.text.count(" checked") == len(declarations_of(ready))
    with world.look() as act:
        assert act.session.scalar(select(func.count(SubmittedVersion.id))) == 0


def test_each_declaration_has_to_be_ticked(web: Web, world: World, ready: Consortium) -> None:
    page = send(web.client_of(ready.coordinator), ready, declarations=declarations_of(ready)[:-1])

    assert page.status_code == 422
    with world.look() as act:
        assert act.session.get_one(Application, ready.application.id).state is State.DRAFT


def test_what_changed_after_the_page_was_read_is_not_sent_unseen(web: Web, world: World, ready: Consortium) -> None:
    browser = web.client_of(ready.coordinator)
    address = f"/applications/{ready.application.id}/send"
    fields = {k: v for k, v in hidden(browser.get(address).text).items() if k != "csrf_token"}
    with world.act(ready.coordinator) as act:
        save_basics(act, act.session.get_one(Application, ready.application.id), {"months": 19})

    page = browser.post(address, fields | {"declarations": declarations_of(ready)})

    assert page.status_code == 409
    assert "was changed while you read this page" in page.text


def test_the_same_submission_sent_twice_is_one_version(web: Web, world: World, ready: Consortium) -> None:
    browser = web.client_of(ready.coordinator)
    address = f"/applications/{ready.application.id}/send"
    fields = {k: v for k, v in hidden(browser.get(address).text).items() if k != "csrf_token"}
    fields |= {"declarations": declarations_of(ready)}

    answers = [browser.post(address, fields).status_code for _ in range(2)]

    assert answers == [303, 303]
    with world.look() as act:
        assert act.session.scalar(select(func.count(SubmittedVersion.id))) == 1


def test_a_partner_may_read_the_page_of_submission_but_finds_no_button(
    web: Web, world: World, ready: Consortium
) -> None:
    page = web.client_of(ready.partners[0][0]).get(f"/applications/{ready.application.id}/send")

    assert page.status_code == 200
    assert "The coordinator or a deputy submits" in page.text
    assert 'name="declarations"' not in page.text


def test_a_submitted_application_with_changes_says_which_version_counts(
    web: Web, world: World, ready: Consortium
) -> None:
    submit(world, ready)
    world.later(minutes=1)
    with world.act(ready.coordinator) as act:
        save_basics(act, act.session.get_one(Application, ready.application.id), {"months": 20, "acronym": "OTHER"})

    page = web.client_of(ready.coordinator).get(f"/applications/{ready.application.id}")

    assert "Version 1 will be evaluated. You have 2 changes that aren't in it." in unescape(page.text)


def test_a_file_is_uploaded_served_as_an_attachment_and_removed(web: Web, world: World) -> None:
    found = a_draft(world)
    browser = web.client_of(found.coordinator)
    with world.look() as act:
        member = act.session.scalars(select(Membership)).one()
    address = f"/applications/{found.application.id}/documents/cvs"
    data = {"partner": member.id, "file": (io.BytesIO(a_pdf()), "Lebenslauf Jürgen.pdf")}

    answer = browser.post(address, data, content_type="multipart/form-data")
    with world.look() as act:
        file = act.session.scalars(select(File)).one()
    served = browser.get(f"/files/{file.id}")
    browser.post(f"/files/{file.id}/remove")

    assert (answer.status_code, served.status_code, served.data) == (303, 200, a_pdf())
    assert served.headers["Content-Disposition"].startswith("attachment;")
    assert served.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in served.headers["Content-Security-Policy"]
    with world.look() as act:
        assert act.session.get_one(File, file.id).state is FileState.REMOVED
    assert browser.get(f"/files/{file.id}").status_code == 404


def test_a_wrong_file_is_refused_with_its_reason_and_nothing_is_kept(web: Web, world: World) -> None:
    found = a_draft(world)
    browser = web.client_of(found.coordinator)
    with world.look() as act:
        member = act.session.scalars(select(Membership)).one()
    data = {"partner": member.id, "file": (io.BytesIO(b"MZ not a pdf"), "a.pdf")}

    page = browser.post(f"/applications/{found.application.id}/documents/cvs", data, content_type="multipart/form-data")

    assert page.status_code == 422
    assert "This file is not a PDF file inside" in page.text
    with world.look() as act:
        assert act.session.scalar(select(func.count(File.id))) == 0


def test_an_upload_by_a_stranger_is_neither_looked_at_nor_stored(web: Web, world: World) -> None:
    found, stranger = a_draft(world), world.person("Sam Stranger")
    browser = web.client_of(stranger)
    data = {"file": (io.BytesIO(a_pdf()), "a.pdf")}

    page = browser.post(f"/applications/{found.application.id}/documents/cvs", data, content_type="multipart/form-data")

    assert page.status_code == 404
    assert list(web.app.extensions["store"].all()) == []


def test_an_invitation_is_read_without_an_account_and_accepted_after_signing_up(web: Web, world: World) -> None:
    found = a_draft(world)
    with world.act(found.coordinator) as act:
        membership = invite(
            act, act.session.get_one(Application, found.application.id), email="nina@new.example",
            name="New Cluster", invitation="Lead work package 3.",
        )  # fmt: skip
    visitor = web.visitor()
    (mail,) = web.mails("invitation")

    page = visitor.client.get(web.address_in(mail), follow_redirects=True)
    assert page.status_code == 200
    assert "Lead work package 3." in page.text
    assert "nina@new.example" not in page.text
    assert page.request.path == "/invitation"

    signed_up = visitor.post(
        "/sign-up",
        {
            "name": "Nina New",
            "email": "nina@new.example",
            "way": "password",
            "password": "a long enough password",
            "next": "/invitation",
        },
        follow=True,
    )
    assert "the address the invitation was sent to" in signed_up.text
    answer = visitor.post("/invitation", follow=True)
    assert "Accept the invitation" in answer.text
    accepted = visitor.post(
        f"/memberships/{membership.id}/answer",
        {"name": "Νέος Όμιλος", "country": "GR", "region": "EL30", "kinds": ["technology_centre"]},
        follow=True,
    )

    assert accepted.status_code == 200
    with world.look() as act:
        stored = act.session.get_one(Membership, membership.id)
        assert (stored.state, stored.organisation.name, stored.region) == (MemberState.ACCEPTED, "Νέος Όμιλος", "EL30")


def test_declining_says_that_it_is_done_and_tells_the_coordinator(web: Web, world: World) -> None:
    found = with_partners(world, a_draft(world), accepted=False)
    person, _organisation, membership = found.partners[0]
    browser = web.client_of(person)

    page = browser.post(f"/memberships/{membership.id}/step-back", {"reason": "No time."})

    assert page.status_code == 200
    assert "You declined the invitation" in page.text
    assert [mail.args["address"] for mail in web.mails("partner_declined")] == [found.coordinator.email]


def test_the_office_sees_how_far_a_draft_is_and_none_of_its_words(web: Web, world: World) -> None:
    found, office = a_draft(world), world.person("Olga Office", None, R.CALL_MANAGER)
    with world.act(found.coordinator) as act:
        application = act.session.get_one(Application, found.application.id)
        save_basics(act, application, {"title": "MARKER-TITLE", "acronym": "MARKERACR"})
        save(act, application, {"objectives": "MARKER-TEXT"}, {})
    browser = web.client_of(office)

    page = browser.get(f"/applications/{found.application.id}/readiness")

    assert page.status_code == 200
    assert "missing" in page.text
    assert [word for word in ("MARKER-TITLE", "MARKER-TEXT", "MARKERACR") if word in page.text] == []
    assert browser.get(f"/applications/{found.application.id}").status_code == 404
    assert "MARKER-TITLE" not in browser.get("/applications").text


def test_an_internal_note_of_the_office_is_not_shown_to_applicants(web: Web, world: World) -> None:
    found, office = a_draft(world), world.person("Olga Office", None, R.CALL_MANAGER)
    address = f"/applications/{found.application.id}/messages"
    browser = web.client_of(office)
    browser.post(address, {"text": "Ask about the statutes.", "kind": "internal"})
    browser.post(address, {"text": "The form is on the page of the call.", "kind": "message"})

    applicants = web.client_of(found.coordinator).get(address).text

    assert "The form is on the page of the call." in applicants
    assert "Ask about the statutes." not in applicants
    assert [mail.args["address"] for mail in web.mails("message")] == [found.coordinator.email]


def test_a_receipt_not_made_yet_says_so(web: Web, world: World, ready: Consortium) -> None:
    submit(world, ready)
    with world.look() as act:
        document = act.session.scalars(select(Document)).one()

    page = web.client_of(ready.coordinator).get(f"/documents/{document.id}")

    assert page.status_code == 202
    assert "This document is being made" in page.text


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_shows_each_application_once(web: Web, world: World, count: int) -> None:
    first = a_draft(world)
    for _ in range(count - 1):
        with world.act(first.coordinator) as act:
            start_application(
                act, act.session.get_one(type(first.call), first.call.id),
                act.session.get_one(type(first.organisation), first.organisation.id),
            )  # fmt: skip

    page = web.client_of(first.coordinator).get("/applications")

    assert ("1 application" if count == 1 else "3 applications") in page.text


def test_a_deputy_is_named_on_the_page_of_people(web: Web, world: World) -> None:
    found, deputy = a_draft(world), world.person("Dora Deputy")
    browser = web.client_of(found.coordinator)

    unknown = browser.post(
        f"/applications/{found.application.id}/people", {"part": "deputy", "email": "no@body.example"}
    )
    named = browser.post(
        f"/applications/{found.application.id}/people", {"part": "deputy", "email": deputy.email}, follow=True
    )

    assert unknown.status_code == 422
    assert 'value="no@body.example"' in unknown.text
    assert "Dora Deputy" in named.text
    assert [mail.args["person"] for mail in web.mails("named_deputy")] == [deputy.id]


def test_the_coordinator_invites_and_reminds_on_the_page_of_the_consortium(web: Web, world: World) -> None:
    found = a_draft(world)
    browser = web.client_of(found.coordinator)
    address = f"/applications/{found.application.id}/consortium"
    asked = {
        "email": "new@partner.example",
        "name": "New Cluster",
        "role": "partner",
        "invitation": "Six months of work.",
    }

    wrong = browser.post(address, asked | {"email": "not an address"})
    sent = browser.post(address, asked, follow=True)
    with world.look() as act:
        membership = act.session.scalars(
            select(Membership).where(Membership.invited_email != found.coordinator.email)
        ).one()
    early = browser.post(f"/memberships/{membership.id}/reminder")

    assert (wrong.status_code, sent.status_code, early.status_code) == (422, 200, 422)
    assert "New Cluster" in sent.text
    assert "less than 48 hours ago" in early.text


def test_a_signatory_signs_on_the_mailed_page_after_ticking(web: Web, world: World) -> None:
    found = a_draft(world)
    browser = web.client_of(found.coordinator)
    with world.look() as act:
        member = act.session.scalars(select(Membership)).one()
    named = {"signatory-name": "Rita Rector", "signatory-email": "rector@uno.example"}
    asked = browser.post(f"/memberships/{member.id}/signatory", named, follow=True)
    visitor = web.visitor()

    (mail,) = web.mails("mandate")
    page = visitor.client.get(web.address_in(mail), follow_redirects=True)
    unticked = visitor.post("/signature")
    signed = visitor.post("/signature", {"agree": "y"})

    assert (asked.status_code, page.status_code, unticked.status_code, signed.status_code) == (200, 200, 422, 200)
    assert "I am authorised to sign for Cluster Uno." in page.text
    assert "Thank you: it is signed" in signed.text


def test_a_declaration_signed_on_paper_is_taken_from_the_partners_own_files(web: Web, world: World) -> None:
    found = complete(world, with_partners(world, a_draft(world)))
    browser = web.client_of(found.coordinator)
    with world.look() as act:
        application = act.session.get_one(Application, found.application.id)
        lead, other = application.memberships[0].id, application.memberships[1].id
        own = act.session.scalars(select(File).where(File.membership_id == lead)).first()
        foreign = act.session.scalars(select(File).where(File.membership_id == other)).first()
    browser.post(
        f"/memberships/{lead}/signatory", {"signatory-name": "Rita Rector", "signatory-email": "r@uno.example"}
    )

    wrong = browser.post(f"/memberships/{lead}/signed-file", {"file": foreign.id})
    right = browser.post(f"/memberships/{lead}/signed-file", {"file": own.id}, follow=True)

    assert (wrong.status_code, right.status_code) == (422, 200)
    assert "Rita Rector signed on" in right.text
