"""A call with experts in which interests are hidden on purpose, by a generator that knows nothing of how they are found.

Each seed makes one fact that ties one expert to one application; it writes down the pair and whether the tie is direct.
"""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from sqlalchemy.orm import Session

from app.models import (
    Application,
    Call,
    Employer,
    Expert,
    FormerAddress,
    Membership,
    Organisation,
    OrganisationMember,
    Part,
    Participant,
    Person,
    Role,
)

R = TypeVar("R")
NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
APPLICATIONS, EXPERTS, PARTNERS = 50, 100, 4
OF_ORGANISATIONS = {"employer": 70, "former_employer": 60, "member": 30, "former_member": 40}
RIVALS = 40  # experts who get these: whoever belongs to one applicant is a rival of all others
DIRECT = {"contact": 25, "helper": 25}
INDIRECT = {"mail_domain": 60, "like_name": 60, "like_person": 40, "partner_of_partner": 45, "same_authority": 45}
SYLLABLES = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "ar", "en", "il", "os", "um")]
LOOKALIKE = str.maketrans("aeopcx", "аеорсх")  # Cyrillic letters that look Latin


@dataclass
class Seeded:
    """What was built, and the truth about it."""

    call_id: str = ""
    direct: set[tuple[str, str]] = field(default_factory=set)  # application and person
    indirect: dict[tuple[str, str], str] = field(default_factory=dict)  # and what was seeded
    rivals: set[tuple[str, str]] = field(default_factory=set)  # what follows from the direct ones


class Sower:
    """Builds the rows and sows the interests."""

    def __init__(self, session: Session, call: Call, older: Call, seed: int) -> None:
        self.session, self.call, self.older = session, call, older
        self.random, self.count = random.Random(seed), itertools.count()
        self.truth = Seeded(call.id)
        self.applications: list[Application] = []
        self.partners: dict[str, list[Organisation]] = {}
        self.leads: dict[str, Person] = {}
        self.experts: list[Expert] = []
        self.words: set[str] = set()

    def sow(self) -> Seeded:
        for number in range(APPLICATIONS):
            self._application(
                f"X{number:03d}", self.call, [self._organisation(f"Z{number:02d}1") for _ in range(PARTNERS)]
            )
        for _ in range(EXPERTS):
            self._expert()
        self._spread(OF_ORGANISATIONS, self.experts[:RIVALS])
        ours = {expert.person_id for expert in self.experts[:RIVALS]}
        everything = {(one.id, person) for one in self.applications for person in ours}
        self.truth.rivals = everything - self.truth.direct
        self._spread(DIRECT | INDIRECT, self.experts[RIVALS:])
        self.session.flush()
        return self.truth

    def _spread(self, seeds: dict[str, int], experts: list[Expert]) -> None:
        free = [(application, expert) for application in self.applications for expert in experts]
        self.random.shuffle(free)
        for kind, many in seeds.items():
            for _ in range(many):
                application, expert = free.pop()
                getattr(self, f"_sow_{kind}")(application, expert)
                pair = (application.id, expert.person_id)
                if kind in INDIRECT:
                    self.truth.indirect[pair] = kind
                else:
                    self.truth.direct.add(pair)

    # rows

    def _id(self) -> str:
        return f"{next(self.count):026d}".replace("0", "a").replace("1", "b").replace("8", "h").replace("9", "i")

    def _word(self) -> str:
        while True:
            word = "".join(self.random.choices(SYLLABLES, k=4))
            if word not in self.words:
                self.words.add(word)
                return word

    def _add(self, row: R) -> R:
        self.session.add(row)
        if isinstance(row, Person | Organisation | Application):
            self.session.flush()
        return row

    def _person(self, domain: str | None = None) -> Person:
        name = f"{self._word().title()} {self._word().title()}"
        email = f"{self._word()}@{domain or self._word() + '.example'}"
        return self._add(Person(id=self._id(), name=name, email=email, email_folded=email, email_verified_at=NOW, created_at=NOW))  # fmt: skip

    def _organisation(self, region: str, *kinds: str) -> Organisation:
        word = self._word()
        return self._add(
            Organisation(
                id=self._id(), name=f"{word.title()} {self._word().title()} Cluster", name_folded=word, region=region,
                country="IT", kinds=list(kinds) or ["cluster_organisation"], regions_served=[], domains=[f"{word}.example"],
                themes=[], technologies=[], sectors=[], priorities=[], state="published", created_at=NOW, last_act_at=NOW,
            )
        )  # fmt: skip

    def _application(self, acronym: str, call: Call, partners: list[Organisation]) -> Application:
        application = self._add(
            Application(
                id=self._id(), call_id=call.id, number=f"N-{acronym}", acronym=acronym, title=acronym, call=call,
                state="eligible", created_at=NOW, last_act_at=NOW,
            )
        )  # fmt: skip
        for place, one in enumerate(partners):
            self._add(
                Membership(
                    id=self._id(), application_id=application.id, organisation_id=one.id, position=place, state="accepted",
                    role=Role.PARTNER if place else Role.COORDINATOR, kinds=list(one.kinds), country="IT",
                    region=one.region, created_at=NOW, last_act_at=NOW,
                )
            )  # fmt: skip
        lead = self._person()
        self._participant(application, lead, Part.COORDINATOR)
        if call is self.call:
            self.applications.append(application)
            self.partners[application.id], self.leads[application.id] = partners, lead
        return application

    def _participant(self, application: Application, person: Person, part: Part) -> None:
        since = NOW - timedelta(days=90)
        self._add(
            Participant(id=self._id(), application_id=application.id, person_id=person.id, part=part, since=since)
        )

    def _expert(self) -> None:
        person = self._person()
        self.experts.append(
            self._add(
                Expert(
                    id=self._id(), person_id=person.id, person=person, country="PT", languages=["en"], expertise=[],
                    other_addresses=[], most_tasks=4, invited_at=NOW, conduct_accepted_at=NOW,
                )
            )
        )  # fmt: skip

    def _employ(
        self, expert: Expert, name: str, organisation: Organisation | None = None, until: date | None = None
    ) -> None:
        key = organisation.id if organisation else None
        self._add(
            Employer(
                id=self._id(), expert_id=expert.id, organisation_id=key, name=name, name_folded=name, until_on=until
            )
        )

    # seeds

    def _some_partner(self, application: Application) -> Organisation:
        return self.random.choice(self.partners[application.id])

    def _some_days_ago(self) -> datetime:
        return NOW - timedelta(days=self.random.randint(30, 3 * 365 - 30))

    def _sow_employer(self, application: Application, expert: Expert) -> None:
        one = self._some_partner(application)
        self._employ(expert, one.name, one)

    def _sow_former_employer(self, application: Application, expert: Expert) -> None:
        one = self._some_partner(application)
        self._employ(expert, one.name, one, self._some_days_ago().date())

    def _sow_member(self, application: Application, expert: Expert, ended: datetime | None = None) -> None:
        self._add(
            OrganisationMember(
                id=self._id(), organisation_id=self._some_partner(application).id, person_id=expert.person_id,
                accepted=True, asked_at=NOW - timedelta(days=2000), ended_at=ended,
            )
        )  # fmt: skip

    def _sow_former_member(self, application: Application, expert: Expert) -> None:
        self._sow_member(application, expert, self._some_days_ago())

    def _sow_contact(self, application: Application, expert: Expert) -> None:
        self._participant(application, expert.person, Part.CONTACT)

    def _sow_helper(self, application: Application, expert: Expert) -> None:
        self._participant(application, expert.person, Part.HELPER)

    def _sow_mail_domain(self, application: Application, expert: Expert) -> None:
        domain = self._some_partner(application).domains[0]
        address = f"{self._word()}@{self.random.choice(('', 'lab.', 'mail.'))}{domain}"
        if next(self.count) % 2:
            expert.other_addresses = [*expert.other_addresses, address.upper()]
        else:
            self._add(
                FormerAddress(id=self._id(), person_id=expert.person_id, email=address, until=self._some_days_ago())
            )

    def _sow_like_name(self, application: Application, expert: Expert) -> None:
        self._employ(expert, self._disguised(self._some_partner(application).name))

    def _sow_like_person(self, application: Application, expert: Expert) -> None:
        """The lead of the application has another account, whose name reads the same."""
        other = self._person()
        other.name = self._disguised(expert.person.name)
        self._participant(application, other, Part.CONTACT)

    def _disguised(self, name: str) -> str:
        first, _space, rest = name.partition(" ")
        return self.random.choice(
            (
                name.upper(),
                name.translate(LOOKALIKE),
                "".join(chr(ord(c) + 0xFEE0) if c.isalpha() else c for c in name),  # full width
                name.replace("a", "á").replace("o", "ö"),
                f"{rest} {first}",
                name[:3] + "\N{ZERO WIDTH SPACE}" + name[3:],
                name.replace(first, first[:-1] + first[-1] * 2),  # a slip of the pen
            )
        )

    def _sow_partner_of_partner(self, application: Application, expert: Expert) -> None:
        """The expert's organisation and one of the partners stood together in an earlier call."""
        own = self._organisation("Z991")
        self._employ(expert, own.name, own)
        self._application(f"OLD{next(self.count)}", self.older, [own, self._some_partner(application)])

    def _sow_same_authority(self, application: Application, expert: Expert) -> None:
        own = self._organisation(self.partners[application.id][0].region or "", "public_authority")
        self._employ(expert, own.name, own)
