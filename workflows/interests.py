"""Kinds of interests that the system finds, and how much each weighs. A direct one bars; the others are graded."""

from collections.abc import Mapping
from dataclasses import dataclass

from workflows.words import _

DIRECT = 0
SLIGHT, CLEAR, STRONG = 1, 2, 3


@dataclass(frozen=True)
class InterestKind:
    words: str
    grade: int  # DIRECT, or from SLIGHT to STRONG


KINDS: Mapping[str, InterestKind] = {
    "took_part": InterestKind(_("Took part in preparing the application"), DIRECT),
    "helper": InterestKind(_("Helped to write the application"), DIRECT),
    "same_organisation": InterestKind(_("Belongs or belonged to an applicant"), DIRECT),
    "disclosed_interest": InterestKind(_("Declared an interest in an applicant"), DIRECT),
    "mail_domain": InterestKind(_("The same e-mail domain"), STRONG),
    "like_name": InterestKind(_("Names of organisations that look alike"), STRONG),
    "like_person": InterestKind(_("Names of persons that look alike"), STRONG),
    "rival": InterestKind(_("A rival application of the own organisation"), CLEAR),
    "partner_of_partner": InterestKind(_("A partner of a partner"), CLEAR),
    "same_authority": InterestKind(_("The same regional authority"), SLIGHT),
}
GRADES: Mapping[int, str] = {SLIGHT: _("slight"), CLEAR: _("clear"), STRONG: _("strong")}
POINTS_OFF: Mapping[int, int] = {0: 0, SLIGHT: 10, CLEAR: 20, STRONG: 30}  # from the worth of a pair in a plan


def words_of(kind: str) -> str:
    """Name a kind; one that this version does not know is named by its code."""
    return KINDS[kind].words if kind in KINDS else kind.replace("_", " ")
