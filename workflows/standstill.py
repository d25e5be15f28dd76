"""What stands still while an evaluation is frozen: every act of persons on it, whatever office they hold."""

from collections.abc import Set as AbstractSet

from workflows.verdict import ALLOWED, Verdict, refuse
from workflows.words import _

# Nouns all of whose acts belong to the evaluation; conflicts the clock finds are recorded all the same.
NOUNS: AbstractSet[str] = frozenset(
    {"assignment", "assessment", "consensus", "decision", "disclosure", "plan", "redaction"}
)
# Acts of other nouns that write into it. Looking goes on: the office has to find out what happened.
ACTIONS: AbstractSet[str] = frozenset(
    {
        "application.assign_expert",
        "call.chair_meeting",
        "call.decide_conflicts",
        "call.plan_assignment",
        "call.prepare_training",
        "call.score_training",
    }
)


def stands_still(action: str) -> bool:
    """Does a frozen evaluation stop this action?"""
    noun, _dot, verb = action.partition(".")
    return action in ACTIONS or (noun in NOUNS and not verb.startswith("view"))


def evaluation_goes_on(*, is_frozen: bool) -> Verdict:
    if not is_frozen:
        return ALLOWED
    text = _("The evaluation is frozen: nothing of it can be done before it goes on. Nothing was stored or sent.")
    return refuse("frozen", text)
