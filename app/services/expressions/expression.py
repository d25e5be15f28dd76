"""Expressions of interest: begun, answered, published, talked about, turned into applications."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from app.act import Act
from app.addressees import people_who_are
from app.facts.call import is_open
from app.facts.expression import follow_on_call
from app.models import Answer, Call, Comment, Event, Expression, File, Organisation, OrganisationMember, Reply
from app.outbox import enqueue_mail
from app.services.applications.answer_lists import lists_for
from app.services.applications.answers import save, values_of
from app.services.applications.application import save_basics, start_application
from app.services.calls.call import definition_of
from app.services.calls.follow import ensure_follow
from app.services.consortia.membership import invite
from app.services.searching.search_index import index_expression
from app.services.transitions import Done, Refused, create, note
from workflows.definition import CallKind
from workflows.file import KEPT
from workflows.questions import Answer as Value
from workflows.questions import clean
from workflows.relations import Relation as R
from workflows.reply import State as ReplyState
from workflows.verdict import Verdict, refuse
from workflows.words import _


def start_expression(act: Act, call: Call, organisation: Organisation) -> Expression:
    """Begin a draft for an organisation the person acts for. Raises `Refused` with every reason."""
    verdict = Verdict()
    if call.kind != CallKind.EXPRESSION_OF_INTEREST:
        verdict += refuse("other-kind", _("This call asks for applications, not for expressions of interest."))
    if not is_open(act, call):
        verdict += refuse("call-closed", _("The call is not open."))
    if not acts_for(act, organisation):
        verdict += refuse("not-your-organisation", _("You don't act for this organisation: ask its administrator."))
    if not verdict:
        raise Refused(verdict)
    expression = Expression(
        call_id=call.id, organisation_id=organisation.id, author_id=act.person_id, seen_version=call.definition_number
    )
    expression.call, expression.organisation = call, organisation
    create(act, expression, relation=R.ORGANISATION_MEMBER, data={"call": call.id, "organisation": organisation.id})
    ensure_follow(act, call)
    return expression


def acts_for(act: Act, organisation: Organisation) -> bool:
    """Does the person act for the organisation now?"""
    query = select(OrganisationMember.id).where(
        OrganisationMember.organisation_id == organisation.id,
        OrganisationMember.person_id == act.person_id,
        OrganisationMember.accepted.is_(True),
        OrganisationMember.ended_at.is_(None),
    )
    return act.person is not None and act.session.scalar(query.limit(1)) is not None


def save_answers(
    act: Act, expression: Expression, values: Mapping[str, Value], started_from: Mapping[str, int]
) -> dict[str, Answer]:
    """Save answers; title and acronym stand on the expression as well, for lists. Raises as `answers.save`."""
    stored = save(act, expression, values, started_from)
    if "title" in stored:
        expression.title = str(stored["title"].value["value"] or "")
    if "acronym" in stored:
        expression.acronym = str(stored["acronym"].value["value"] or "")
    return stored


def freeze_expression(act: Act, expression: Expression, _done: Done) -> None:
    """Publish the answers as they are now: what is changed later is not public until published again."""
    known = {question.id for question in definition_of(expression.call).questions()}
    answers = {question: value for question, value in values_of(act, expression).items() if question in known}
    kept = (
        select(File)
        .where(File.expression_id == expression.id, File.state.in_(KEPT))
        .order_by(File.slot, File.uploaded_at)
    )
    files = [
        {"id": f.id, "slot": f.slot, "name": f.name, "size": f.size, "sha256": f.sha256}
        for f in act.session.scalars(kept)
    ]
    expression.published = {"answers": answers, "files": files, "at": act.now.isoformat()}
    act.session.flush()
    index_expression(act.session, expression)


def comment(act: Act, expression: Expression, text: str, organisation: Organisation | None) -> Comment:
    """Add a public remark; who wrote the notice and who follows it are told. Raises `Refused`."""
    terms = definition_of(expression.call).publication
    if terms is not None and not terms.comment:
        raise Refused(refuse("no-comments", _("This call takes no comments.")))
    if organisation is not None and not acts_for(act, organisation):
        raise Refused(refuse("not-your-organisation", _("You don't act for this organisation: ask its administrator.")))
    said = Comment(
        id=act.new_id(), expression_id=expression.id, person_id=act.person_id, text=text, at=act.now,
        organisation_id=organisation.id if organisation else None,
    )  # fmt: skip
    act.session.add(said)
    event = note(act, expression, "comment", relation=R.SIGNED_IN, data={"comment": said.id})
    tell(act, expression, "expression_comment", event, (R.AUTHOR, R.FOLLOWER))
    return said


def hide_comment(act: Act, expression: Expression, comment_id: str) -> None:
    """Take a remark off the page; it stays on file. Raises `LookupError` if it is not of this expression."""
    said = act.session.get(Comment, comment_id)
    if said is None or said.expression_id != expression.id:
        raise LookupError(comment_id)
    if said.hidden_at is None:
        said.hidden_at, said.hidden_by = act.now, act.person_id
        relation = R.AUTHOR if acts_for(act, expression.organisation) else R.CALL_MANAGER
        note(act, expression, "hide_comment", relation=relation, data={"comment": said.id})


def tell(act: Act, expression: Expression, template: str, event: Event, relations: tuple[R, ...]) -> None:
    """Mail everybody in the relations except whoever acted."""
    about = {"noun": "expression", "thing": expression.id, "event": event.id}
    for person in people_who_are(act, expression, relations):
        if person.id != act.person_id:
            enqueue_mail(act, template, person_id=person.id, address=person.email, about=about, key=event.id)


def carry_over(act: Act, expression: Expression, _done: Done) -> None:
    """Start an application of the follow-on call with all that is known: theme, same questions, accepted partners.

    The organisation of the notice coordinates; organisations whose interest was accepted are invited, and count only
    once they accept. Raises `Refused` where no call follows or the application can't be started.
    """
    call = follow_on_call(act, expression)
    if call is None:
        raise Refused(refuse("no-follow-on-call", _("The call for proposals that follows is not open.")))
    application = start_application(
        act, call, expression.organisation, acronym=expression.acronym, title=expression.title, expression=expression
    )
    values = values_of(act, expression)
    theme = values.get("thematic_area")
    if isinstance(theme, str):
        save_basics(act, application, {"theme": theme})
    save(act, application, _same_questions(expression, call, values), {})
    for reply in _accepted(act, expression):
        invite(
            act,
            application,
            email=reply.person.email,
            organisation=reply.organisation,
            invitation=reply.message,
        )


def _same_questions(expression: Expression, call: Call, values: Mapping[str, Value]) -> dict[str, Value]:
    """Answers to questions that the follow-on call asks again by the same id and in the same form."""
    asked_before = {question.id: question for question in definition_of(expression.call).questions()}
    definition = definition_of(call)
    lists = lists_for(definition)
    found: dict[str, Value] = {}
    for question in definition.questions():
        before = asked_before.get(question.id)
        if before is not None and before.type is question.type and question.id in values:
            answer, verdict = clean(question, values[question.id], lists)
            if verdict:
                found[question.id] = answer
    return found


def _accepted(act: Act, expression: Expression) -> Sequence[Reply]:
    query = select(Reply).where(Reply.expression_id == expression.id, Reply.state == ReplyState.ACCEPTED)
    return act.session.scalars(query.order_by(Reply.created_at, Reply.id)).all()
