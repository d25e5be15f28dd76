"""What may be so in one world and not in the other, and who must not know it: written from the rules, not from the code."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from sqlalchemy import select, update

from app.act import Act
from app.models import (
    Application,
    Assessment,
    Assignment,
    Call,
    Consensus,
    Decision,
    DecisionLine,
    Expression,
    MessageKind,
    Organisation,
    Outcome,
    Person,
)
from app.services.applications.answers import save
from app.services.applications.application import start_application
from app.services.applications.writing import comment_on_section
from app.services.assigning.assignment import assign, publish
from app.services.calls.enquiry import ask
from app.services.calls.message import write_message
from app.services.checks.clarification import open_clarification
from app.services.evaluating.assessment import save_score
from app.services.evaluating.consensus import save_agreed
from app.services.expressions.expression import save_answers
from app.services.searching.introduction import ask_introduction
from app.services.searching.saved_search import save_search
from app.services.searching.search import Chosen
from app.services.transitions import perform
from tests.support.played import Moment, Village
from tests.support.twins import Fact

WORD = "Vraxle"  # stands in every text that only one world has


def _done_by(persona: str, do: Callable[[Act, Village], object]) -> Callable[[Village], None]:
    def make(village: Village) -> None:
        with village.stage.act(village.people[persona]) as act:
            do(act, village)

    return make


def _thing(act: Act, village: Village, model: type[Any], key: str) -> Any:
    return act.session.get_one(model, village.things[key])


def _given(act: Act, village: Village, *, published: bool) -> None:
    application = _thing(act, village, Application, "application")
    person = act.session.get_one(Person, village.people["other_expert"])
    task = assign(act, application, person)
    if published:
        publish(act, [task])


def _evaluates_too(village: Village) -> None:
    """Somebody else evaluates the first application as well, and has begun."""
    _done_by("call_manager", lambda act, v: _given(act, v, published=True))(village)
    with village.stage.act(village.people["other_expert"]) as act:
        query = select(Assignment).where(
            Assignment.application_id == village.things["application"], Assignment.person_id == act.person_id
        )
        perform(act, act.session.scalars(query).one(), "declare_free", {"no_conflict": True})


def _score(act: Act, village: Village) -> None:
    report = _thing(act, village, Assessment, "assessment_expert")
    save_score(act, report, "C1", points=Decimal("2.5"), reasons=f"{WORD}: weak.", private_note="", number=None)


def _note_of_mine(act: Act, village: Village) -> None:
    report = _thing(act, village, Assessment, "assessment_rapporteur")
    save_score(act, report, "C1", points=Decimal("4.5"), reasons="As before", private_note=f"{WORD} to myself")


def _message(act: Act, village: Village) -> None:
    write_message(act, _thing(act, village, Application, "application"), f"{WORD}: a question")


def _internal(act: Act, village: Village) -> None:
    application = _thing(act, village, Application, "application")
    write_message(act, application, f"{WORD}: keep an eye on it", MessageKind.INTERNAL)


def _introduced(act: Act, village: Village) -> None:
    one, other = (act.session.get_one(Organisation, village.organisations[key]) for key in ("rival", "invited"))
    ask_introduction(act, one, other, f"{WORD}: let us meet")


def _address(village: Village) -> None:
    """The person who would be named once both have agreed has another name and address."""
    with village.stage.act() as act:
        person = act.session.get_one(Person, village.people["invited"])
        person.name, person.email = f"{WORD} Vance", f"{WORD.lower()}@other.example"
        person.email_folded = person.email


def _commented(act: Act, village: Village) -> None:
    comment_on_section(act, _thing(act, village, Application, "application"), "idea", f"{WORD}: shorter")


def _asked(act: Act, village: Village) -> None:
    ask(act, _thing(act, village, Call, "call"), f"{WORD}: may we?", "who")


def _answer(act: Act, village: Village) -> None:
    application = _thing(act, village, Application, "application_b")
    save(act, application, {"idea": f"{WORD}: another idea"}, {"idea": 1})
    application.title = application.acronym = f"{WORD} in short"


def _another_draft(act: Act, village: Village) -> None:
    call = _thing(act, village, Call, "call")
    organisation = act.session.get_one(Organisation, village.organisations["rival_partner"])
    start_application(act, call, organisation, acronym=WORD, title=f"{WORD} in full")


def _expression(act: Act, village: Village) -> None:
    expression = _thing(act, village, Expression, "expression_draft")
    save_answers(act, expression, {"title": f"{WORD} for all", "acronym": WORD, "idea": f"{WORD}."}, {})


def _search(act: Act, village: Village) -> None:
    save_search(act, f"{WORD} partners", Chosen(), "q=textile")


def _clarified(act: Act, village: Village) -> None:
    application = _thing(act, village, Application, "application_b")
    open_clarification(act, application, ["idea"], f"{WORD}: what do you mean?", act.now.replace(month=12))


def _finish(act: Act, village: Village) -> None:
    perform(act, _thing(act, village, Assessment, "assessment_expert"), "finish")


def _agreed(act: Act, village: Village) -> None:
    consensus = _thing(act, village, Consensus, "consensus")
    save_agreed(act, consensus, "C1", points=Decimal("1.5"), reasons=f"{WORD}: agreed", number=None)


def _other_outcome(village: Village) -> None:
    """As if it had been proposed and signed so."""
    with village.stage.act() as act:
        line = update(DecisionLine).where(DecisionLine.application_id == village.things["application"])
        other = {"position": DecisionLine.position + 7, "total": DecisionLine.total / 2}
        act.session.execute(line.values(outcome=Outcome.HOLD_IN_RESERVE, **other))


def _returned(act: Act, village: Village) -> None:
    perform(act, _thing(act, village, Decision, "decision"), "return", {"reason": f"{WORD}: look again"})


def _conflict(village: Village) -> None:
    """Another expert of the application declares an interest later on."""
    with village.stage.act(village.people["expert"]) as act:
        data = {"kind": "family", "detail": f"{WORD}: my sister"}
        perform(act, _thing(act, village, Assignment, "assignment_expert"), "declare_conflict", data)


FACTS = (
    Fact("somebody's draft", Moment.DRAFT, ("call_manager", "coordinator", None), _done_by("rival", _answer), WORD),
    Fact("a draft that was begun", Moment.DRAFT, ("coordinator", None), _done_by("rival_partner", _another_draft), WORD),
    Fact("a draft of an expression", Moment.DRAFT, ("call_manager", None), _done_by("coordinator", _expression), WORD),
    Fact("a comment between applicants", Moment.DRAFT, ("call_manager", "rival"), _done_by("partner", _commented), WORD),
    Fact("an introduction of two others", Moment.DRAFT, ("coordinator", "call_manager", None), _done_by("rival", _introduced), WORD),
    Fact("a contact before both agreed", Moment.DRAFT, ("rival",), _address, WORD),
    Fact("a search somebody keeps", Moment.DRAFT, ("coordinator", "call_manager"), _done_by("rival", _search), WORD),
    Fact("a question not yet answered", Moment.DRAFT, ("coordinator", None), _done_by("rival", _asked), WORD),
    Fact("who evaluates", Moment.SCORING, ("coordinator", "rapporteur", "conflicted", "tied_manager"), _evaluates_too, WORD),
    Fact("who is going to evaluate", Moment.SCORING, ("other_expert", "coordinator", "tied_manager"), _done_by("call_manager", lambda act, v: _given(act, v, published=False)), WORD),
    Fact("a score", Moment.SCORING, ("rapporteur", "coordinator", "call_manager"), _done_by("expert", _score), WORD),
    Fact("that a report is in", Moment.SCORING, ("rapporteur", "coordinator", "tied_manager"), _done_by("expert", _finish), WORD),
    Fact("a private note", Moment.SCORING, ("call_manager",), _done_by("rapporteur", _note_of_mine), WORD),
    Fact("an internal note", Moment.SCORING, ("coordinator", "rapporteur", "tied_manager"), _done_by("call_manager", _internal), WORD),
    Fact("a message to the office", Moment.SCORING, ("rapporteur", "tied_manager"), _done_by("coordinator", _message), WORD),
    Fact("a clarification asked of another", Moment.SCORING, ("coordinator", "rapporteur"), _done_by("call_manager", _clarified), WORD),
    Fact("an interest that was declared", Moment.SCORING, ("rapporteur", "tied_manager"), _conflict, WORD),
    Fact("an agreed score", Moment.CONSENSUS, ("coordinator", "conflicted", "tied_manager"), _done_by("rapporteur", _agreed), WORD),
    # every other role is crawled with outcomes turned over in tests/views/test_release_killed.py
    Fact("a result not yet released", Moment.DECIDED, ("coordinator", "expert", None), _other_outcome, WORD),
    Fact("that a decision was sent back", Moment.DECIDED, ("coordinator", "expert", None), _done_by("programme_manager", _returned), WORD),
)  # fmt: skip
