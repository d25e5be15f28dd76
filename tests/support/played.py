"""A call with two applications and everybody around it, played by the services and looked at from moment to moment.

`moments()` stops at the columns of the table in threats.md (section 3); whoever reads it looks at the world as it then is.
Every text that somebody may not read carries a marker, so that a test can search answers for it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from sqlalchemy import select

from app.act import Act
from app.chance import Seeded
from app.commands.house import House
from app.db import Database
from app.models import (
    Advance,
    Application,
    Assessment,
    Assignment,
    Call,
    Check,
    Consensus,
    Decision,
    Disclosure,
    Expression,
    File,
    Label,
    Level,
    Membership,
    MessageKind,
    Organisation,
    OrganisationMember,
    Part,
    Person,
    Redaction,
    Statement,
)
from app.partnerships import PartnerEntry, Partnership
from app.rehearsal import applying, checking, deciding
from app.rehearsal.cast import Cast
from app.rehearsal.stage import Clock, Stage
from app.services.applications.answers import save, values_of
from app.services.applications.writing import comment_on_section
from app.services.assigning.assignment import assign, publish
from app.services.assigning.plan import make_plan, store_answer
from app.services.calls.enquiry import ask
from app.services.calls.exception import ask_exception
from app.services.calls.follow import ensure_follow
from app.services.calls.message import write_message
from app.services.checks.check import last_version
from app.services.checks.clarification import open_clarification
from app.services.consortia.amendment import Wanted, ask_amendment
from app.services.consortia.membership import invite
from app.services.consortia.participant import name_person
from app.services.deciding.stand_in import name_stand_in
from app.services.dossiers.auditing import grant
from app.services.dossiers.dossier import ask as ask_dossier
from app.services.evaluating.assessment import save_score
from app.services.evaluating.consensus import save_agreed
from app.services.experts.expert import EmployerEntry, accept_conduct, expert_of, invite_expert
from app.services.expressions.expression import comment, save_answers, start_expression
from app.services.expressions.reply import send_reply
from app.services.labels.publication import publish_due
from app.services.reviews.review import ask_review
from app.services.searching.introduction import ask_introduction
from app.services.transitions import create, perform
from app.services.uploads.files import upload
from app.store import Store
from config import rehearsal_settings
from tests.support.corpus import a_picture
from tests.support.evaluation import POINTS
from tests.support.world import World
from workflows.amendment import Change
from workflows.assignment import State as TaskState
from workflows.relations import Relation as R
from workflows.review import Ground

DATA = Path(__file__).resolve().parents[1] / "data"
OPENS = datetime(2027, 2, 1, 8, tzinfo=UTC)
CLOSES = datetime(2027, 4, 15, 15, tzinfo=UTC)


class Moment(StrEnum):
    """The columns of the table; the evaluation has two, for what the opening of the consensus changes."""

    DRAFT = "draft, call open"
    SUBMITTED = "submitted, call open"
    SCORING = "in evaluation, reports being written"
    CONSENSUS = "in evaluation, consensus open"
    DECIDED = "decided, not released"
    RELEASED = "released"


@dataclass(frozen=True)
class Marker:
    """A text planted in a field that few may read before the release."""

    text: str
    readers: frozenset[str]  # personas by name


# Who may read what was planted: personas as in `Village.people`.
OFFICE = frozenset({"call_manager", "second_manager", "auditor"})
DECIDERS = frozenset({"programme_manager", "second_director"})
ON_A = frozenset({"rapporteur", "expert"})
APPLICANTS_A = frozenset({"coordinator", "deputy", "partner", "helper"})
MARKERS: Mapping[str, Marker] = {
    "answer": Marker("Zquonk-answer", APPLICANTS_A | ON_A | OFFICE | DECIDERS),
    "reasons_rapporteur": Marker("Zquonk-lead-reasons", ON_A | OFFICE | DECIDERS),
    "reasons_expert": Marker("Zquonk-expert-reasons", ON_A | OFFICE | DECIDERS),
    "private_note": Marker("Zquonk-only-mine", frozenset({"rapporteur"})),
    "agreed": Marker("Zquonk-agreed", ON_A | OFFICE | DECIDERS),
    "minority": Marker("Zquonk-minority", ON_A | OFFICE | DECIDERS),
    "introduction": Marker("Zquonk-introduction", frozenset({"coordinator", "partner", "tied_manager"})),
    "internal_note": Marker("Zquonk-internal-note", OFFICE),
    "conflict_detail": Marker("Zquonk-conflict", OFFICE | {"conflicted"}),
    # The pool is the whole office's to see; who reads which application is not.
    "name_of_expert": Marker("Elvira Zquonkova", ON_A | OFFICE | DECIDERS | {"administrator", "tied_manager"}),
    "acronym": Marker("ALPHA", APPLICANTS_A | ON_A | OFFICE | DECIDERS | {"invited", "conflicted"}),
    "enquiry": Marker("Zquonk-enquiry", frozenset({"coordinator"}) | OFFICE | DECIDERS | {"tied_manager"}),
    "exception": Marker("Zquonk-exception", frozenset({"coordinator", "deputy", "partner"}) | OFFICE | DECIDERS),
    "clarification": Marker(
        "Zquonk-clarification", frozenset({"coordinator", "deputy", "partner"}) | OFFICE | DECIDERS
    ),
    "review": Marker("Zquonk-review", frozenset({"coordinator", "deputy", "partner"}) | OFFICE | DECIDERS),
    "amendment": Marker("Zquonk-amendment", frozenset({"coordinator", "deputy", "partner"}) | OFFICE),
    "section_comment": Marker("Zquonk-section-comment", APPLICANTS_A),
    "thread": Marker("Zquonk-thread", frozenset({"coordinator", "deputy"}) | OFFICE),
}


def texts_hidden_from(persona: str) -> list[str]:
    return [marker.text for marker in MARKERS.values() if persona not in marker.readers]


@dataclass
class Village:
    """Everybody by name, and the things they made; ids only, so that it can be read in another process."""

    stage: Stage
    world: World
    people: dict[str, str] = field(default_factory=dict)
    organisations: dict[str, str] = field(default_factory=dict)
    things: dict[str, str] = field(default_factory=dict)  # what exists so far: noun, or noun_b of the other application

    def at(self, moment: datetime) -> None:
        self.stage.clock.move_to(moment)
        self.world.now = self.stage.clock.now

    def person(self, persona: str, name: str, *offices: R) -> str:
        found = self.world.person(name, f"{persona.replace('_', '-')}@{persona.replace('_', '-')}.example", *offices)
        self.people[persona] = found.id
        return found.id

    def organisation(self, key: str, name: str, persona: str, country: str, region: str) -> str:
        with self.world.look() as act:
            person = act.session.get_one(Person, self.people[persona])
        found = self.world.organisation(name, person, country=country, region=region)
        self.organisations[key] = found.id
        return found.id

    @contextmanager
    def looking(self, persona: str | None) -> Iterator[Act]:
        """Ask the doors as somebody, at the moment of the play; nothing can be written."""
        with self.stage.house.database.reading() as session:
            person = session.get_one(Person, self.people[persona]) if persona else None
            yield Act(session, self.stage.clock.now, self.stage.chance, "looking", person)


def found(database: Database, folder: Path) -> Village:
    """An empty village over a migrated database."""
    settings = replace(
        rehearsal_settings(folder), database_url=database.url, address="http://127.0.0.1:8130", environment="practice"
    )
    house = House(settings, database, Store.from_url(settings.storage_url))
    clock = Clock(datetime(2027, 1, 12, 9, tzinfo=UTC))
    stage = Stage(house, clock, Seeded(7), random.Random(7), renderer=None)
    world = World(database, stage.chance, folder)
    world.now = clock.now
    return Village(stage, world)


def moments(village: Village) -> Iterator[Moment]:
    """Play, and stop at each moment."""
    _settle(village)
    _publish_expression(village)
    cast = _cast(village)
    village.at(OPENS)
    village.stage.tick()
    entries = _apply(village, cast)
    with village.stage.act(village.people["partner"]) as act:
        comment_on_section(
            act,
            act.session.get_one(Application, village.things["application"]),
            "idea",
            MARKERS["section_comment"].text,
        )
    yield Moment.DRAFT
    village.at(CLOSES - timedelta(days=2))
    for entry in entries:
        assert applying.submit(village.stage, entry), entry.reasons
    yield Moment.SUBMITTED
    village.at(CLOSES)
    village.stage.tick()
    village.at(CLOSES + timedelta(days=3))
    for entry in entries:
        checking.check(village.stage, cast, entry)
    _assign(village, entries)
    _score(village, "a", finish=False)
    yield Moment.SCORING
    village.at(CLOSES + timedelta(days=12))
    _score(village, "a", finish=True)
    _score(village, "b", finish=True)
    _open_consensus(village, "a")
    _open_consensus(village, "b")
    yield Moment.CONSENSUS
    village.at(CLOSES + timedelta(days=20))
    _agree(village, "a")
    _agree(village, "b")
    village.things["decision"] = deciding.propose(village.stage, cast, village.things["call"])
    village.at(CLOSES + timedelta(days=21))
    with village.stage.act(village.people["programme_manager"]) as act:
        perform(act, act.session.get_one(Decision, village.things["decision"]), "sign")
        # For days that are over before the release; one of them has an interest.
        for persona in ("tied_manager", "second_manager"):
            person, day = act.session.get_one(Person, village.people[persona]), act.now.date()
            named = name_stand_in(act, person, day, day + timedelta(days=4), "On leave.")
        village.things["standin"] = named.id
    yield Moment.DECIDED
    village.at(CLOSES + timedelta(days=30))
    with village.stage.act(village.people["programme_manager"]) as act:
        perform(act, act.session.get_one(Decision, village.things["decision"]), "release")
    _accept_label(village)
    _ask_review(village)
    _propose_advance(village)
    _ask_dossier(village)
    yield Moment.RELEASED


def _settle(village: Village) -> None:
    """People, offices, organisations; each at a mail domain of its own."""
    for persona, name in (
        ("coordinator", "Carla Conti"), ("deputy", "Dan Deleu"), ("partner", "Paula Pereira"), ("helper", "Hal Huber"),
        ("invited", "Iris Ivanova"), ("rival", "Rita Rossi"), ("rival_partner", "Ralf Ruiz"), ("nobody", "Nora Nemo"),
        ("rapporteur", "Elvira Zquonkova"), ("expert", "Eli Eriksen"), ("expert_elsewhere", "Elsa Elster"),
        ("other_expert", "Ed Egger"), ("conflicted", "Cora Cross"),
    ):  # fmt: skip
        village.person(persona, name)
    village.person("call_manager", "Mona Meyer", R.CALL_MANAGER)
    village.person("second_manager", "Milo Maas", R.CALL_MANAGER)
    village.person("tied_manager", "Tia Timm", R.CALL_MANAGER)
    village.person("programme_manager", "Pat Pohl", R.PROGRAMME_MANAGER)
    village.person("second_director", "Pia Pust", R.PROGRAMME_MANAGER)
    village.person("auditor", "Aud Aune", R.AUDITOR)
    village.person("auditor_elsewhere", "Alva Axen", R.AUDITOR)  # no call is open to them
    village.person("administrator", "Adi Adam", R.ADMINISTRATOR)
    village.organisation("lead", "North Cluster", "coordinator", "IT", "ITC1")
    village.organisation("partner", "South Cluster", "partner", "PT", "PT11")
    village.organisation("invited", "West Cluster", "invited", "IE", "IE06")
    village.organisation("rival", "East Cluster", "rival", "PL", "PL22")
    village.organisation("rival_partner", "Island Cluster", "rival_partner", "MT", "MT00")
    _employ_tied_manager(village)


def _employ_tied_manager(village: Village) -> None:
    """Somebody of the office works for a partner of the first application."""
    with village.stage.act(village.people["tied_manager"]) as act:
        member = OrganisationMember(
            id=act.new_id(), organisation_id=village.organisations["partner"], person_id=act.person_id,
            administrator=False, accepted=True, asked_at=act.now, answered_at=act.now,
        )  # fmt: skip
        act.session.add(member)


def _publish_expression(village: Village) -> None:
    with village.stage.act() as act:
        mona = act.session.get_one(Person, village.people["call_manager"])
    for key, name in (("expression_call", "practice-expressions"), ("call", "practice-proposals")):
        call = village.world.call(DATA / f"{name}.yaml", opened=False)
        village.things[key] = call.id
        with village.stage.act(mona.id) as act:
            perform(act, act.session.get_one(Call, call.id), "announce")
    village.stage.tick()
    with village.stage.act(village.people["programme_manager"]) as act:
        auditor = act.session.get_one(Person, village.people["auditor"])
        for key in ("expression_call", "call"):
            grant(act, act.session.get_one(Call, village.things[key]), auditor, None, date(2028, 12, 31))
    with village.stage.act(village.people["coordinator"]) as act:
        call = act.session.get_one(Call, village.things["expression_call"])
        lead = act.session.get_one(Organisation, village.organisations["lead"])
        expression = start_expression(act, call, lead)
        save_answers(act, expression, {"title": "Invest together", "acronym": "TOGETHER", "idea": "Much."}, {})
        perform(act, expression, "publish")
        village.things["expression"] = expression.id
    with village.stage.act(village.people["coordinator"]) as act:
        call = act.session.get_one(Call, village.things["expression_call"])
        lead = act.session.get_one(Organisation, village.organisations["lead"])
        village.things["expression_draft"] = start_expression(act, call, lead).id
    with village.stage.act(village.people["partner"]) as act:
        expression = act.session.get_one(Expression, village.things["expression"])
        ensure_follow(act, expression)
        comment(act, expression, "We know these firms.", None)
        south = act.session.get_one(Organisation, village.organisations["partner"])
        village.things["reply"] = send_reply(act, expression, south, "We would like to join.").id
    with village.stage.act(village.people["partner"]) as act:
        south, north = (act.session.get_one(Organisation, village.organisations[key]) for key in ("partner", "lead"))
        village.things["introduction"] = ask_introduction(act, south, north, MARKERS["introduction"].text).id


def _cast(village: Village) -> Cast:
    people, organisations = village.people, village.organisations
    return Cast(
        call_managers=[people["call_manager"], people["second_manager"]],
        programme_managers=[people["programme_manager"], people["second_director"]],
        organisations={
            "North Cluster": (organisations["lead"], people["coordinator"]),
            "South Cluster": (organisations["partner"], people["partner"]),
            "East Cluster": (organisations["rival"], people["rival"]),
            "Island Cluster": (organisations["rival_partner"], people["rival_partner"]),
        },
    )


def _partnership(acronym: str, *partners: tuple[str, str, str]) -> Partnership:
    entries = tuple(
        PartnerEntry(name=name, country=country, region=region, kinds=("cluster_organisation",),
                     role="partner" if place else "coordinator")
        for place, (name, country, region) in enumerate(partners)
    )  # fmt: skip
    return Partnership(
        acronym=acronym, title=f"{acronym}: clusters invest together", call="practice-proposals", status="applied",
        thematic_areas=("advanced-manufacturing",), partners=entries, grant=Decimal(300000), total_cost=Decimal(400000),
        months=24, start="2027-10-01",
    )  # fmt: skip


def _apply(village: Village, cast: Cast) -> list[applying.Entry]:
    first = _partnership("ALPHA", ("North Cluster", "IT", "ITC1"), ("South Cluster", "PT", "PT11"))
    other = _partnership("BRAVO", ("East Cluster", "PL", "PL22"), ("Island Cluster", "MT", "MT00"))
    entries = []
    for place, partnership in (("", first), ("_b", other)):
        entry = applying.apply(village.stage, cast, village.things["call"], partnership)
        applying.write(village.stage, entry)
        village.things[f"application{place}"] = entry.application_id
        entries.append(entry)
    with village.stage.act(village.people["coordinator"]) as act:
        application = act.session.get_one(Application, village.things["application"])
        _plant_answer(act, application)
        name_person(act, application, Part.DEPUTY, "deputy@deputy.example")
        name_person(act, application, Part.HELPER, "helper@helper.example")
        west = act.session.get_one(Organisation, village.organisations["invited"])
        invited = invite(act, application, email="invited@invited.example", organisation=west, invitation="Join us.")
        village.things["membership_invited"] = invited.id
        village.things["membership"] = next(m.id for m in application.memberships if m.position == 2)
        village.things["file"] = _first_file(act, application)
        figure = upload(act, application, "chain", "chain.png", a_picture(), store=village.stage.house.store)
        village.things["figure"] = figure.id
    _write_threads(village)
    return entries


def _plant_answer(act: Act, application: Application) -> None:
    save(act, application, {"idea": f"{MARKERS['answer'].text}: what only some may read."}, {"idea": 1})
    assert MARKERS["answer"].text in str(values_of(act, application)["idea"])


def _first_file(act: Act, application: Application) -> str:
    return act.session.scalars(select(File.id).where(File.application_id == application.id)).first() or ""


def _write_threads(village: Village) -> None:
    with village.stage.act(village.people["coordinator"]) as act:
        write_message(act, act.session.get_one(Application, village.things["application"]), MARKERS["thread"].text)
    with village.stage.act(village.people["call_manager"]) as act:
        application = act.session.get_one(Application, village.things["application"])
        write_message(act, application, MARKERS["internal_note"].text, MessageKind.INTERNAL)
    with village.stage.act(village.people["coordinator"]) as act:
        call = act.session.get_one(Call, village.things["call"])
        village.things["enquiry"] = ask(act, call, MARKERS["enquiry"].text, "who").id
        application = act.session.get_one(Application, village.things["application"])
        village.things["exception"] = ask_exception(act, application, MARKERS["exception"].text).id


def _assign(village: Village, entries: list[applying.Entry]) -> None:
    pool = ("rapporteur", "expert", "expert_elsewhere", "other_expert", "conflicted")
    for persona in pool:
        with village.stage.act(village.people["call_manager"]) as act:
            invite_expert(
                act, act.session.get_one(Person, village.people[persona]), country="AT", languages=["en"],
                employers=[EmployerEntry(name=f"University {persona}", domain=f"{persona.replace('_', '-')}.example")],
            )  # fmt: skip
        with village.stage.act(village.people[persona]) as act:
            expert = expert_of(act, act.session.get_one(Person, village.people[persona]))
            assert expert is not None
            accept_conduct(act, expert)
            village.things[f"expert_{persona}"] = expert.id
    village.things["expert"] = village.things["expert_expert"]
    with village.stage.act() as act:  # of the other call: in an anonymous one it would stand before every task
        disclosure = Disclosure(call_id=village.things["expression_call"], person_id=village.people["expert"])
        create(act, disclosure, relation=R.CASCADE)
        village.things["disclosure"] = disclosure.id
    with village.stage.act() as act:  # as in an anonymous call: this one hides nobody and begins none by itself
        application = act.session.get_one(Application, village.things["application"])
        redaction = Redaction(application_id=application.id, version_id=last_version(act, application).id)
        create(act, redaction, relation=R.CLOCK)
        village.things["redaction"] = redaction.id
    village.things["check"] = _first_check(village)
    with village.stage.act(village.people["call_manager"]) as act:
        application = act.session.get_one(Application, village.things["application"])
        asked = open_clarification(
            act, application, ["idea"], MARKERS["clarification"].text, act.now + timedelta(days=99)
        )
        village.things["clarification"] = asked.id
    with village.stage.act(village.people["coordinator"]) as act:
        application = act.session.get_one(Application, village.things["application"])
        leaving = act.session.get_one(Membership, village.things["membership"])
        wanted = Wanted(Change.REMOVE, MARKERS["amendment"].text, membership=leaving)
        village.things["amendment"] = ask_amendment(act, application, wanted).id
    for entry, personas in zip(
        entries, (("rapporteur", "expert", "conflicted"), ("other_expert", "expert_elsewhere")), strict=True
    ):
        _give(village, entry.application_id, personas)
    with village.stage.act(village.people["call_manager"]) as act:
        plan = make_plan(act, act.session.get_one(Call, village.things["call"]))
        store_answer(act, plan, {"chosen": [], "floor": None, "total": 0, "gap": 0, "proof": {}, "confirmed": False})
        village.things["plan"] = plan.id
        statement = Statement(
            call_id=village.things["call"],
            person_id=village.people["expert"],
            number="W-PLAYED",
            lines=[],
            panel_days=[],
        )
        create(act, statement, relation=R.CALL_MANAGER)
        village.things["statement"] = statement.id


def _first_check(village: Village) -> str:
    with village.stage.act() as act:
        query = select(Check.id).where(Check.application_id == village.things["application"]).order_by(Check.position)
        return act.session.scalars(query).first() or ""


def _give(village: Village, application_id: str, personas: tuple[str, ...]) -> None:
    with village.stage.act(village.people["call_manager"]) as act:
        application = act.session.get_one(Application, application_id)
        tasks = [
            assign(act, application, act.session.get_one(Person, village.people[persona]), rapporteur=not place)
            for place, persona in enumerate(personas)
        ]
        publish(act, tasks)
        village.things.update({f"assignment_{p}": task.id for p, task in zip(personas, tasks, strict=True)})
    for persona in personas:
        with village.stage.act(village.people[persona]) as act:
            task = act.session.get_one(Assignment, village.things[f"assignment_{persona}"])
            if persona == "conflicted":
                perform(act, task, "declare_conflict", {"kind": "family", "detail": MARKERS["conflict_detail"].text})
                continue
            perform(act, task, "declare_free", {"no_conflict": True})
            assert task.state is TaskState.ACCEPTED
            report = act.session.scalars(select(Assessment).where(Assessment.assignment_id == task.id)).one()
            village.things[f"assessment_{persona}"] = report.id
    village.things |= {
        noun: village.things[f"{noun}_{personas[1]}"] for noun in ("assignment", "assessment") if "expert" in personas
    }


def _score(village: Village, which: str, *, finish: bool) -> None:
    personas = ("rapporteur", "expert") if which == "a" else ("other_expert", "expert_elsewhere")
    points = {"C1": Decimal("4.5"), "C2": Decimal("25.5" if which == "a" else "22")}
    for persona in personas:
        reasons = MARKERS.get(f"reasons_{persona}", Marker("Plain reasons", frozenset())).text
        note = MARKERS["private_note"].text if persona == "rapporteur" else ""
        with village.stage.act(village.people[persona]) as act:
            report = act.session.get_one(Assessment, village.things[f"assessment_{persona}"])
            for code, given in points.items():
                save_score(act, report, code, points=given, reasons=reasons, private_note=note)
            if finish:
                perform(act, report, "finish")


def _consensus(act: Act, village: Village, which: str) -> Consensus:
    application = village.things["application" if which == "a" else "application_b"]
    return act.session.scalars(select(Consensus).where(Consensus.application_id == application)).one()


def _open_consensus(village: Village, which: str) -> None:
    with village.stage.act(village.people["call_manager"]) as act:
        consensus = _consensus(act, village, which)
        perform(act, consensus, "open")
        village.things["consensus" if which == "a" else "consensus_b"] = consensus.id
    lead = "rapporteur" if which == "a" else "other_expert"
    reasons = MARKERS["agreed"].text if which == "a" else "Agreed reasons"
    points = {"C1": Decimal("4.5"), "C2": Decimal(25 if which == "a" else 21)}
    with village.stage.act(village.people[lead]) as act:
        for code, given in points.items():
            save_agreed(act, _consensus(act, village, which), code, points=given, reasons=reasons)


def _agree(village: Village, which: str) -> None:
    personas = ("rapporteur", "expert") if which == "a" else ("other_expert", "expert_elsewhere")
    with village.stage.act(village.people[personas[0]]) as act:
        perform(act, _consensus(act, village, which), "circulate")
    for persona in personas:
        view = {"minority_view": MARKERS["minority"].text} if persona == "expert" else {}
        with village.stage.act(village.people[persona]) as act:
            perform(act, _consensus(act, village, which), "sign", view)
    with village.stage.act(village.people[personas[0]]) as act:
        perform(act, _consensus(act, village, which), "agree")
    with village.stage.act(village.people["call_manager"]) as act:
        perform(act, _consensus(act, village, which), "approve", {"points": POINTS})


def _accept_label(village: Village) -> None:
    with village.stage.act(village.people["coordinator"]) as act:
        query = select(Label).where(Label.application_id == village.things["application"])
        label = act.session.scalars(query).one()
        perform(act, label, "accept", {"charter": True})
        village.things["label"] = label.id


def _ask_dossier(village: Village) -> None:
    """The applicant's own; and the lists of the year, which the clock would make long after."""
    with village.stage.act(village.people["coordinator"]) as act:
        application = act.session.get_one(Application, village.things["application"])
        village.things["dossier"] = ask_dossier(act, application, Level.APPLICANT).id
    with village.stage.act() as act:
        assert publish_due(replace(act, now=datetime(2028, 7, 1, tzinfo=UTC))) > 0


def _propose_advance(village: Village) -> None:
    """A proposal as it is kept; who may move up is tried where it is worked out."""
    with village.stage.act(village.people["call_manager"]) as act:
        application = act.session.get_one(Application, village.things["application"])
        advance = Advance(
            application_id=application.id, call_id=application.call_id, ranking_sha256="0" * 64, strand="",
            grant=Decimal(1), freed=[], places_left=1, money_left=Decimal(1), proposed_by=act.person_id or "",
        )  # fmt: skip
        create(act, advance, relation=R.CALL_MANAGER)
        village.things["advance"] = advance.id


def _ask_review(village: Village) -> None:
    with village.stage.act(village.people["coordinator"]) as act:
        application = act.session.get_one(Application, village.things["application"])
        village.things["review"] = ask_review(act, application, Ground.ERROR, MARKERS["review"].text).id
