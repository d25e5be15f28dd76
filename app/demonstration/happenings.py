"""What happens beside the road of a call: questions, introductions, a clarification, an amendment, a later deadline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select

from app.models import Application, Call, Check, Enquiry, Introduction, LateException, Organisation, Person
from app.rehearsal.stage import Stage, get
from app.services.applications.submission import current_version, definition_of_version
from app.services.calls.enquiry import ask
from app.services.calls.exception import ask_exception
from app.services.checks.check import confirm_all
from app.services.checks.clarification import open_clarification, reopenable
from app.services.consortia.amendment import Wanted, ask_amendment
from app.services.deciding.stand_in import name_stand_in
from app.services.dossiers.auditing import draw, grant, write_note
from app.services.reviews.review import ask_review
from app.services.searching.introduction import ask_introduction
from app.services.transitions import perform
from app.services.work.saved_view import keep_view
from workflows.amendment import Change
from workflows.membership import LIVE
from workflows.review import Ground

People = Mapping[str, str]  # id of the person by the key of the account
TO_ANSWER = timedelta(days=5)
AUDITED = timedelta(weeks=12)
AWAY = timedelta(weeks=4)


def play_questions(stage: Stage, people: People, call_id: str) -> None:
    """Leave one question with a published answer, and one that waits for the office."""
    with stage.act(people["partner"]) as act:
        first = ask(act, get(act, Call, call_id), "May a university join us as an associated partner?", "who")
    with stage.act(people["manager"]) as act:
        enquiry = get(act, Enquiry, first.id)
        said = {
            "wording": "May a university take part as an associated partner?",
            "answer": "Yes. Associated partners are named in the application; they receive no money of the grant.",
        }
        perform(act, enquiry, "answer", said)
    with stage.act(people["manager"]) as act:
        perform(act, get(act, Enquiry, first.id), "publish")
    with stage.act(people["coordinator"]) as act:
        text = "Do travel costs of companies that visit our partners count as eligible costs?"
        ask(act, get(act, Call, call_id), text, "money")


def play_introductions(stage: Stage, people: People, organisations: Mapping[str, str]) -> None:
    """Let one organisation ask two others: one has agreed, the other has yet to answer."""
    message = "Our members make materials that repair themselves; yours could try them in their buildings."
    for other in ("partner", "coordinator"):
        with stage.act(people["organisation"]) as act:
            mine, theirs = (get(act, Organisation, organisations[key]) for key in ("organisation", other))
            asked = ask_introduction(act, mine, theirs, message)
        if other == "partner":
            with stage.act(people["partner"]) as act:
                perform(act, get(act, Introduction, asked.id), "agree")


def play_audits(stage: Stage, people: People, call_ids: Sequence[str]) -> None:
    """Open calls to the auditor for some weeks; a sample of the first was drawn, with a note on one of its files."""
    for call_id in call_ids:
        with stage.act(people["administrator"]) as act:
            until = (act.now + AUDITED).date()
            grant(act, get(act, Call, call_id), get(act, Person, people["auditor"]), None, until)
    with stage.act(people["auditor"]) as act:
        drawn = draw(act, get(act, Call, call_ids[0]), 2)
        write_note(
            act, drawn[0], "Asked for the minutes of the consensus meeting: the third score moved by two points."
        )


def play_stand_in(stage: Stage, people: People) -> None:
    """Let the second programme manager be away for some weeks: the second call manager signs in their place."""
    with stage.act(people["signer-2"]) as act:
        day = act.now.date()
        name_stand_in(act, get(act, Person, people["manager-2"]), day, day + AWAY, "On leave.")


def keep_views(stage: Stage, people: People) -> None:
    """Keep two views of lists for the call manager, who finds them beside the lists of every call."""
    with stage.act(people["manager"]) as act:
        keep_view(act, "applications", "Waiting for their check, oldest first", "state=received&sort=since")
    with stage.act(people["manager"]) as act:
        keep_view(act, "tasks", "Late reports", "late=yes&sort=due")


def play_later_deadline(stage: Stage, people: People, application_id: str, coordinator: str) -> None:
    """Let an applicant ask for a later deadline, and the office propose one: a second person has to sign it."""
    with stage.act(coordinator) as act:
        text = "A storm cut the power of our office for the last two days before the deadline."
        asked = ask_exception(act, get(act, Application, application_id), text)
    with stage.act(people["manager"]) as act:
        exception = get(act, LateException, asked.id)
        until = max(act.now, exception.application.call.closes_at) + TO_ANSWER
        reason = "The operator of the grid has confirmed the power cut."
        perform(act, exception, "propose", {"until": until, "reason": reason})


def play_clarification(stage: Stage, people: People, application_id: str) -> None:
    """Reopen one answer of a received application, for some days from now."""
    with stage.act(people["manager"]) as act:
        application = get(act, Application, application_id)
        version = current_version(act, application)
        if version is None:
            raise LookupError("nothing was submitted")
        question = reopenable(definition_of_version(act, version))[0]
        text = "Which of the regions have put this priority into their strategies?"
        open_clarification(act, application, [question.id], text, act.now + TO_ANSWER)


def play_amendment(stage: Stage, application_id: str, coordinator: str) -> None:
    """Ask for another task and share of a partner of an application whose deadline has passed."""
    with stage.act(coordinator) as act:
        application = get(act, Application, application_id)
        member = [one for one in application.memberships if one.state in LIVE][-1]
        wanted = Wanted(
            change=Change.PART, reason="Two of the partner's experts have moved to another organisation.",
            membership=member, role=member.role, share=member.share or Decimal(0), task="Only the second work package.",
        )  # fmt: skip
        ask_amendment(act, application, wanted)


def play_refusal(stage: Stage, people: People, application_id: str, coordinator: str) -> None:
    """Refuse an application by two persons; whoever leads it asks for a review, which waits for its committee."""
    with stage.act(people["manager"]) as act:
        query = select(Check).where(Check.application_id == application_id, Check.rule == "language")
        check_id = act.session.scalars(query).one().id
        reason = "Annex 2, the letters of support, is in Ukrainian, which is no language of the call."
        perform(act, get(act, Check, check_id), "propose_refusal", {"reason": reason})
    with stage.act(people["manager"]) as act:
        confirm_all(act, get(act, Application, application_id))
    with stage.act(people["manager-2"]) as act:
        perform(act, get(act, Check, check_id), "confirm_refusal")
    with stage.act(people["manager-2"]) as act:
        perform(act, get(act, Application, application_id), "find_inadmissible")
    with stage.act(coordinator) as act:
        text = "Each letter of annex 2 has its English text on the back, which was sent with it."
        ask_review(act, get(act, Application, application_id), Ground.ERROR, text)
