"""Training cases of a rehearsal, in calls that ask for them: made up, and scored by everybody who will read."""

from __future__ import annotations

from decimal import Decimal

from app.models import Call
from app.rehearsal.cast import Cast
from app.rehearsal.stage import Stage, get
from app.services.calls.call import definition_of
from app.services.experts.training import add_case, case_in, score_case

CASES = (
    (
        "TRAIN-A: sensors for small bakeries (made up)",
        (
            "Five cluster organisations of four countries want to bring sensors for ovens to small bakeries.\n"
            "They name 40 firms that were asked, and say what each partner does in each half-year. "
            "How the firms will pay for the sensors after the project is not said.\n"
            "The budget gives two thirds to one partner, with no reason."
        ),
    ),
    (
        "TRAIN-B: a network of networks (made up)",
        (
            "Three networks promise to meet, to share good practice and to write a strategy.\n"
            "No firm is named. The text is clear and well written; what would be different at the end is not."
        ),
    ),
)
LEVELS = (Decimal("0.7"), Decimal("0.35"))  # of the points, around which each gives theirs


def train(stage: Stage, cast: Cast, call_id: str) -> None:
    """Write the cases and have every expert score the first, and all but one the second."""
    for place, ((title, text), level) in enumerate(zip(CASES, LEVELS, strict=True)):
        with stage.act(cast.call_managers[0]) as act:
            case_id = add_case(act, get(act, Call, call_id), title=title, text=text).id
        late = cast.experts[2] if place else None  # leaves something to do
        for person_id in cast.experts:
            if person_id != late:
                _score(stage, person_id, call_id, case_id, level)


def _score(stage: Stage, person_id: str, call_id: str, case_id: str, level: Decimal) -> None:
    with stage.act(person_id) as act:
        call = get(act, Call, call_id)
        case = case_in(act, call, case_id)
        given = {}
        for criterion in definition_of(call).criteria:
            share = level + Decimal(stage.dice.randint(-18, 18)) / 100
            steps = (criterion.max_points * share / criterion.step).quantize(Decimal(1))
            given[criterion.code] = (steps * criterion.step, "As the text says (invented for a rehearsal).")
        if case is not None:
            score_case(act, call, case, given)
