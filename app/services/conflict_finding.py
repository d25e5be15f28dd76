"""Interests found by the system: from the person to the applicant, each with its path in words.

A direct tie bars the pair at once. A soft one only suspends: a call manager decides, and what was dismissed once stays
dismissed until its path changes. A common country alone is no interest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Select, select

from app.act import Act
from app.models import Application, Conflict, Person, Strength
from app.services.conflict_facts import Applicant, Applied, Belongings, applied, belongings_of
from app.services.names import LIKE, likeness
from app.services.reason_json import reason_to_json
from workflows.verdict import Reason
from workflows.words import _


@dataclass(frozen=True)
class Tie:
    """One interest: what kind, how strong, and the steps that lead from the person to the applicant."""

    kind: str
    strength: Strength
    path: tuple[Reason, ...]

    @property
    def is_direct(self) -> bool:
        return self.strength is Strength.DIRECT


def _belongs(mine: Belongings, organisation: str) -> Reason:
    text = _("{person} belongs or belonged to {organisation} in the last three years.")
    return Reason("belongs", text, {"person": mine.person.name, "organisation": organisation})


def _applies(applicant: str, application: Applied) -> Reason:
    text = _("{organisation} takes part in {acronym}.")
    return Reason("applies", text, {"organisation": applicant, "acronym": application.acronym})


def ties_between(mine: Belongings, application: Applied, others: Mapping[str, Applied]) -> list[Tie]:
    """Find every interest of a person in an application; `others` are all applications by id."""
    found = [*_took_part(mine, application)]
    tied: set[str] = set()
    for applicant in application.applicants:
        direct = [*_same_organisation(mine, applicant, application), *_disclosed(mine, applicant, application)]
        found += direct or [
            *_same_domain(mine, applicant, application),
            *_like_name(mine, applicant, application),
        ]
        if direct and applicant.organisation_id:
            tied.add(applicant.organisation_id)
    found += _partner_of_a_partner(mine, application, others, tied)
    found += _rival(mine, application, others)
    return found


def _took_part(mine: Belongings, application: Applied) -> Iterator[Tie]:
    if mine.person.id in application.people:
        text = _("{person} took part in preparing {acronym}.")
        params = {"person": mine.person.name, "acronym": application.acronym}
        yield Tie("took_part", Strength.DIRECT, (Reason("took-part", text, params),))


def _same_organisation(mine: Belongings, applicant: Applicant, application: Applied) -> Iterator[Tie]:
    if applicant.organisation_id in mine.organisations:
        steps = (_belongs(mine, applicant.name), _applies(applicant.name, application))
        yield Tie("same_organisation", Strength.DIRECT, steps)


def _disclosed(mine: Belongings, applicant: Applicant, application: Applied) -> Iterator[Tie]:
    if (application.call_id, applicant.key) in mine.disclosed:
        text = _("{person} declared an interest in {organisation} for this call.")
        step = Reason("disclosed", text, {"person": mine.person.name, "organisation": applicant.name})
        yield Tie("disclosed_interest", Strength.DIRECT, (step, _applies(applicant.name, application)))


def _same_domain(mine: Belongings, applicant: Applicant, application: Applied) -> Iterator[Tie]:
    shared = sorted(d for d in mine.domains if any(_meet(d, theirs) for theirs in applicant.domains))
    if shared:
        text = _("{person} and {organisation} use mail addresses at {domain}.")
        params = {"person": mine.person.name, "organisation": applicant.name, "domain": shared[0]}
        steps = (Reason("same-domain", text, params), _applies(applicant.name, application))
        yield Tie("mail_domain", Strength.SOFT, steps)


def _meet(mine: str, theirs: str) -> bool:
    """Two domains are the same, or one is part of the other."""
    return mine == theirs or mine.endswith(f".{theirs}") or theirs.endswith(f".{mine}")


def _like_name(mine: Belongings, applicant: Applicant, application: Applied) -> Iterator[Tie]:
    alike = [
        (own, name) for own in sorted(mine.names) for name in sorted(applicant.names) if likeness(own, name) >= LIKE
    ]
    if alike:
        text = _("The names “{mine}” and “{theirs}” look alike.")
        params = {"mine": alike[0][0], "theirs": alike[0][1]}
        steps = (_belongs(mine, alike[0][0]), Reason("like-name", text, params), _applies(applicant.name, application))
        yield Tie("like_name", Strength.SOFT, steps)


def _partner_of_a_partner(
    mine: Belongings, application: Applied, others: Mapping[str, Applied], tied: set[str]
) -> Iterator[Tie]:
    """One tie for each own organisation and applicant, by the first application that joins them."""
    for own, name in sorted(mine.organisations.items()):
        for applicant in application.applicants:
            if applicant.organisation_id is None or own in tied or applicant.organisation_id in (own, *tied):
                continue
            joint = _joint(own, applicant.organisation_id, application, others)
            if joint is not None:
                text = _("{mine} and {theirs} are partners in {acronym}.")
                params = {"mine": name, "theirs": applicant.name, "acronym": joint.acronym}
                steps = (_belongs(mine, name), Reason("partners", text, params), _applies(applicant.name, application))
                yield Tie("partner_of_partner", Strength.SOFT, steps)


def _joint(one: str, other: str, besides: Applied, others: Mapping[str, Applied]) -> Applied | None:
    return next(
        (
            a
            for a in others.values()
            if a.known and a.id != besides.id and a.organisation(one) and a.organisation(other)
        ),
        None,
    )


def _rival(mine: Belongings, application: Applied, others: Mapping[str, Applied]) -> Iterator[Tie]:
    for other in others.values():
        if other.call_id != application.call_id or other.id == application.id or not other.known:
            continue
        for own in sorted(mine.organisations):
            if (rival := other.organisation(own)) is not None and application.organisation(own) is None:
                text = _("{organisation} applies in the same call, with {acronym}.")
                params = {"organisation": rival.name, "acronym": other.acronym}
                yield Tie("rival", Strength.SOFT, (_belongs(mine, rival.name), Reason("rival", text, params)))


def ties_of(act: Act, application: Application, people: Iterable[Person]) -> dict[str, list[Tie]]:
    """Find what ties each of several people to an application, without storing anything; by the person's id."""
    everything = applied(act)
    target = everything[application.id]
    return {key: ties_between(mine, target, everything) for key, mine in belongings_of(act, people).items()}


def find_conflicts(act: Act, application: Application, person: Person) -> list[Conflict]:
    """Store what is found between a person and an application; give all findings that stand, declared ones included.

    A finding with the same path keeps what was decided on it; one whose path is gone is closed by the system.
    """
    ties = ties_of(act, application, [person])[person.id]
    stored = list(act.session.scalars(_stored(application, person)))
    found = [c for c in stored if not c.declared]
    keys = {_key(tie.kind, [reason_to_json(step) for step in tie.path]): tie for tie in ties}
    known = {_key(conflict.kind, conflict.path) for conflict in found}
    for conflict in found:
        if _key(conflict.kind, conflict.path) not in keys and conflict.dismissed_at is None:
            conflict.dismissed_at = act.now  # by nobody: the facts have changed
    for key, tie in keys.items():
        if key not in known:
            stored.append(_store(act, application, person, tie))
    act.session.flush()
    return [conflict for conflict in stored if conflict.dismissed_at is None]


def _stored(application: Application, person: Person) -> Select[Conflict]:
    return (
        select(Conflict)
        .where(Conflict.application_id == application.id, Conflict.person_id == person.id)
        .order_by(Conflict.found_at, Conflict.id)
    )


def _key(kind: str, path: list[object]) -> tuple[str, str]:
    return kind, repr(path)


def _store(act: Act, application: Application, person: Person, tie: Tie) -> Conflict:
    conflict = Conflict(
        id=act.new_id(),
        application_id=application.id,
        person_id=person.id,
        kind=tie.kind,
        strength=tie.strength,
        declared=False,
        path=[reason_to_json(step) for step in tie.path],
        found_at=act.now,
    )
    act.session.add(conflict)
    return conflict
