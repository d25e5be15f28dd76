"""The people and organisations of a rehearsal. The organisations are those of the file; all people are made up."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from datetime import timedelta

from app import geography
from app.chance import new_id
from app.models import OfficeHolding, Organisation, OrganisationMember, Person
from app.partnerships import PartnerEntry
from app.rehearsal.stage import Stage, get
from app.services.organisations.names import fold
from app.services.transitions import create, note, perform
from workflows.relations import Relation as R

FIRST = (
    "Ana",
    "Bram",
    "Chiara",
    "Dimitra",
    "Eva",
    "Filip",
    "Greta",
    "Henrik",
    "Ilze",
    "Jonas",
    "Katarzyna",
    "Luis",
    "Marta",
    "Nikola",
    "Olga",
    "Pierre",
    "Rasa",
    "Sofia",
    "Tomas",
    "Ulrike",
    "Viktor",
    "Wanda",
    "Yves",
    "Zuzana",
    "Georgi",
    "Maria",
)
LAST = (
    "Almeida",
    "Bakker",
    "Conti",
    "Dimitrova",
    "Eriksson",
    "Fischer",
    "Garcia",
    "Horvat",
    "Ivanov",
    "Jansen",
    "Kowalska",
    "Lehtinen",
    "Moreau",
    "Novak",
    "Ozols",
    "Papadopoulou",
    "Rossi",
    "Svoboda",
    "Tamm",
    "Urban",
    "Vasiliou",
    "Weber",
    "Zielinski",
    "Kazlauskas",
    "Popescu",
    "Nagy",
)


@dataclass
class Cast:
    """Ids of who plays; organisations by name, with the person who acts for each."""

    call_managers: list[str] = field(default_factory=list)
    programme_managers: list[str] = field(default_factory=list)
    experts: list[str] = field(default_factory=list)
    organisations: dict[str, tuple[str, str]] = field(default_factory=dict)
    used_names: set[str] = field(default_factory=set)


def slug(text: str, limit: int = 28) -> str:
    """Make a part of a made-up mail domain of a name."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    letters = "".join(c if c.isalnum() else "-" for c in plain)
    return "-".join(part for part in letters.split("-") if part)[:limit].strip("-") or "organisation"


def new_person(stage: Stage, cast: Cast, domain: str, name: str | None = None) -> str:
    """Make somebody up, with a verified address at the domain."""
    chosen = name or _fresh_name(stage, cast)
    email = f"{slug(chosen).replace('-', '.')}@{domain}"
    with stage.act() as act:
        person = Person(
            id=new_id(stage.chance),
            name=chosen,
            email=email,
            email_folded=email.casefold(),
            demonstration=True,
            email_verified_at=act.now,
            created_at=act.now,
        )
        act.session.add(person)
    return person.id


def _fresh_name(stage: Stage, cast: Cast) -> str:
    for _ in range(len(FIRST) * len(LAST)):
        name = f"{stage.dice.choice(FIRST)} {stage.dice.choice(LAST)}"
        if name not in cast.used_names:
            cast.used_names.add(name)
            return name
    name = f"{stage.dice.choice(FIRST)} {stage.dice.choice(LAST)} {len(cast.used_names)}"
    cast.used_names.add(name)
    return name


def hold_office(stage: Stage, person_id: str, office: R) -> str:
    with stage.act() as act:
        holding = OfficeHolding(id=act.new_id(), person_id=person_id, office=office, since=act.now - timedelta(days=1))
        act.session.add(holding)
        act.session.flush()
        note(act, get(act, Person, person_id), "grant_office", relation=R.ADMINISTRATOR, data={"office": office.value})
    return person_id


def hire_office(stage: Stage, cast: Cast) -> None:
    """Fill the office: two of each, so that four eyes can be found."""
    domain = "office.example"
    for _ in range(2 - len(cast.call_managers)):
        cast.call_managers.append(hold_office(stage, new_person(stage, cast, domain), R.CALL_MANAGER))
    for _ in range(2 - len(cast.programme_managers)):
        cast.programme_managers.append(hold_office(stage, new_person(stage, cast, domain), R.PROGRAMME_MANAGER))


def enter_organisation(
    stage: Stage, cast: Cast, partner: PartnerEntry, theme: str | None, *, person_id: str | None = None
) -> tuple[str, str]:
    """Enter an organisation with a person who administers it, and have its profile validated by the office."""
    if partner.name in cast.organisations:
        return cast.organisations[partner.name]
    domain = f"{slug(partner.name)}.example"
    person_id = person_id or new_person(stage, cast, domain)
    with stage.act(person_id) as act:
        organisation = _profile(partner, theme, domain)
        create(act, organisation, relation=R.SIGNED_IN)
        act.session.add(
            OrganisationMember(
                id=act.new_id(),
                organisation_id=organisation.id,
                person_id=person_id,
                administrator=True,
                accepted=True,
                asked_at=act.now,
                answered_at=act.now,
            )
        )
    with stage.act(person_id) as act:
        perform(act, get(act, Organisation, organisation.id), "submit")
    with stage.act(cast.call_managers[0]) as act:
        perform(act, get(act, Organisation, organisation.id), "publish")
    cast.organisations[partner.name] = (organisation.id, person_id)
    stage.told(partner.name)
    return cast.organisations[partner.name]


def _profile(partner: PartnerEntry, theme: str | None, domain: str) -> Organisation:
    return Organisation(
        name=partner.name,
        name_en=partner.name,
        name_folded=fold(partner.name),
        kinds=list(partner.kinds),
        country=partner.country,
        region=_of_today(partner.region),
        regions_served=[],
        domains=[domain],
        website=f"https://{domain}/",
        themes=[theme] if theme else [],
        technologies=[],
        sectors=[],
        priorities=[],
        summary=f"{partner.name}: entered for a rehearsal; this text is made up.",
        offers="Cooperation of its members across regions (made up).",
        seeks="Partners for joint projects (made up).",
    )


def _of_today(region: str | None) -> str | None:
    """Recode a region of the 2016 list into the list profiles use; None where that is not certain."""
    if region is None:
        return None
    found = geography.successors(region, before=2016, after=geography.PROFILE_VINTAGE)
    return found[0] if len(found) == 1 else None
