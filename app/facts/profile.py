"""What guards of a profile may know."""

from __future__ import annotations

from app.act import Act
from app.geography import regions_of
from app.models import Organisation
from workflows.profile import Facts
from workflows.verdict import Reason, Verdict
from workflows.words import _


def profile_facts(_act: Act, organisation: Organisation) -> Facts:
    return Facts(missing=missing_of(organisation))


def missing_of(organisation: Organisation) -> Verdict:
    """Say what a profile lacks before somebody of the office can look at it."""
    region_needed = organisation.country is not None and len(regions_of(organisation.country)) > 1
    wanted = (
        ("kinds", organisation.kinds, _("Say what kind of organisation it is.")),
        ("country", organisation.country, _("Choose the country of the seat.")),
        ("region", organisation.region or not region_needed, _("Choose the region of the seat.")),
        ("website", organisation.website, _("Enter the address of the website.")),
        ("themes", organisation.themes, _("Choose at least one thematic area.")),
        ("summary", organisation.summary, _("Describe the organisation in a few sentences.")),
        ("name_en", organisation.name_en or organisation.name_language == "en", _("Enter the name in English.")),
    )
    return Verdict(tuple(Reason(f"missing-{name}", text) for name, there, text in wanted if not there))
