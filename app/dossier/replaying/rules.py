"""Eligibility, answered again: may a rule hold, must it hold, by what was submitted and by the tables of regions."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from .reading import Dossier, Row, Sealed, differs
from .refusals import still_refused

MET, NOT_MET, OPEN = "met", "not_met", "undetermined"
BESIDE = {"source", "assumed", "note"}
Partner = dict[str, Any]
Rule = dict[str, Any]
Worlds = set[bool]  # the answers that are still possible: one where all is known
BOTH: Worlds = {True, False}


def plain(value: Any) -> Any:  # noqa: ANN401
    """Take away from a call's definition where its values come from."""
    if isinstance(value, dict):
        if "value" in value and not set(value) - BESIDE - {"value"}:
            return plain(value["value"])
        return {key: plain(item) for key, item in value.items() if key not in BESIDE}
    return [plain(item) for item in value] if isinstance(value, list) else value


def number(text: Any) -> Fraction | None:  # noqa: ANN401
    return None if text is None else Fraction(str(text))


class Consortium:
    """Who applies with what, as a version says it."""

    def __init__(self, partners: list[Partner], content: dict[str, Any], groups: dict[str, set[str]]) -> None:
        full = [p for p in partners if p["role"] in ("coordinator", "partner")]
        self.invited = [p for p in full if not p["confirmed"]]
        self.counted: list[Partner] = []
        for partner in (p for p in full if p["confirmed"]):  # each legal entity once, as coordinator if it is one
            place = next((n for n, p in enumerate(self.counted) if p["entity"] == partner["entity"]), None)
            if place is None:
                self.counted.append(partner)
            elif partner["role"] == "coordinator":
                self.counted[place] = partner
        self.content, self.groups = content, groups

    def countries(self, names: list[str]) -> set[str]:
        return {code for name in names for code in self.groups.get(name, {name})}

    def amount(self, subject: str) -> Fraction | None:
        key = {"months": "months", "requested_grant": "requested_grant"}.get(subject, "eligible_cost")
        return number(self.content[key])

    def could(self, partner: Partner, where: dict[str, Any] | None) -> Worlds:
        """The answers "does this partner meet the conditions?" may still have."""
        where = where or {}
        if where.get("role") and partner["role"] != where["role"]:
            return {False}
        worlds: Worlds = {True}
        kinds, countries = set(where.get("kind_in", ())), self.countries(where.get("country_in", ()))
        for key, known, fits in (
            ("kind_in", bool(partner["kinds"]), bool(set(partner["kinds"]) & kinds)),
            ("country_in", bool(partner["country"]), partner["country"] in countries),
            (
                "fund_category_in",
                partner["category"] != "unknown",
                partner["category"] in where.get("fund_category_in", ()),
            ),
        ):
            if where.get(key):
                worlds = {one and other for one in worlds for other in ({fits} if known else BOTH)}
        return worlds


def said(must: bool, may: bool) -> str:
    return MET if must else OPEN if may else NOT_MET


def values(partner: Partner, subject: str) -> list[str]:
    if subject in ("kind", "thematic_area"):
        return list(partner["kinds" if subject == "kind" else "themes"])
    found = partner["region" if subject in ("region", "regions") else "country"]
    return [found] if found else []


def _fewest_and_most(rule: Rule, who: Consortium) -> tuple[int, int]:
    people = [(p, who.could(p, rule.get("where"))) for p in who.counted]
    if rule["of"] == "partners":
        return sum(w == {True} for _p, w in people), sum(True in w for _p, w in people)
    sure = {v for p, w in people if w == {True} for v in values(p, rule["of"])}
    perhaps = {v for p, w in people if True in w for v in values(p, rule["of"])}
    astray = [w for p, w in people if True in w and not values(p, rule["of"])]
    return len(sure) or int({True} in astray), len(perhaps) + len(astray)


def at_least(rule: Rule, who: Consortium) -> str:
    fewest, most = _fewest_and_most(rule, who)
    return said(fewest >= _asked(rule), most >= _asked(rule))


def at_most(rule: Rule, who: Consortium) -> str:
    fewest, most = _fewest_and_most(rule, who)
    return said(most <= _asked(rule), fewest <= _asked(rule))


def exactly_one(rule: Rule, who: Consortium) -> str:
    fewest, most = _fewest_and_most(rule, who)
    return said(fewest == most == 1, fewest <= 1 <= most)


def _asked(rule: Rule) -> Fraction:
    return number(rule.get("value")) or Fraction(0 if rule.get("value") else 1)


def distinct(rule: Rule, who: Consortium) -> str:
    allowed = who.countries(rule["among"]) if rule.get("among") else None
    sure: set[str] = set()
    perhaps: set[str] = set()
    astray = 0
    for partner in who.counted:
        worlds = who.could(partner, rule.get("where"))
        if True not in worlds:
            continue
        mine = values(partner, rule["of"])
        astray += not mine
        counted = {value for value in mine if allowed is None or value in allowed}
        perhaps |= counted
        sure |= counted if worlds == {True} else set()
    return said(len(sure) >= _asked(rule), len(perhaps) + astray >= _asked(rule))


def each_group(rule: Rule, who: Consortium) -> str:
    least = number(rule.get("min")) or Fraction(1)
    if not who.counted:
        return OPEN
    fits = [
        ({bool(set(p["kinds"]) & set(rule["kind_in"]))} if p["kinds"] else BOTH, values(p, rule["group_by"]))
        for p in who.counted
    ]
    helpers = sum(True in worlds for worlds, places in fits if not places)
    must, may = all(places for _w, places in fits), True
    for group in {place for _w, places in fits for place in places}:
        inside = [worlds for worlds, places in fits if group in places]
        must = must and sum(worlds == {True} for worlds in inside) >= least
        may = may and sum(True in worlds for worlds in inside) + helpers >= least
        # a group that surely has enough needs no helper
    return said(must, may)


def every(rule: Rule, who: Consortium, among: list[Partner] | None = None) -> str:
    people = who.counted if among is None else among
    if not people:
        return OPEN
    worlds = [who.could(p, rule.get("where")) for p in people]
    return said(all(w == {True} for w in worlds), all(True in w for w in worlds))


def lead(rule: Rule, who: Consortium) -> str:
    leads = [p for p in who.counted if p["role"] == "coordinator"]
    return every(rule, who, leads) if leads else NOT_MET


def accepted(_rule: Rule, who: Consortium) -> str:
    return NOT_MET if who.invited else MET if who.counted else OPEN


def in_common(rule: Rule, who: Consortium) -> str:
    given = [set(values(p, rule["of"])) for p in who.counted]
    known = [one for one in given if one]
    if not given:
        return OPEN
    may = not known or bool(set.intersection(*known))
    return said(may and len(known) == len(given), may)


def limited(rule: Rule, who: Consortium) -> str:
    amount = who.amount(rule["of"])
    if amount is None:
        return OPEN
    least, most = number(rule.get("min")), number(rule.get("max"))
    if rule["rule"] == "max_value":
        least, most = None, _asked(rule)
    return MET if (least is None or amount >= least) and (most is None or amount <= most) else NOT_MET


def ratio(rule: Rule, who: Consortium) -> str:
    part, whole = who.amount(rule["of"]), who.amount(rule["over"])
    if part is None or whole is None or part == whole == 0:
        return OPEN
    return MET if part <= _asked(rule) * whole else NOT_MET


def share(rule: Rule, who: Consortium) -> str:
    weights = [Fraction(1) if rule["of"] == "partners" else number(p["share"]) for p in who.counted]
    if None in weights or not sum(w for w in weights if w is not None):
        return OPEN
    known = [w for w in weights if w is not None]
    worlds = [who.could(p, rule.get("where")) for p in who.counted]
    sure = sum((known[n] for n, w in enumerate(worlds) if w == {True}), Fraction(0))
    perhaps = sum((known[n] for n, w in enumerate(worlds) if True in w), Fraction(0))
    limit = _asked(rule) * sum(known)
    ends = [sure >= limit, perhaps >= limit] if rule["rule"] == "min_share" else [sure <= limit, perhaps <= limit]
    return said(all(ends), any(ends))


KINDS: dict[str, Callable[[Rule, Consortium], str]] = {
    "min_count": at_least, "max_count": at_most, "min_distinct": distinct, "each_group_has": each_group,
    "min_share": share, "max_share": share, "exactly_one": exactly_one, "all_share": in_common, "all_match": every,
    "all_accepted": accepted, "lead_must_be": lead, "max_value": limited, "max_ratio": ratio, "within": limited,
}  # fmt: skip


def rules_of(call: dict[str, Any]) -> dict[str, Rule]:
    """Every rule of a call by its id: those it lists, and those that follow from its kinds, countries and months."""
    found = {rule["id"]: rule for rule in call.get("rules") or []}
    if call.get("eligible_kinds"):
        found["eligible_kinds"] = {"rule": "all_match", "where": {"kind_in": call["eligible_kinds"]}}
    if call.get("country_groups"):
        found["eligible_countries"] = {"rule": "all_match", "where": {"country_in": call["country_groups"]}}
    if call.get("months"):
        found["project_months"] = {"rule": "within", "of": "months", **call["months"]}
    return {**found, "partners_accepted": {"rule": "all_accepted"}}


def check_eligibility(dossier: Dossier) -> str:
    """Answer every checked rule again from the frozen version; compare with what the machine proposed then."""
    definition = _definition(dossier)
    checks = [check for check in dossier.rows("check") if check["state"] != "dropped" and check["rule"] in definition]
    again, left = 0, 0
    for check in checks:
        rule = definition[check["rule"]]
        who = _consortium(dossier, check, rule)
        if who is None:
            left += 1
            continue
        found = KINDS[rule["rule"]](rule, who)
        if found != check["proposed"]:
            differs(check.place, f"rule {check['rule']} comes to “{found}”, and “{check['proposed']}” is recorded")
        again += 1
    _refusals_stand(dossier)
    return f"{again} rules of eligibility answered again" + (f", {left} can't be told here" if left else "")


def _definition(dossier: Dossier) -> dict[str, Rule]:
    calls = [row for row in dossier.rows("call") if row.known("definition")]
    return rules_of(plain(calls[0]["definition"])) if calls else {}


def _consortium(dossier: Dossier, check: Row, rule: Rule) -> Consortium | None:
    """What the version says, with the answers of the tables of regions; None where this dossier does not tell it."""
    version = dossier.one("submitted_version", check["version_id"])
    if version is None or isinstance(version["canonical"], Sealed):
        return None
    content = json.loads(version["canonical"])
    partners = []
    for partner in content["partners"]:
        seat = dossier.one("seat", f"{version['id']}/{partner['id']}")
        if seat is None or (seat["themes"] is None and rule.get("of") == "thematic_area"):
            return None
        known = {"region": seat["region"], "category": seat["category"], "themes": seat["themes"] or []}
        partners.append({**partner, **known, "entity": partner["organisation"] or partner["id"]})
    groups = {row["id"]: set(row["countries"]) for row in dossier.rows("country_group")}
    return Consortium(partners, content, groups)


def _refusals_stand(dossier: Dossier) -> None:
    """Who was admitted has no rule recorded as not met; who was refused has one."""
    for application in dossier.rows("application"):
        stages = {check["stage"] for check in still_refused(dossier, application["id"])}
        wanted = {"inadmissible": "admissibility", "ineligible": "eligibility"}.get(application["state"])
        if wanted and wanted not in stages:
            differs(application.place, f"is {application['state']}, and no such check is recorded as not met")
        if stages and application["state"] in ("eligible", "evaluated", "awarded", "reserve", "rejected"):
            differs(application.place, "was admitted, and a check is recorded as not met")
