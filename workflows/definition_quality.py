"""What a call asks for before reports count: points of the office's quality check, and training of the experts."""

from dataclasses import dataclass
from typing import Annotated

from workflows.words import _


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckPoint:
    """One statement about a consensus report that must be true before it is approved."""

    code: str
    text: Annotated[str, "A whole sentence, true of a report that is fit to be approved."]


@dataclass(frozen=True, kw_only=True, slots=True)
class Training:
    """What the training cases of a call are for."""

    required: Annotated[bool, "No application opens to an expert before they scored a training case."] = False


NO_TRAINING = Training()


# What every consensus report has to be, where a call names no points of its own.
USUAL_POINTS = (
    CheckPoint(code="explained", text=_("The reasons of each criterion explain its score: strengths and weaknesses.")),
    CheckPoint(code="consistent", text=_("Scores and words agree, also with the bands of the scale.")),
    CheckPoint(code="own-merits", text=_("The report judges this application alone and compares it with no other.")),
    CheckPoint(code="only-criteria", text=_("Nothing but the criteria of the call is judged, and each point once.")),
    CheckPoint(code="nobody-named", text=_("No evaluator can be recognised from the text.")),
    CheckPoint(code="fit-to-send", text=_("The words are polite, and clear to whoever applied.")),
    CheckPoint(code="minority-heard", text=_("Minority views, if there are any, were discussed and are kept.")),
)
