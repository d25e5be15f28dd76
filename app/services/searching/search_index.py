"""The entries of the search: made from profiles and published expressions of interest whenever those change.

Services that change one write its entry in the same transaction; the clock writes those that were changed another way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app import geography, taxonomy
from app.models import Expression, Organisation, SearchEntry, SearchText
from app.services.calls.call import definition_of
from app.services.searching.search_words import coded, words_of
from app.taxonomy import term_name
from workflows.contact_details import hide_contacts
from workflows.expression import PUBLIC

FIRST_DAY = date(1970, 1, 1)
AT_ONCE = 500


def index_profile(session: Session, organisation: Organisation) -> None:
    """Write the entry of a profile. Which people may see it is asked when somebody searches."""
    o = organisation
    names = words_of(o.name, o.name_en, o.acronym)
    places = [region_words(code) for code in (o.region, *o.regions_served)]
    facilities = [f"{term_name('facility_kinds', f['kind'])} {f['text']} {f['conditions']}" for f in o.facilities]
    texts = [
        o.city, o.pic or "", o.summary, o.offers, o.seeks, country_words(o.country), *places, *facilities,
        *(n.name for n in o.names), *(p["text"] for p in o.priorities), *_named("thematic_areas", o.themes),
        *_named("technologies", o.technologies), *_named("organisation_types", o.kinds),
        *_named("chain_positions", o.chain_positions),
    ]  # fmt: skip
    texts = [hide_contacts(text, " ") for text in texts]  # nobody finds an organisation by what is hidden from them
    _write(session, "profile", o, {
        "name": " ".join(words_of(o.name_en or o.name))[:400],
        "name_words": " ".join(names),
        "words": " ".join(words_of(o.name, o.name_en, o.acronym, *texts)),
        "themes": coded(o.themes), "technologies": coded(o.technologies), "kinds": coded(o.kinds),
        "countries": coded([o.country]), "regions": coded([o.region]),
        "categories": coded([category_of(o.region)]),
        "offers": coded(f["kind"] for f in o.facilities), "positions": coded(o.chain_positions),
        "seeks": coded(kinds_named(o.seeks)),
        "contact": "open" if o.open_to_contact else "",
        "day": _day(o.confirmed_at or o.created_at),
    })  # fmt: skip


def index_expression(session: Session, expression: Expression) -> None:
    """Write the entry of an expression of interest from what was last published; drafts have none."""
    if expression.published is None:
        return
    e, o = expression, expression.organisation
    answers: Mapping[str, Any] = expression.published.get("answers", {})
    regions = [str(row["region"]) for row in _rows(answers, "regions") if row.get("region")]
    partners = [str(row["country"]) for row in _rows(answers, "consortium") if row.get("country")]
    vintage = definition_of(e.call).regions.vintage
    theme, sought = _text(answers, "thematic_area"), _text(answers, "sought")
    technologies = [code for code in answers.get("technologies") or [] if isinstance(code, str)]
    texts = [
        o.name, o.name_en, _text(answers, "abstract"), sought, *_named("thematic_areas", [theme]),
        *_named("technologies", technologies), *(region_words(code, vintage) for code in regions),
    ]  # fmt: skip
    texts = [hide_contacts(text, " ") for text in texts]
    today = {now for code in regions for now in geography.successors(code, before=vintage, after=2021)}
    _write(session, "expression", e, {
        "name": " ".join(words_of(e.acronym or e.title))[:400],
        "name_words": " ".join(words_of(e.acronym, e.title)),
        "words": " ".join(words_of(e.acronym, e.title, *texts)),
        "themes": coded([theme]), "technologies": coded(technologies), "kinds": coded(o.kinds),
        "countries": coded([o.country, *partners]), "regions": coded(today),
        "categories": coded(category_of(code) for code in today),
        "offers": coded(f["kind"] for f in o.facilities), "positions": coded(o.chain_positions),
        "seeks": coded(kinds_named(sought)), "contact": "open" if o.open_to_contact else "",
        "call": e.call_id, "day": _day(e.published_at or e.created_at),
    })  # fmt: skip


def _write(session: Session, noun: str, thing: Any, values: dict[str, Any]) -> None:  # noqa: ANN401
    query = select(SearchEntry).where(SearchEntry.noun == noun, SearchEntry.thing_id == thing.id)
    entry = session.scalar(query)
    if entry is None:
        entry = SearchEntry(noun=noun, thing_id=thing.id, revision=0)
        session.add(entry)
    words = values.pop("words")
    entry.revision += 1
    for name, value in (values | {"thing_version": thing.version}).items():
        setattr(entry, name, value)
    session.flush()
    stored = session.get(SearchText, entry.no)
    if stored is None:
        session.add(SearchText(no=entry.no, words=words))
    else:
        stored.words = words
    session.flush()


def index_again(session: Session, *organisations: Organisation) -> None:
    """Write the entries of organisations and of their notices: after a merge, which moves rows without a trace."""
    for organisation in organisations:
        index_profile(session, organisation)
        owned = select(Expression).where(Expression.organisation_id == organisation.id)
        for expression in session.scalars(owned.execution_options(populate_existing=True)):
            index_expression(session, expression)


def catch_up(session: Session, at_most: int = AT_ONCE) -> int:
    """Write entries that are missing or older than their thing; say how many that were."""
    left = at_most
    for model, noun, write, condition in (
        (Organisation, "profile", index_profile, Organisation.merged_into_id.is_(None)),
        (Expression, "expression", index_expression, Expression.state.in_(PUBLIC)),
    ):
        found = _left_behind(session, model, noun, condition, left)
        for thing in found:
            write(session, thing)
        left -= len(found)
    return at_most - left


def _left_behind(session: Session, model: Any, noun: str, condition: Any, at_most: int) -> list[Any]:  # noqa: ANN401
    entry_fits = (SearchEntry.thing_id == model.id) & (SearchEntry.noun == noun)
    behind = or_(SearchEntry.no.is_(None), SearchEntry.thing_version != model.version)
    query = select(model).outerjoin(SearchEntry, entry_fits).where(condition, behind).order_by(model.id).limit(at_most)
    return list(session.scalars(query))


def make_again(session: Session) -> int:
    """Write every entry anew: after an upgrade, which may fold or read otherwise. Says how many there are."""
    session.query(SearchEntry).update({SearchEntry.thing_version: 0})
    while catch_up(session):
        session.expire_all()
    return session.scalar(select(func.count()).select_from(SearchEntry)) or 0


def kinds_named(sought: str) -> tuple[str, ...]:
    """Kinds of organisation that a text names in words: one or many."""
    text = sought.casefold()
    return tuple(term.code for term in taxonomy.terms("organisation_types") if term.name.casefold() in text)


def category_of(region: str | None) -> str | None:
    """Fund category of a region in the newest period; none where the table does not tell."""
    known = geography.region(region) if region else None
    category = known.categories.get(geography.periods()[-1]) if known else None
    return category if category in geography.CATEGORIES else None


def region_words(code: str | None, vintage: int = geography.PROFILE_VINTAGE) -> str:
    known = geography.region(code, vintage) if code else None
    return f"{known.full_name} {known.code}" if known else (code or "")


def country_words(iso: str | None) -> str:
    known = geography.country(iso) if iso else None
    return known.name if known else ""


def _named(group: str, codes: Iterable[str]) -> list[str]:
    return [term_name(group, code) for code in codes if code]


def _text(answers: Mapping[str, Any], question: str) -> str:
    value = answers.get(question)
    return value if isinstance(value, str) else ""


def _rows(answers: Mapping[str, Any], question: str) -> list[dict[str, Any]]:
    value = answers.get(question)
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _day(moment: datetime) -> int:
    return (moment.astimezone(UTC).date() - FIRST_DAY).days
