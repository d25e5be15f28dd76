"""Cross checks of strands, transfers and the public draw."""

from collections.abc import Iterator
from decimal import Decimal

from app.callfile.problems import Problem, problem
from workflows.definition import CallDefinition, CallKind, Moved, QuestionType, Strand, TieBreakBy, Transfer
from workflows.words import _


def check_ranking(call: CallDefinition) -> Iterator[Problem]:
    """Strands fit the call's money and question, transfers name strands, a draw is named once and comes last."""
    if call.kind is not CallKind.GRANT_AND_LABEL:
        for name in ("strands", "transfers", "draw"):
            if getattr(call, name):
                yield problem(
                    name, "not-for-kind", _("An expression of interest is not ranked; remove “{name}”."), name=name
                )
        return
    yield from _question(call)
    for strand in call.strands:
        yield from _strand(call, strand)
    yield from _sums(call)
    for place, transfer in enumerate(call.transfers):
        yield from _transfer(call, f"transfers[{place}]", transfer)
    yield from _draw(call)


def _question(call: CallDefinition) -> Iterator[Problem]:
    path, codes = "strand_question", [strand.code for strand in call.strands]
    for at, code in enumerate(codes):
        if code in codes[:at]:
            yield problem(
                f"strands[{code}].code", "name-twice", _("“{name}” is already used; choose another."), name=code
            )
    if not codes:
        if call.strand_question is not None:
            yield problem(path, "key-unused", _("The call has no strands; remove it."))
        return
    asked = next((one for one in call.questions() if one.id == call.strand_question), None)
    if asked is None or asked.type is not QuestionType.CHOICE or not asked.required:
        text = _("Name a required question of the type “choice” by which an application names its strand.")
        yield problem(path, "no-strand-question", text)
    elif {choice.code for choice in asked.choices} != set(codes):
        text = _("The choices of this question must be the strands, no more and no fewer: {known}.")
        yield problem(path, "strand-choices", text, known=", ".join(codes))


def _strand(call: CallDefinition, strand: Strand) -> Iterator[Problem]:
    path = f"strands[{strand.code}]"
    budget = call.budget
    if strand.total is not None and strand.total < 0:
        yield problem(f"{path}.total", "negative", _("The money of a strand cannot be negative."))
    if strand.expected_awards is not None and strand.expected_awards < 0:
        yield problem(f"{path}.expected_awards", "negative", _("The number of awards cannot be negative."))
    if budget and budget.total is not None and strand.total is None:
        yield problem(f"{path}.total", "no-share", _("The money of the call is limited: say how much this strand has."))
    if budget and budget.expected_awards is not None and strand.expected_awards is None:
        text = _("The awards of the call are limited: say how many this strand has.")
        yield problem(f"{path}.expected_awards", "no-share", text)


def _sums(call: CallDefinition) -> Iterator[Problem]:
    if not call.strands or call.budget is None:
        return
    money = sum((strand.total or Decimal(0) for strand in call.strands), Decimal(0))
    if call.budget.total is not None and money > call.budget.total:
        text = _("The strands have {sum} together; the call has {total}.")
        yield problem("strands", "more-than-call", text, sum=money, total=call.budget.total)
    awards = sum(strand.expected_awards or 0 for strand in call.strands)
    if call.budget.expected_awards is not None and awards > call.budget.expected_awards:
        text = _("The strands have {sum} awards together; the call has {total}.")
        yield problem("strands", "more-than-call", text, sum=awards, total=call.budget.expected_awards)


def _transfer(call: CallDefinition, path: str, transfer: Transfer) -> Iterator[Problem]:
    strands = {strand.code: strand for strand in call.strands}
    for key, code in (("from", transfer.giver), ("to", transfer.taker)):
        if code not in strands:
            text = _("There is no strand “{code}”; known: {known}.")
            yield problem(f"{path}.{key}", "unknown-strand", text, code=code, known=", ".join(sorted(strands)))
        elif (strands[code].total if transfer.of is Moved.MONEY else strands[code].expected_awards) is None:
            text = _("Strand “{code}” has no limit of this, so nothing can be moved.")
            yield problem(f"{path}.{key}", "nothing-to-move", text, code=code)
    if transfer.giver == transfer.taker:
        yield problem(f"{path}.to", "same-strand", _("A strand cannot give to itself."))
    if transfer.most is not None and (
        transfer.most <= 0 or (transfer.of is Moved.AWARDS and transfer.most != int(transfer.most))
    ):
        yield problem(f"{path}.most", "out-of-range", _("Give more than 0; of awards a whole number."))


def _draw(call: CallDefinition) -> Iterator[Problem]:
    named = [place for place, rule in enumerate(call.tie_breaks) if rule.by is TieBreakBy.DRAW]
    if named and call.draw is None:
        yield problem(
            "draw", "no-source", _("The rules for equals end in a draw: say where its number comes from, and when.")
        )
    if call.draw is not None and not named:
        yield problem(
            "draw", "key-unused", _("No rule for equals asks for a draw; remove it, or add “by: draw” as the last.")
        )
    if named and named != [len(call.tie_breaks) - 1]:
        yield problem(f"tie_breaks[{named[0]}]", "draw-not-last", _("A draw leaves nothing to decide; put it last."))
    if call.draw is not None and call.draw.on <= call.timetable.closes.day:
        yield problem("draw.on", "draw-too-early", _("The number must become known after the call has closed."))
