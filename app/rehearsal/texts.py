"""Made-up answers, built from what the file tells of a partnership; every one says that it is made up."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_DOWN, Decimal
from random import Random

from app.partnerships import Partnership
from workflows.definition import Question, QuestionType
from workflows.question_tables import GRANT, PARTNER, categories_of
from workflows.questions import Lists

Writer = Callable[[Partnership, Question, Lists, Random], object]
CENT = Decimal("0.01")
_SENTENCES = (
    "The partners join {places} around one theme and share what each region does best.",
    "Small and medium-sized enterprises meet across borders in workshops, visits and joint trials.",
    "Each cluster organisation maps the competences of its members and brings the gaps to the table.",
    "A joint strategy is written in the first half and agreed by the boards of all partners.",
    "Progress is measured every six months; what does not work is stopped and the reasons are kept.",
    "Investors and regional authorities are at the table from the first mapping on.",
    "Results stay open to further regions that share the priority.",
)


def theme_of(partnership: Partnership) -> str | None:
    return next(iter(partnership.thematic_areas), None)


def paragraph(partnership: Partnership, question: Question, dice: Random) -> str:
    """Write a text that fits the question's limit."""
    places = ", ".join(sorted({partner.country for partner in partnership.partners})) or "several countries"
    head = f"{partnership.acronym}: {question.label}. (Made-up text of a rehearsal.)"
    body = [sentence.format(places=places) for sentence in dice.sample(_SENTENCES, k=4)]
    text = f"{head}\n\n{' '.join(body)}"
    return text[: question.max_chars] if question.max_chars else text


def raw_answer(partnership: Partnership, question: Question, lists: Lists, dice: Random) -> object:
    """Give an answer as a form would send it; nothing for what is uploaded."""
    writer = WRITERS.get(question.type)
    return writer(partnership, question, lists, dice) if writer else []


def _text(partnership: Partnership, question: Question, _lists: Lists, dice: Random) -> object:
    known = {"title": partnership.title, "acronym": partnership.acronym}
    return known.get(question.id) or paragraph(partnership, question, dice)


def _regions(partnership: Partnership, _question: Question, lists: Lists, _dice: Random) -> object:
    known = [partner.region for partner in partnership.partners if partner.region]
    codes = known or [choice.code for choice in lists.regions[:2]]
    return [{"region": code, "priority": "Made-up priority"} for code in dict.fromkeys(codes)]


def _choice(partnership: Partnership, question: Question, lists: Lists, _dice: Random) -> object:
    codes = [c.code for c in question.choices] or [c.code for c in lists.taxonomy.get(question.taxonomy or "", ())]
    return theme_of(partnership) if theme_of(partnership) in codes else codes[0]


def _partner_codes(partnership: Partnership, lists: Lists) -> list[str]:
    return [choice.code for choice in lists.partners] or [partner.name for partner in partnership.partners]


def _work_packages(partnership: Partnership, _question: Question, lists: Lists, _dice: Random) -> object:
    partners = _partner_codes(partnership, lists)
    titles = ("Coordination", "Mapping and matchmaking", "Joint strategy", "Pipeline of investment projects")
    end = str(partnership.months or 18)
    return [
        {"title": title, PARTNER: partners[place % len(partners)], "start_month": "1", "end_month": end,
         "tasks": f"{title}: tasks and results (made up)."}
        for place, title in enumerate(titles)
    ]  # fmt: skip


def _partners(partnership: Partnership, _question: Question, lists: Lists, _dice: Random) -> object:
    rows = [
        {PARTNER: code, "contribution": "Leads its region's part and brings its members (made up)."}
        for code in _partner_codes(partnership, lists)
    ]
    if lists.partners:
        return rows
    return [row | {"country": partner.country} for row, partner in zip(rows, partnership.partners, strict=True)]


def _indicators(_partnership: Partnership, question: Question, _lists: Lists, dice: Random) -> object:
    names = [choice.code for choice in question.choices] or [
        "Enterprises reached",
        "Joint projects",
        "Matchmaking events",
    ]
    return [
        {"indicator": name, "baseline": "0", "target": str(dice.randint(2, 9) * 10), "evidence": "Yearly survey"}
        for name in names
    ]


def _budget(partnership: Partnership, question: Question, lists: Lists, _dice: Random) -> object:
    """Share cost and grant among the partners, so that the sums are exact."""
    partners = _partner_codes(partnership, lists)
    cost, grant = partnership.total_cost or Decimal(400000), partnership.grant or Decimal(300000)
    rate = Decimal(1) + (question.indirect_rate or Decimal(0))
    first = categories_of(question)[0].code
    rows = []
    for share, wish in zip(_split(cost / rate, len(partners)), _split(grant, len(partners)), strict=True):
        rows.append({first: str(share), GRANT: str(wish)})
    return [{PARTNER: code} | row for code, row in zip(partners, rows, strict=True)]


def _split(total: Decimal, parts: int) -> list[Decimal]:
    each = (total / parts).quantize(CENT, ROUND_DOWN)
    return [*([each] * (parts - 1)), total.quantize(CENT, ROUND_DOWN) - each * (parts - 1)]


def _plain(answer: str) -> Writer:
    return lambda _partnership, _question, _lists, _dice: answer


WRITERS: dict[QuestionType, Writer] = {
    QuestionType.TEXT: _text,
    QuestionType.LONG_TEXT: _text,
    QuestionType.CHOICE: _choice,
    QuestionType.MULTI_CHOICE: _choice,
    QuestionType.NUMBER: lambda _partnership, question, _lists, _dice: str(question.min or 1),
    QuestionType.DATE: lambda partnership, _question, _lists, _dice: partnership.start or "2018-10-01",
    QuestionType.YES_NO: _plain("yes"),
    QuestionType.COUNTRY: lambda partnership, *_rest: next((p.country for p in partnership.partners), "BE"),
    QuestionType.REGION_LIST: _regions,
    QuestionType.PARTNER_LIST: _partners,
    QuestionType.WORK_PACKAGES: _work_packages,
    QuestionType.INDICATORS: _indicators,
    QuestionType.BUDGET: _budget,
}
