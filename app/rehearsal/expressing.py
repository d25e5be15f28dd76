"""A call for expressions of interest: notices are published, others reply; nothing is scored and nobody wins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from app.models import Call, Expression, Organisation, Reply
from app.partnerships import PartnerEntry, Partnership
from app.rehearsal.cast import Cast, enter_organisation
from app.rehearsal.play import Chapter, Play, announce, moments
from app.rehearsal.stage import Stage, get
from app.rehearsal.texts import raw_answer
from app.services.applications.answer_lists import lists_for
from app.services.calls.call import definition_of
from app.services.expressions.expression import save_answers, start_expression
from app.services.expressions.reply import send_reply
from app.services.transitions import perform
from workflows.questions import clean
from workflows.reply import State as ReplyState
from workflows.rules_facts import PARTNER

UNNAMED = PartnerEntry(
    name="{acronym} (organisation not named by the source)",
    country="FR",
    region="FRK2",
    kinds=("cluster_organisation",),
    role=PARTNER,
)


def play_expressions(
    stage: Stage,
    cast: Cast,
    call_file: bytes,
    partnerships: Sequence[Partnership],
    *,
    closes: bool = True,
    practice: bool = False,
) -> Play:
    """Publish one expression for each partnership; played to the closing of the call unless told otherwise."""
    made = announce(stage, cast, call_file, practice=practice)
    when = moments(made.definition)
    opens = made.definition.timetable.opens_at
    stage.clock.move_to(opens)
    stage.tick()
    published = []
    for place, partnership in enumerate(partnerships, start=1):
        stage.clock.move_to(opens + (when[Chapter.WRITING] - opens) * place / (len(partnerships) + 2))
        published.append(publish(stage, cast, made.call_id, partnership))
    for expression_id in published:
        _replies(stage, cast, expression_id, partnerships)
    stage.run_outbox()
    if closes:
        stage.clock.move_to(made.definition.timetable.closes_at + timedelta(minutes=1))
        stage.tick()
        stage.run_outbox()
    return made


def publish(stage: Stage, cast: Cast, call_id: str, partnership: Partnership) -> str:
    """Write and publish the expression of a partnership; its first organisation is the author."""
    first = next(iter(partnership.partners), None)
    if first is None:
        first = PartnerEntry(
            name=UNNAMED.name.format(acronym=partnership.acronym),
            country=UNNAMED.country,
            region=UNNAMED.region,
            kinds=UNNAMED.kinds,
            role=PARTNER,
        )
        partnership = replace(partnership, partners=(first,))
        stage.notes.append(f"{partnership.acronym}: the source names no organisation; a made-up one publishes")
    organisation_id, person_id = enter_organisation(stage, cast, first, next(iter(partnership.thematic_areas), None))
    with stage.act(person_id) as act:
        call = get(act, Call, call_id)
        definition = definition_of(call)
        expression = start_expression(act, call, get(act, Organisation, organisation_id))
        lists = lists_for(definition)
        values = {}
        for question in definition.questions():
            raw = raw_answer(partnership, question, lists, stage.dice)
            if raw:
                values[question.id] = clean(question, raw, lists)[0]
        save_answers(act, expression, values, {})
    with stage.act(person_id) as act:
        perform(act, get(act, Expression, expression.id), "publish")
    stage.told(partnership.acronym)
    return expression.id


def _replies(stage: Stage, cast: Cast, expression_id: str, partnerships: Sequence[Partnership]) -> None:
    """Let the organisations of the other partnerships reply; the first is accepted, the second waits for an answer."""
    with stage.act() as act:
        author = get(act, Expression, expression_id).author_id
    others = [p for partnership in partnerships for p in partnership.partners if p.name in cast.organisations]
    answered = 0
    for partner in others:
        organisation_id, person_id = cast.organisations[partner.name]
        if person_id == author or answered == 2:  # noqa: PLR2004 - one reply to accept, one that waits
            continue
        with stage.act(person_id) as act:
            send_reply(
                act,
                get(act, Expression, expression_id),
                get(act, Organisation, organisation_id),
                "We would bring our members and our region's priority (made-up message).",
            )
        answered += 1
    with stage.act(author) as act:
        first = act.session.scalars(
            select(Reply).where(Reply.expression_id == expression_id).order_by(Reply.created_at)
        ).first()
        if first is not None and first.state is ReplyState.SENT:
            perform(act, first, "accept")
