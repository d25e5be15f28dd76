"""What guards of a profile may know."""

from __future__ import annotations

from app.act import Act
from app.models import Organisation
from workflows.profile import Facts
from workflows.verdict import Reason, Verdict
from workflows.words import _


def profile_facts(act: Act, organisation: Organisation) -> Facts:
    return Facts(
        missing=missing_of(organisation),
        now=act.now,
        confirmed_at=organisation.confirmed_at or organisation.created_at,
        confirm_asked_at=organisation.confirm_asked_at,
    )


def missing_of(organisation: Organisation) -> Verdict:
    """Say what a profile lacks before somebody of the office can look at it.

    A region may stay unknown (not every seat is in the table): rules then say that they can't tell, and the office
    settles it with a source.
    """
    wanted = (
        ("kinds", organisation.kinds, _("Say what kind of organisation it is.")),
        ("country", organisation.country, _("Choose the country of the seat.")),
        ("website", organisation.website, _("Enter the address of the website.")),
        ("themes", organisation.themes, _("Choose at least one thematic area.")),
        ("summary", organisation.summary, _("Describe the organisation in a few sentences.")),
        ("name_en", organisation.name_en or organisation.name_language == "en", _("Enter the name in English.")),
    )
    return Verdict(tuple(Reason(f"missing-{name}", text) for name, there, text in wanted if not there))
