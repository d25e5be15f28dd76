"""What the page of an organisation shows, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.act import Act
from app.models import Event, Organisation, Person
from app.services.organisations import profile_view
from app.ui import country, day, number, words
from workflows.contact_details import HIDDEN, has_contacts, hide_in
from workflows.machine import Row, Words
from workflows.profile import PROFILE


def profile_of(organisation: Organisation, *, whole: bool) -> dict[str, Any]:
    """Give the rows, texts, priorities and earlier names of a profile; hide contact details unless it may be whole."""
    o, texts = organisation, _texts_of(organisation)
    rows = (
        (_("Short name"), o.acronym),
        (_("What it is"), ", ".join(_(kind) for kind in profile_view.kinds_named(o))),
        (_("Country"), country(o.country) if o.country else ""),
        (_("Region of the seat"), profile_view.region_named(o.region)),
        (_("Town"), o.city),
        (_("Other regions it serves"), "; ".join(profile_view.region_named(code) for code in o.regions_served)),
        (_("PIC (nine-digit EU number)"), o.pic),
        (_("Website"), o.website),
        (_("Thematic areas"), "; ".join(_(theme) for theme in profile_view.themes_named(o))),
        (_("Technologies"), "; ".join(_(name) for name in profile_view.technologies_named(o))),
        (_("Positions in value chains"), "; ".join(_(name) for name in profile_view.positions_named(o))),
        (_("Introductions"), _("may be asked for") if o.open_to_contact else _("not wanted")),
        (_("Last confirmed"), day(o.confirmed_at) if o.confirmed_at else _("not yet")),
        (_("Founded"), str(o.founded or "")),
        (_("Staff, in full-time equivalents"), number(o.staff_fte)),
        (_("Members"), number(o.members_total)),
        (_("Small and medium-sized enterprises among them"), number(o.members_sme)),
    )
    return {
        "english": o.name_en if o.name_en and o.name_en != o.name else None,
        "rows": [{"question": question, "answer": answer} for question, answer in rows if answer],
        **(texts if whole else hide_in(texts, words(HIDDEN))),
        "hides": whole and has_contacts(repr(texts)),
        "names": [_("%(name)s, until %(day)s", name=n.name, day=day(n.until_on)) for n in reversed(o.names)],
    }


def _texts_of(o: Organisation) -> dict[str, Any]:
    """What its people wrote in words."""
    return {
        "texts": [(_("What it does"), o.summary), (_("What it offers"), o.offers), (_("What it seeks"), o.seeks)],
        "facilities": [(_(kind), text, conditions) for kind, text, conditions in profile_view.facilities_named(o)],
        "priorities": [f"{region}: {text}" for region, text in profile_view.priorities_named(o)],
    }


def told(act: Act, events: Sequence[Event]) -> list[dict[str, Any]]:
    """Tell events in the past, newest first as they come."""
    names = {p.id: p.name for e in events if e.actor_id and (p := act.session.get(Person, e.actor_id))}
    return [
        {"what": _past(event.name), "who": names.get(event.actor_id or ""), "at": event.at, "remark": None, "url": None}
        for event in events
    ]


def _past(name: str) -> str:
    known: Words | None = PROFILE.words.get(name)
    return _(known.past) if known else words(profile_view.PAST.get(name, name))


def row_links(organisation: Organisation, rows: Sequence[Row]) -> list[tuple[str, str]]:
    """Give the acts offered on the page as (address, words); sending has a place of its own."""
    return [
        (
            url_for("act.profile", organisation_id=organisation.id, transition=row.name),
            _(PROFILE.words[row.name].button),
        )
        for row in rows
        if row.name != "submit"
    ]
