"""A profile as a page shows it: values with their names, none decided here."""

from __future__ import annotations

from app import geography, taxonomy
from app.models import Organisation
from workflows.words import _


def region_named(code: str | None) -> str:
    """Name a region as people read it: "Lombardia, ITC4"; an unknown code stands for itself."""
    region = geography.region(code) if code else None
    return f"{region.full_name}, {region.code}" if region else (code or "")


def kinds_named(organisation: Organisation) -> list[str]:
    return [taxonomy.term_name("organisation_types", code) for code in organisation.kinds]


def themes_named(organisation: Organisation) -> list[str]:
    return [taxonomy.term_name("thematic_areas", code) for code in organisation.themes]


def technologies_named(organisation: Organisation) -> list[str]:
    return [taxonomy.term_name("technologies", code) for code in organisation.technologies]


def positions_named(organisation: Organisation) -> list[str]:
    return [taxonomy.term_name("chain_positions", code) for code in organisation.chain_positions]


def facilities_named(organisation: Organisation) -> list[tuple[str, str, str]]:
    """Give (kind, what it is, conditions) of each facility open to small and medium-sized enterprises."""
    return [
        (taxonomy.term_name("facility_kinds", f["kind"]), f["text"], f["conditions"]) for f in organisation.facilities
    ]


def priorities_named(organisation: Organisation) -> list[tuple[str, str]]:
    """Give (region, priority) for each."""
    return [(region_named(entry["region"]), entry["text"]) for entry in organisation.priorities]


# What happened to a profile beside its machine's rows, told in the past.
PAST = {
    "create": _("registered"),
    "edit": _("profile edited"),
    "rename": _("renamed"),
    "ask_to_join": _("a person asked to act for it"),
    "accept_member": _("a request was accepted"),
    "decline_member": _("a request was declined"),
    "name_administrator": _("an administrator was named"),
    "end_administrator": _("administration was taken back"),
    "end_member": _("a person no longer acts for it"),
    "hand_over_request": _("a request was passed to the office"),
    "merge": _("a double was merged into it"),
    "undo_merge": _("a merge was undone"),
}
