"""Texts of letters: what is shipped, which placeholders may stand in them, and how they are filled in.

A text is plain: paragraphs parted by an empty line, and lists whose lines begin with "- ". A placeholder is a word in
braces. Which there are is a closed list for each kind of letter; what is in none of them is refused by name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from workflows.verdict import ALLOWED, Verdict, refuse
from workflows.words import _

LONGEST = 6000  # characters: two pages and a half
BRACED = re.compile(r"\{([^{}]*)\}")
STRAY = re.compile(r"[{}]")
TAG = re.compile(r"</?[A-Za-z][^<>]*>")
ITEM = "- "


class Kind(StrEnum):
    """Why a letter is written."""

    AWARDED = "awarded"
    RESERVE = "reserve"
    BELOW_THRESHOLD = "below_threshold"
    NOT_REACHED = "not_reached"  # all thresholds are reached, but neither money nor number of the call goes so far
    INADMISSIBLE = "inadmissible"
    INELIGIBLE = "ineligible"
    REVIEW = "review"
    ANSWER = "answer"
    REFUSAL_STANDS = "refusal_stands"
    REFUSAL_LIFTED = "refusal_lifted"


K = Kind
NAMES: Mapping[Kind, str] = {
    K.AWARDED: _("Awarded"),
    K.RESERVE: _("Reserve list"),
    K.BELOW_THRESHOLD: _("Rejected: a threshold is not reached"),
    K.NOT_REACHED: _("Rejected: the places or the money end before"),
    K.INADMISSIBLE: _("Refused: not admissible"),
    K.INELIGIBLE: _("Refused: not eligible"),
    K.REVIEW: _("Result after a review"),
    K.ANSWER: _("Answer to a request for a review"),
    K.REFUSAL_STANDS: _("After a review: the refusal stands"),
    K.REFUSAL_LIFTED: _("After a review: the refusal is lifted"),
}
# What stands for itself in every letter, in those with a result, and in some of these alone.
OF_ALL: Mapping[str, str] = {
    "name": _("the person who leads the application"),
    "acronym": _("the acronym, as it was submitted"),
    "number": _("the number of the application"),
    "call": _("the reference of the call"),
    "call_title": _("the title of the call"),
    "redress": _("means and time limits of redress; without it they stand under a heading of their own"),
}
OF_RESULTS: Mapping[str, str] = {
    "mark": _("the total of the scores"),
    "most": _("the greatest total there is"),
    "threshold": _("the threshold of the total; a dash where the call has none"),
    "list": _("the list it stands on: to be awarded, reserve list, rejected"),
    "label": _("the name of the label"),
}
ASKED_ON: Mapping[str, str] = {"asked_on": _("the day on which the review was asked for")}
OF_KIND: Mapping[Kind, Mapping[str, str]] = {
    K.AWARDED: {"day": _("the last day on which the label can be accepted")},
    K.RESERVE: {"place": _("the place on the reserve list")},
    K.REVIEW: {
        **ASKED_ON,
        "result": _("the result after the review, in a paragraph"),
    },
    K.ANSWER: {**ASKED_ON, "answer": _("what was decided on the request")},
    K.REFUSAL_STANDS: ASKED_ON,
    K.REFUSAL_LIFTED: ASKED_ON,
}
GREETING = _("Dear {name},")
SCORES = _("It reached {mark} of {most} points. The evaluation summary report gives each score with its reasons.")
_TWO_PERSONS = _("Each point below was found by one person and confirmed by a second.")
_REVIEWED = _(
    "Persons who took no part in the checks looked at each condition below again; another person confirmed what they "
    "found."
)
_TOLD: Mapping[Kind, tuple[str, ...]] = {
    K.AWARDED: (
        _(
            "Your application {acronym} ({number}) was successful. We offer your partnership the {label} label. The "
            "coordinator accepts it in the service by {day}; the certificate is issued then."
        ),
        SCORES,
    ),
    K.RESERVE: (
        _(
            "Your application {acronym} ({number}) reaches all thresholds and is on the reserve list, at place {place}. "
            "We write again if a place becomes free."
        ),
        SCORES,
    ),
    K.BELOW_THRESHOLD: (
        _(
            "Your application {acronym} ({number}) was not successful: it does not reach every threshold of the call."
        ),
        SCORES,
    ),
    K.NOT_REACHED: (
        _(
            "Your application {acronym} ({number}) was not successful. It reaches all thresholds, but the awards that "
            "the call can make end before its place in the ranking."
        ),
        SCORES,
    ),
    K.INADMISSIBLE: (
        _(
            "We checked {acronym} as it was submitted to the call “{call_title}”. It does not meet every formal "
            "condition and can't be evaluated."
        ),
        _TWO_PERSONS,
    ),
    K.INELIGIBLE: (
        _(
            "We checked {acronym} as it was submitted to the call “{call_title}”. It does not meet every condition of "
            "eligibility and can't be evaluated."
        ),
        _TWO_PERSONS,
    ),
    K.REVIEW: (
        _(
            "This letter follows the review of the evaluation that you asked for on {asked_on}. It replaces what our "
            "earlier letter says of the result; the first evaluation stays on record as it was."
        ),
        "{result}",
        SCORES,
    ),
    K.ANSWER: (
        _("On {asked_on} you asked for a review concerning your application {acronym} ({number})."),
        "{answer}",
    ),
    K.REFUSAL_STANDS: (
        _(
            "On {asked_on} you asked for a review of the refusal of your application {acronym} ({number}) at the "
            "checks of the call “{call_title}”. The refusal stands."
        ),
        _REVIEWED,
    ),
    K.REFUSAL_LIFTED: (
        _(
            "On {asked_on} you asked for a review of the refusal of your application {acronym} ({number}) at the "
            "checks of the call “{call_title}”. The refusal is lifted: your application goes on to evaluation as soon "
            "as its remaining checks are done. Our earlier letter stays on record as it was."
        ),
        _REVIEWED,
    ),
}  # fmt: skip
SHIPPED: Mapping[Kind, str] = {kind: "\n\n".join((GREETING, *told)) for kind, told in _TOLD.items()}
WITHOUT_SCORES = frozenset({K.INADMISSIBLE, K.INELIGIBLE, K.ANSWER, K.REFUSAL_STANDS, K.REFUSAL_LIFTED})


@dataclass(frozen=True)
class Block:
    """A paragraph with its lines, or a list with its entries."""

    is_list: bool
    lines: tuple[str, ...]


def told(kind: Kind) -> str:
    """Give the shipped paragraph that tells the result, for a letter that says it beside something else."""
    return _TOLD[kind][0]


def placeholders(kind: Kind) -> dict[str, str]:
    """Give the closed list of one kind: each name, and what it stands for."""
    return {**OF_ALL, **({} if kind in WITHOUT_SCORES else OF_RESULTS), **OF_KIND.get(kind, {})}


def text_verdict(kind: Kind, text: str) -> Verdict:
    """Say all that stands against a text: nothing in it, too long, unknown placeholders, stray braces, marks of HTML."""
    if not text.strip():
        return refuse("missing-text", _("Fill in: {field}."), field=_("Text of the letter"))
    verdict = ALLOWED
    if len(text) > LONGEST:
        verdict += refuse("text-too-long", _("Shorten the text to {most} characters."), most=LONGEST)
    known = placeholders(kind)
    unknown = sorted({name for name in BRACED.findall(text) if name not in known})
    for name in unknown:
        told_so = _("There is no placeholder {name}. Take one of the list, or write the words without braces.")
        verdict += refuse("no-such-placeholder", told_so, name="{" + name[:40] + "}")
    if STRAY.search(BRACED.sub("", text)):
        verdict += refuse("stray-brace", _("A brace stands alone. Close the placeholder, or take the brace out."))
    if tag := TAG.search(text):
        told_so = _("Take out {tag}: a letter is plain text. Leave a line empty between paragraphs.")
        verdict += refuse("no-html", told_so, tag=tag[0][:40])
    return verdict


def filled(text: str, values: Mapping[str, str]) -> str:
    """Put values in the place of placeholders, once: a value that looks like a placeholder stays as it is.

    KeyError where a value is missing.
    """
    return BRACED.sub(lambda found: values[found[1]], text)


def uses(text: str, name: str) -> bool:
    return name in BRACED.findall(text)


def parts(text: str) -> list[str]:
    """Split a text at its empty lines."""
    return [part.strip("\n") for part in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n")) if part.strip()]


def blocks(text: str) -> list[Block]:
    """Give the paragraphs and lists of a text. A list that follows its paragraph at once is a block of its own."""
    found: list[Block] = []
    for part in parts(text):
        run: list[str] = []
        for line in part.split("\n"):
            if run and line.startswith(ITEM) != run[0].startswith(ITEM):
                found.append(_block(run))
                run = []
            run.append(line)
        found.append(_block(run))
    return found


def _block(lines: list[str]) -> Block:
    if lines[0].startswith(ITEM):
        return Block(True, tuple(line.removeprefix(ITEM).strip() for line in lines))
    return Block(False, tuple(lines))
