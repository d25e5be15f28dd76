"""When two expressions of interest overlap: same call, other organisation, a theme and a region or technology shared."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Outline:
    """What is compared, in codes."""

    organisation: str
    call: str
    themes: frozenset[str]
    technologies: frozenset[str]
    regions: frozenset[str]


def overlap(one: Outline, other: Outline) -> bool:
    """Say whether their authors had better talk to each other."""
    if one.organisation == other.organisation or one.call != other.call:
        return False
    shared = one.regions & other.regions or one.technologies & other.technologies
    return bool(one.themes & other.themes and shared)
