"""Between an expert's profile and its form: lists to choose from, employers found in the directory."""

from __future__ import annotations

from typing import Any, TypeVar

from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from app import taxonomy
from app.act import Act
from app.models import Expert, Organisation
from app.profile_form import country_choices, language_choices
from app.services.experts.expert import EmployerEntry, More
from app.services.experts.pool_import import Codes
from app.services.organisations.names import fold
from forms.checks import is_mail_address, is_name
from forms.expert import MOST_EMPLOYERS, InviteForm, ProfileForm
from workflows.pool import SECTORS, absences_of

F = TypeVar("F", bound=ProfileForm)


def expertise_choices() -> list[tuple[str, str]]:
    listed = (*taxonomy.terms("thematic_areas"), *taxonomy.terms("technologies"))
    return [(term.code, _(term.name)) for term in listed]


def expertise_name(code: str) -> str:
    return dict(expertise_choices()).get(code, code)


def invite_form(typed: MultiDict[str, str] | None = None) -> InviteForm:
    return _ready(InviteForm(typed, data={"most_tasks": 10}))


def expert_form(expert: Expert, typed: MultiDict[str, str] | None = None) -> ProfileForm:
    """Make the form of a profile: as it is stored, or as it was typed."""
    stored = {
        name: getattr(expert, name)
        for name in (
            "languages",
            "expertise",
            "free_words",
            "biography",
            "most_tasks",
            "countries",
            "evidence",
            "sector",
        )
    }
    employers = [
        {"name": e.name, "domain": e.domain, "from_on": e.from_on, "until_on": e.until_on} for e in expert.employers
    ]
    away = [{"first": first, "last": last} for first, last in absences_of(expert.away)]
    addresses = "\n".join(expert.other_addresses)
    form = _ready(
        ProfileForm(
            typed,
            data={**stored, "country": expert.country or "", "employers": employers, "away": away,
                  "other_addresses": addresses},
        )
    )  # fmt: skip
    if typed is None and len(form.employers) < MOST_EMPLOYERS:
        form.employers.append_entry()
    return form


def _ready(form: F) -> F:
    sectors = [(code, str(_(words))) for code, words in SECTORS.items()]
    form.choose_from(country_choices(), language_choices(), expertise_choices(), sectors)
    return form


def profile_values(act: Act, form: ProfileForm) -> dict[str, Any]:
    """Turn a valid form into values; an employer whose name is in the directory is bound to it."""
    return {
        "country": form.country.data or None,
        "languages": form.languages.data or [],
        "expertise": form.expertise.data or [],
        "free_words": form.free_words.data or "",
        "biography": form.biography.data or "",
        "most_tasks": form.most_tasks.data,
        "more": More(
            countries=form.countries.data or [],
            evidence=form.evidence.data or "",
            sector=form.sector.data or "",
            other_addresses=[line.strip() for line in (form.other_addresses.data or "").split("\n") if line.strip()],
            away=[
                (entry.form.first.data, entry.form.last.data)
                for entry in form.away
                if entry.form.first.data and entry.form.last.data
            ],
        ),
        "employers": [_employer(act, entry.form) for entry in form.employers if entry.form.name.data],
    }


def _employer(act: Act, form: Any) -> EmployerEntry:  # noqa: ANN401 - the inner form of a FormField
    return EmployerEntry(
        name=form.name.data,
        organisation_id=organisation_named(act, form.name.data),
        domain=form.domain.data or "",
        from_on=form.from_on.data,
        until_on=form.until_on.data,
    )


def organisation_named(act: Act, name: str) -> str | None:
    """Find the one organisation of the directory that has this name."""
    folded = fold(name)
    known = act.session.scalars(select(Organisation.id).where(Organisation.name_folded == folded)).all()
    return known[0] if len(known) == 1 else None


def csv_codes() -> Codes:
    """Give what may stand in the columns of a file of people."""
    return Codes(
        countries=frozenset(code for code, _name in country_choices() if code),
        languages=frozenset(code for code, _name in language_choices()),
        expertise=frozenset(code for code, _name in expertise_choices()),
        is_address=is_mail_address,
        is_name=is_name,
    )
