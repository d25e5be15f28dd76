"""My work, whole: with what deadlines bring about, such as changes of a call, exceptions, questions, clarifications."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from app.access import all_visible, can, visible
from app.act import Act
from app.models import Application, Call, Clarification, LateException, Participant
from app.services.accounts.account_mails import mails_come_back
from app.services.calls.enquiry import calls_with_waiting_questions
from app.services.work.task import ROLES, Task, signs_as
from app.services.work.work import tasks_of
from app.services.work.work_proposed import acts_to_take
from app.services.work.work_review import advances_to_sign, committees_to_name, reviews_to_decide, reviews_to_judge
from workflows.application import EDITABLE
from workflows.clarification import State as ClarificationState
from workflows.exception import State as ExceptionState
from workflows.relations import Relation as R
from workflows.words import _, plural


def all_tasks(act: Act) -> list[Task]:
    """List everything that awaits the person, what is due first at the top, what has no date at the end."""
    found = [*tasks_of(act), *(task for source in SOURCES for task in source(act))]
    far = act.now.replace(year=act.now.year + 100)
    return sorted(found, key=lambda task: (task.due or far, task.noun, str(task.params), task.thing_id))


def changes_to_look_at(act: Act) -> Iterator[Task]:
    mine = (
        select(Application)
        .join(Call, Call.id == Application.call_id)
        .where(Application.id.in_(visible(act, Application, "application.edit").with_only_columns(Application.id)))
        .where(Application.id.in_(select(Participant.application_id).where(Participant.person_id == act.person_id)))
        .where(Application.state.in_(EDITABLE), Application.seen_version < Call.definition_number)
        .order_by(Application.id)
    )
    for application in act.session.scalars(mine):
        if act.now < application.closes_at:
            title, name = _("The call changed: look again at {name}"), application.acronym or application.number
            yield Task(
                title, ROLES[R.PARTNER], "application", application.id, {"name": name}, application.closes_at,
                anchor="changed",
            )  # fmt: skip


def clarifications_to_answer(act: Act) -> Iterator[Task]:
    for one in all_visible(act, Clarification, "clarification.answer"):
        if one.state is ClarificationState.OPENED:
            title, params = _("Clarify {name}"), {"name": one.application.acronym or one.application.number}
            yield Task(title, ROLES[R.COORDINATOR], "clarification", one.id, params, one.due_at)


def exceptions_to_decide(act: Act) -> Iterator[Task]:
    for action, state, role, title in (
        ("exception.propose", ExceptionState.ASKED, R.CALL_MANAGER, _("Decide on a later deadline for {name}")),
        ("exception.approve", ExceptionState.PROPOSED, R.PROGRAMME_MANAGER, _("Approve a later deadline for {name}")),
    ):
        for one in all_visible(act, LateException, action):
            if one.state is state and (state is ExceptionState.ASKED or one.proposed_by != act.person_id):
                own = role if role is R.CALL_MANAGER else signs_as(act)
                yield Task(title, ROLES[own], "exception", one.id, {"name": one.application.number}, one.until)


def questions_to_answer(act: Act) -> Iterator[Task]:
    counts = calls_with_waiting_questions(act)
    for call in act.session.scalars(select(Call).where(Call.id.in_(counts)).order_by(Call.id)):
        title = plural("Answer {n} question about {name}", "Answer {n} questions about {name}")
        yield Task(
            title, ROLES[R.CALL_MANAGER], "call", call.id, {"n": counts[call.id], "name": call.code},
            endpoint="enquiry.index", anchor="waiting",
        )  # fmt: skip


def account_mails_that_came_back(act: Act) -> Iterator[Task]:
    """Somebody can't sign up or sign in, and only an administrator can help."""
    found = mails_come_back(act) if can(act, "site.administer") else ()
    if found:
        title = plural("{n} mail about an account came back", "{n} mails about accounts came back")
        role = ROLES[R.ADMINISTRATOR]
        yield Task(title, role, "site", "", {"n": len(found)}, endpoint="admin.index", anchor="came-back")


SOURCES = (
    changes_to_look_at,
    clarifications_to_answer,
    exceptions_to_decide,
    questions_to_answer,
    committees_to_name,
    reviews_to_judge,
    reviews_to_decide,
    advances_to_sign,
    account_mails_that_came_back,
    acts_to_take,
)
