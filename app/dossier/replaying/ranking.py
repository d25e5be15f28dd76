"""Totals, thresholds, order and outcome, worked out again in fractions from the scores and the call's rules."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from .reading import Dossier, Row, canonical, differs, sha256
from .rules import number, plain

AWARD, RESERVE, REJECT = "award", "hold_in_reserve", "reject"
BESIDE_SCORES = ("panel_decision", "draw")
Line = dict[str, Any]
if TYPE_CHECKING:  # Python 3.9 can't make it
    Left = tuple[int | None, Fraction | None]  # awards and money; None: no limit


class Panel:
    """The rules of a call's ranking, and the lines that are to be put in order."""

    def __init__(self, call: dict[str, Any], ranking: dict[str, Any]) -> None:
        self.call, self.lines = call, ranking["lines"]
        self.criteria = call["criteria"]
        self.overall = number(call.get("overall_threshold"))
        self.ties = call.get("tie_breaks") or []
        asked = [rule["by"] for rule in self.ties]
        order = [key for keys in ranking["panel"] for key in keys] if "panel_decision" in asked else []
        self.places = {key: place for place, key in enumerate(order)}
        self.seed = ranking["draw_seed"] if "draw" in asked else ""

    def score(self, line: Line, code: str) -> Fraction:
        return Fraction(line["scores"][code])

    def total(self, line: Line) -> Fraction:
        return sum((self.score(line, c["code"]) for c in self.criteria), Fraction(0))

    def weighted(self, line: Line) -> Fraction:
        return sum((self.score(line, c["code"]) * Fraction(c.get("weight") or 1) for c in self.criteria), Fraction(0))

    def passes(self, line: Line) -> bool:
        enough = [self.score(line, c["code"]) >= Fraction(c["threshold"]) for c in self.criteria if c.get("threshold")]
        return all(enough) and (self.overall is None or self.total(line) >= self.overall)

    def merit(self, line: Line) -> tuple[Any, ...]:
        """What decides, the best first in ascending order. Equals have the same."""
        keys: list[Any] = [not self.passes(line), -self.weighted(line)]
        for rule in self.ties:
            if rule["by"] in BESIDE_SCORES:
                continue
            value = self.total(line) if rule["by"] == "total" else self.score(line, rule["code"])
            keys.append(value if rule.get("direction") == "asc" else -value)
        keys.append(self.places.get(line["application"], len(self.places)))
        drawn_as = line["number"] or line["application"]
        return (*keys, sha256(f"{self.seed}:{drawn_as}") if self.seed else "")

    def strands(self) -> list[tuple[str, list[Line]]]:
        given = [strand["code"] for strand in self.call.get("strands") or []]
        if not given:
            return [("", self.lines)]
        known = [(code, [line for line in self.lines if line["strand"] == code]) for code in given]
        return [*known, ("", [line for line in self.lines if line["strand"] not in given])]

    def groups(self, lines: list[Line]) -> list[list[Line]]:
        """Lines in order of merit, equals together."""
        found: dict[tuple[Any, ...], list[Line]] = {}
        for line in lines:
            found.setdefault(self.merit(line), []).append(line)
        return [sorted(found[key], key=lambda one: (one["acronym"], one["application"])) for key in sorted(found)]

    def ranks(self) -> dict[str, int]:
        found = {}
        for _code, lines in self.strands():
            rank = 1
            for group in self.groups(lines):
                found.update({line["application"]: rank for line in group})
                rank += len(group)
        return found

    def limits(self) -> dict[str, Left]:
        strands = self.call.get("strands") or []
        if not strands:
            budget = self.call.get("budget") or {}
            return {"": (budget.get("expected_awards"), number(budget.get("total")))}
        found: dict[str, Left] = {s["code"]: (s.get("expected_awards"), number(s.get("total"))) for s in strands}
        return {**found, "": (0, Fraction(0))}

    def outcomes(self) -> dict[str, str]:
        """Each strand falls down its list; what one leaves over moves as the call says, and the other falls again."""
        has, of = self.limits(), dict(self.strands())
        for transfer in self.call.get("transfers") or []:
            giver, taker = transfer.get("giver", transfer.get("from")), transfer.get("taker", transfer.get("to"))
            kind = 0 if transfer.get("of") == "awards" else 1
            left = self._fall(of[giver], has[giver])[1][kind]
            if left is None or has[taker][kind] is None:
                continue
            most = number(transfer.get("most"))
            moved = Fraction(left) if most is None else min(Fraction(left), most)
            has[giver], has[taker] = _moved(has[giver], kind, -moved), _moved(has[taker], kind, moved)
        found: dict[str, str] = {}
        for code, lines in of.items():
            found.update(self._fall(lines, has[code])[0])
        return found

    def _fall(self, lines: list[Line], limits: Left) -> tuple[dict[str, str], Left]:
        places, money = limits
        award = self.call.get("award")
        beyond = REJECT if award is not None and award.get("reserve") is False else RESERVE
        found: dict[str, str] = {}
        ended = False
        for group in self.groups(lines):
            keys = [line["application"] for line in group]
            asked = sum((Fraction(line["requested_grant"]) for line in group), Fraction(0))
            if not self.passes(group[0]):
                found.update(dict.fromkeys(keys, REJECT))
            elif not ended and (places is None or len(group) <= places) and (money is None or asked <= money):
                found.update(dict.fromkeys(keys, AWARD))
                places = None if places is None else places - len(group)
                money = None if money is None else money - asked
            else:
                ended = True
                found.update(dict.fromkeys(keys, beyond))
        return found, (places, money)


def _moved(limits: Left, kind: int, by: Fraction) -> Left:
    places, money = limits
    if kind == 0:
        return (places or 0) + int(by), money
    return places, (money or Fraction(0)) + by


def check_ranking(dossier: Dossier) -> str:
    """Totals, ranks, order and outcomes of the decision follow from the scores and the call."""
    calls = [row for row in dossier.rows("call") if row.known("definition")]
    told = [d for d in dossier.rows("decision") if d.known("ranking") and d.get("ranking")]
    if not calls or not told:
        return "no ranking is told here" + _own_line(dossier, calls)
    decision, call = told[0], plain(calls[0]["definition"])
    ranking = decision["ranking"]
    if sha256(canonical(ranking)) != decision["ranking_sha256"]:
        differs(decision.place, "the ranking is not the one of its digest")
    panel = Panel(call, ranking)
    ranks, outcomes = panel.ranks(), panel.outcomes()
    order = [line["application"] for _code, lines in panel.strands() for g in panel.groups(lines) for line in g]
    for line in ranking["lines"]:
        where = f"{decision.place}, application {line['acronym']}"
        _same(where, "total", panel.total(line), Fraction(line["total"]))
        _same(where, "weighted total", panel.weighted(line), Fraction(line["weighted_total"]))
        _same(where, "rank", ranks[line["application"]], line["rank"])
        _same(where, "outcome", outcomes[line["application"]], line["outcome"])
    for place, line in enumerate(ranking["lines"]):
        _same(f"{decision.place}, place {place + 1}", "application", order[place], line["application"])
        _follows(dossier, decision, line, call)
    return f"{len(order)} totals, ranks and outcomes worked out again"


def _same(place: str, what: str, found: Any, recorded: Any) -> None:  # noqa: ANN401
    if found != recorded:
        differs(place, f"the {what} comes to {found}, and {recorded} is recorded")


def _follows(dossier: Dossier, decision: Row, line: Line, call: dict[str, Any]) -> None:
    """Scores come from the approved consensus or the panel; lines and states say what the ranking says."""
    key = line["application"]
    scores = scores_of(dossier, key, decision)
    for criterion in call["criteria"] if scores else ():
        code = criterion["code"]
        where = f"{decision.place}, application {line['acronym']}"
        _same(where, f"score of {code}", Fraction(line["scores"][code]), scores.get(code))
    for row in dossier.rows("decision_line"):
        if row["application_id"] == key:
            _same(row.place, "total", Fraction(line["total"]), Fraction(row["total"]))
            _same(row.place, "outcome", line["outcome"], row["outcome"])
    _sent(dossier, decision, line, call)
    if decision["state"] == "released":
        _told(dossier, line)


def scores_of(dossier: Dossier, application: str, decision: Row) -> dict[str, Fraction]:
    reports = [row for row in dossier.rows("consensus") if row["application_id"] == application]
    found: dict[str, Fraction] = {}
    for report in reports:
        for score in dossier.rows("agreed_score"):
            if score["consensus_id"] == report["id"] and score.known("points") and score["points"] is not None:
                found[score["criterion"]] = Fraction(score["points"])
        marks = [m for m in dossier.rows("panel_mark") if m["consensus_id"] == report["id"]]
        newest = {m["criterion"]: m for m in sorted(marks, key=lambda m: (m["at"], m["id"]))}
        for code, mark in newest.items():
            if found.get(code) == Fraction(mark["before"]) and mark["at"] <= (decision["proposed_at"] or mark["at"]):
                found[code] = Fraction(mark["points"])
    return found


def _sent(dossier: Dossier, decision: Row, line: Line, call: dict[str, Any]) -> None:
    """What is asked for and in which strand stands in the last version that was submitted."""
    versions = [v for v in dossier.rows("submitted_version") if v["application_id"] == line["application"]]
    last = max(versions, key=lambda version: version["number"], default=None)
    if last is None or not last.known("canonical"):
        return
    content = json.loads(last["canonical"])
    where = f"{decision.place}, application {line['acronym']}"
    _same(where, "grant", Fraction(content["requested_grant"] or 0), Fraction(line["requested_grant"]))
    chosen = content["answers"].get(call["strand_question"]) if call.get("strand_question") else ""
    _same(where, "strand", chosen if isinstance(chosen, str) else "", line["strand"])


def _told(dossier: Dossier, line: Line) -> None:
    """The release told each application just its outcome: the first word counts, later ones are acts of their own."""
    acts = [
        event
        for event in dossier.rows("event")
        if event["thing_id"] == line["application"] and event["name"] in (AWARD, RESERVE, REJECT)
    ]
    if acts:
        first = min(acts, key=lambda event: event["number"])
        _same(first.place, "outcome", line["outcome"], first["name"])
    elif dossier.one("application", line["application"]):
        differs("data/event.json", f"the release did not tell {line['acronym']} its outcome")


def _own_line(dossier: Dossier, calls: list[Row]) -> str:
    """Where others' lines are kept back: the total of one's own, and that whoever is below a threshold is rejected."""
    count = 0
    for row in dossier.rows("decision_line"):
        scores = {
            score["criterion"]: score["points"]
            for report in dossier.rows("consensus")
            if report["application_id"] == row["application_id"]
            for score in dossier.rows("agreed_score")
            if score["consensus_id"] == report["id"] and score.known("points")
        }
        decision = dossier.one("decision", row["decision_id"])
        if not calls or not scores or decision is None:
            continue
        found = scores_of(dossier, row["application_id"], decision)
        panel = Panel(plain(calls[0]["definition"]), {"lines": [], "panel": [], "draw_seed": ""})
        line = {"scores": {code: str(value) for code, value in found.items()}}
        _same(row.place, "total", panel.total(line), Fraction(row["total"]))
        if row["outcome"] != REJECT and not panel.passes(line):
            differs(row.place, "is below a threshold, and was not rejected")
        count += 1
    return f"; {count} totals worked out again" if count else ""
