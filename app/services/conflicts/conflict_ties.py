"""Interests between one person and one application, from facts alone: each with its path in words and its digest.

A common country is no interest. What an interest rests on is kept as a digest: a decision on it stands until that
changes, not until somebody is renamed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from app.models import Part, Strength
from app.services.conflicts.conflict_facts import Applicant, Applications, Applied, Belongings, Held
from app.services.organisations.names import LIKE, likeness, skeleton
from workflows.interests import DIRECT, KINDS
from workflows.verdict import Reason
from workflows.words import _


@dataclass(frozen=True)
class Tie:
    """One interest: what kind, the steps that lead from the person to the applicant, and what it rests on."""

    kind: str
    path: tuple[Reason, ...]
    facts: str  # digest: the same facts are the same interest
    alike: str  # digest of person, kind and organisations: what is decided together

    @property
    def grade(self) -> int:
        return KINDS[self.kind].grade

    @property
    def is_direct(self) -> bool:
        return self.grade == DIRECT

    @property
    def strength(self) -> Strength:
        return Strength.DIRECT if self.is_direct else Strength.SOFT


def ties_between(mine: Belongings, application: Applied, others: Applications) -> list[Tie]:
    """Find every interest of a person in an application; `others` are all applications by id."""
    held = mine.within(application.since)
    found = [*_took_part(mine, application)]
    tied: set[str] = set()
    for applicant in application.applicants:
        direct = [*_same_organisation(mine, held, applicant, application), *_disclosed(mine, applicant, application)]
        found += direct or [
            *_same_domain(mine, held, applicant, application),
            *_like_name(mine, held, applicant, application),
            *_same_authority(mine, held, applicant, application),
        ]
        if direct and applicant.organisation_id:
            tied.add(applicant.organisation_id)
    found += _like_person(mine, application)
    found += _partner_of_a_partner(mine, held, application, others, tied)
    found += _rival(mine, held, application, others)
    return found


def _tie(mine: Belongings, kind: str, path: tuple[Reason, ...], organisations: object, *rest: object) -> Tie:
    base = [mine.person_id, kind, organisations]
    return Tie(kind, path, _digest([*base, *rest]), _digest(base))


def _digest(what: object) -> str:
    return hashlib.sha256(json.dumps(what, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _belongs(mine: Belongings, held: Held) -> Reason:
    params = {"person": mine.name, "organisation": held.name}
    if held.until is None:
        return Reason("belongs", _("{person} belongs to {organisation}."), params)
    text = _("{person} belonged to {organisation} until {until}.")
    return Reason("belonged", text, params | {"until": held.until.isoformat()})


def _applies(applicant: str, application: Applied) -> Reason:
    text = _("{organisation} takes part in {acronym}.")
    return Reason("applies", text, {"organisation": applicant, "acronym": application.acronym})


def _took_part(mine: Belongings, application: Applied) -> Iterator[Tie]:
    parts = application.people.get(mine.person_id)
    if parts:
        only_helped = parts == {Part.HELPER}
        text = (
            _("{person} helped to write {acronym}.") if only_helped else _("{person} took part in preparing {acronym}.")
        )
        step = Reason("took-part", text, {"person": mine.name, "acronym": application.acronym})
        yield _tie(mine, "helper" if only_helped else "took_part", (step,), application.id)


def _same_organisation(mine: Belongings, held: list[Held], applicant: Applicant, application: Applied) -> Iterator[Tie]:
    same = [one for one in held if one.organisation_id and one.organisation_id == applicant.organisation_id]
    if same:
        steps = (_belongs(mine, _latest(same)), _applies(applicant.name, application))
        yield _tie(mine, "same_organisation", steps, applicant.key)


def _latest(held: list[Held]) -> Held:
    """Prefer what still lasts, then what ended last."""
    return max(held, key=lambda one: (one.until is None, str(one.until), one.name))


def _disclosed(mine: Belongings, applicant: Applicant, application: Applied) -> Iterator[Tie]:
    if (application.call_id, applicant.key) in mine.disclosed:
        text = _("{person} declared an interest in {organisation} for this call.")
        step = Reason("disclosed", text, {"person": mine.name, "organisation": applicant.name})
        steps = (step, _applies(applicant.name, application))
        yield _tie(mine, "disclosed_interest", steps, [application.call_id, applicant.key])


def _same_domain(mine: Belongings, held: list[Held], applicant: Applicant, application: Applied) -> Iterator[Tie]:
    own = mine.domains | {one.domain for one in held if one.domain}
    shared = sorted((d, theirs) for d in own for theirs in applicant.domains if _meet(d, theirs))
    if shared:
        text = _("{person} and {organisation} use mail addresses at {domain}.")
        params = {"person": mine.name, "organisation": applicant.name, "domain": shared[0][0]}
        steps = (Reason("same-domain", text, params), _applies(applicant.name, application))
        yield _tie(mine, "mail_domain", steps, applicant.key, shared)


def _meet(mine: str, theirs: str) -> bool:
    """Two domains are the same, or one is part of the other."""
    return mine == theirs or mine.endswith(f".{theirs}") or theirs.endswith(f".{mine}")


def _like_name(mine: Belongings, held: list[Held], applicant: Applicant, application: Applied) -> Iterator[Tie]:
    alike = [
        (own, name)
        for own in sorted(held, key=lambda one: one.name)
        for name in sorted(applicant.names)
        if likeness(own.name, name) >= LIKE
    ]
    if alike:
        own, name = alike[0]
        text = _("The names “{mine}” and “{theirs}” look alike.")
        step = Reason("like-name", text, {"mine": own.name, "theirs": name})
        pairs = sorted({(skeleton(one.name), skeleton(other)) for one, other in alike})
        yield _tie(
            mine, "like_name", (_belongs(mine, own), step, _applies(applicant.name, application)), applicant.key, pairs
        )


def _like_person(mine: Belongings, application: Applied) -> Iterator[Tie]:
    """Somebody who took part has a name like the expert's: perhaps the same person, with another account."""
    if mine.person_id in application.people:
        return
    for key, name in sorted(application.names.items(), key=lambda one: (one[1], one[0])):
        if likeness(mine.name, name) >= LIKE:
            text = _("“{other}”, who took part in {acronym}, has a name like {person}.")
            params = {"other": name, "acronym": application.acronym, "person": mine.name}
            yield _tie(mine, "like_person", (Reason("like-person", text, params),), key, skeleton(name))
            return


def _same_authority(mine: Belongings, held: list[Held], applicant: Applicant, application: Applied) -> Iterator[Tie]:
    """One of the two is a public authority of a region in which the other has its seat."""
    for own in sorted(held, key=lambda one: one.name):
        shared = sorted(own.regions & applicant.regions)
        if shared and (own.is_authority or applicant.is_authority):
            authority, other = (own.name, applicant.name) if own.is_authority else (applicant.name, own.name)
            text = _("{authority} is a public authority of the region {region}, and {other} has its seat there.")
            params = {"authority": authority, "other": other, "region": shared[0]}
            steps = (_belongs(mine, own), Reason("authority", text, params), _applies(applicant.name, application))
            yield _tie(mine, "same_authority", steps, [own.organisation_id, applicant.key], shared)
            return


def _partner_of_a_partner(
    mine: Belongings, held: list[Held], application: Applied, others: Applications, tied: set[str]
) -> Iterator[Tie]:
    """One tie for each own organisation and applicant, by the applications that join them."""
    for own in _own(held):
        if own.organisation_id in tied or own.organisation_id not in others.of_organisation:
            continue
        for key, applicant in application.organisations.items():
            if key == own.organisation_id or key in tied:
                continue
            joint = others.joint(str(own.organisation_id), key, application.id)
            if joint:
                text = _("{mine} and {theirs} are partners in {acronym}.")
                params = {"mine": own.name, "theirs": applicant.name, "acronym": joint[0].acronym}
                steps = (_belongs(mine, own), Reason("partners", text, params), _applies(applicant.name, application))
                pair = [own.organisation_id, key]
                yield _tie(mine, "partner_of_partner", steps, pair, [one.id for one in joint])


def _own(held: list[Held]) -> list[Held]:
    """Give each organisation of the directory once."""
    found: dict[str, list[Held]] = {}
    for one in held:
        if one.organisation_id:
            found.setdefault(one.organisation_id, []).append(one)
    return [_latest(found[key]) for key in sorted(found)]


def _rival(mine: Belongings, held: list[Held], application: Applied, others: Applications) -> Iterator[Tie]:
    """The expert's own organisation applies in the same call, with another application."""
    for own in _own(held):
        key = str(own.organisation_id)
        if key in application.organisations:
            continue
        rivals = [
            others[one]
            for one in sorted(others.of_organisation.get(key, ()))
            if others[one].call_id == application.call_id
        ]
        if rivals:
            text = _("{organisation} applies in the same call, with {acronym}.")
            names = ", ".join(sorted(one.acronym for one in rivals))
            steps = (_belongs(mine, own), Reason("rival", text, {"organisation": own.name, "acronym": names}))
            yield _tie(mine, "rival", steps, [application.call_id, key], [one.id for one in rivals])
