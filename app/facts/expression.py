"""What guards of an expression of interest may know, and what its advisory rules are told."""

from __future__ import annotations

from sqlalchemy import select

from app import geography
from app.act import Act
from app.callfile import from_json
from app.facts.answers import values_of
from app.facts.call import is_open
from app.facts.consortium import settlements
from app.models import Call, Expression, Organisation, Reply
from app.services.applications.answer_lists import lists_for
from workflows.contact_details import contacts_in_name
from workflows.definition import CallDefinition
from workflows.expression import Facts
from workflows.profile import State as ProfileState
from workflows.questions import missing
from workflows.reply import State as ReplyState
from workflows.rules import RuleResult, evaluate_call
from workflows.rules_facts import COORDINATOR, PARTNER, ConsortiumFacts, PartnerFacts
from workflows.verdict import Verdict, refuse, together
from workflows.words import _

CONTACT_IN_NAME = refuse(
    "contact-in-name",
    _("Take the e-mail address, telephone number or link out of title and acronym: they stand in lists and mails."),
)


def expression_facts(act: Act, expression: Expression) -> Facts:
    follow_on = follow_on_call(act, expression)
    return Facts(
        call_is_open=is_open(act, expression.call),
        organisation_is_published=expression.organisation.state == ProfileState.PUBLISHED,
        missing=missing_answers(act, expression),
        follow_on_call_is_open=follow_on is not None and is_open(act, follow_on),
    )


def follow_on_call(act: Act, expression: Expression) -> Call | None:
    """The call for proposals that follows; None where there is none or it was not imported."""
    code = expression.call.next_code
    return act.session.scalar(select(Call).where(Call.code == code)) if code else None


def missing_answers(act: Act, expression: Expression) -> Verdict:
    """Required answers that are not there, one reason each. Uploaded documents are never required here."""
    call, values = from_json(expression.call.definition), values_of(act, expression)
    lists = lists_for(call)
    asked = together(missing(question, values.get(question.id), lists) for question in call.questions())
    return asked if not contacts_in_name(expression.title, expression.acronym) else asked + CONTACT_IN_NAME


def advice(act: Act, expression: Expression) -> tuple[RuleResult, ...]:
    """Every rule of the call for the partners known so far. None of them refuses anything."""
    return evaluate_call(from_json(expression.call.definition), partnership_facts(act, expression))


def partnership_facts(act: Act, expression: Expression) -> ConsortiumFacts:
    """The author's organisation, those whose interest was accepted, and those the notice names without a profile."""
    call, values = from_json(expression.call.definition), values_of(act, expression)
    theme = values.get("thematic_area")
    themes = (theme,) if isinstance(theme, str) else ()
    settled = settlements(act)
    lead = _known(expression.organisation, call, settled, role=COORDINATOR, themes=themes)
    others = [_known(o, call, settled, role=PARTNER, themes=tuple(o.themes)) for o in accepted(act, expression)]
    return ConsortiumFacts(
        partners=(
            lead,
            *others,
            *_named(values.get("consortium"), [expression.organisation, *accepted(act, expression)]),
        ),
        country_groups=geography.groups_on(call.countries_date),
    )


def accepted(act: Act, expression: Expression) -> list[Organisation]:
    """Organisations whose wish to join was accepted, in the order they asked."""
    query = (
        select(Organisation)
        .join(Reply, Reply.organisation_id == Organisation.id)
        .where(Reply.expression_id == expression.id, Reply.state == ReplyState.ACCEPTED)
        .order_by(Reply.created_at, Reply.id)
    )
    return list(act.session.scalars(query))


def _known(
    organisation: Organisation,
    call: CallDefinition,
    settled: geography.Settlements,
    *,
    role: str,
    themes: tuple[str, ...],
) -> PartnerFacts:
    country, region, category = organisation.country, None, geography.UNKNOWN
    vintage, period = call.regions.vintage, call.regions.fund_period
    if country:
        region = geography.seat_region(country, organisation.region, vintage=vintage)
        category = geography.fund_category(country, region, vintage=vintage, period=period, settled=settled)
    return PartnerFacts(
        entity=organisation.id, name=organisation.name, kinds=tuple(organisation.kinds), country=country, region=region,
        fund_category=category, role=role, thematic_areas=themes,
    )  # fmt: skip


def _named(rows: object, known: list[Organisation]) -> list[PartnerFacts]:
    """Partners of the notice that are none of the known organisations, by name. Little is known of them."""
    names = {name.casefold() for o in known for name in (o.name, o.name_en, o.acronym) if name}
    found = []
    for row in rows if isinstance(rows, list) else []:
        name = str(row.get("partner") or "").strip()
        if name and name.casefold() not in names:
            country = row.get("country")
            found.append(PartnerFacts(entity=f"named:{name.casefold()}", name=name, country=country or None))
    return found
