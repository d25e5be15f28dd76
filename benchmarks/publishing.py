"""How long it takes to publish a plan of thousands of pairs as one act, and to undo it.

    python benchmarks/publishing.py [--applications 1000] [--experts 300]

Three experts for each application. Applications and experts are copies of one of each, made by inserting rows; the
plan's tasks, events and mails are made by the services. Run it on a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from sqlalchemy import func, insert, select  # noqa: E402 the project is found first

from app.act import Act  # noqa: E402
from app.chance import Secret, new_id  # noqa: E402
from app.db import Database  # noqa: E402
from app.models import (  # noqa: E402
    Application,
    Assignment,
    Expert,
    Job,
    Membership,
    Organisation,
    Person,
    Plan,
    PlanLine,
)
from app.models.plan import Change  # noqa: E402
from app.schema import upgrade  # noqa: E402
from app.services.transitions import create, perform  # noqa: E402
from app.wiring import wire  # noqa: E402
from tests.support.evaluation import Evaluation  # noqa: E402
from tests.support.world import WHILE_OPEN, World  # noqa: E402
from workflows.relations import Relation as R  # noqa: E402

REPORTS = 3


def columns_of(thing: Any) -> dict[str, Any]:  # noqa: ANN401 - any model
    return {column.key: getattr(thing, column.key) for column in thing.__mapper__.column_attrs}


def copies(act: Act, applications: int, experts: int) -> tuple[list[str], list[str]]:
    """Copy the one application with its organisation and the one expert; gives the ids of all."""
    first, expert = act.session.scalars(select(Application)).one(), act.session.scalars(select(Expert)).one()
    member = act.session.scalars(select(Membership)).one()
    owner, person = columns_of(member.organisation), columns_of(expert.person)
    rows: dict[Any, list[dict[str, Any]]] = {Organisation: [], Application: [], Membership: [], Person: [], Expert: []}
    made, people = [first.id], [expert.person_id]
    for place in range(1, applications):
        ids = [new_id(act.chance) for _one in range(3)]
        name = f"Cluster {place:05}"
        rows[Organisation].append(owner | {"id": ids[0], "name": name, "name_folded": name.lower(), "domains": []})
        named = {"number": f"B-{place:05}", "acronym": f"B{place:05}"}
        rows[Application].append(columns_of(first) | {"id": ids[1]} | named)
        joined = {"application_id": ids[1], "organisation_id": ids[0]}
        rows[Membership].append(columns_of(member) | {"id": ids[2]} | joined)
        made.append(ids[1])
    for place in range(1, experts):
        ids = [new_id(act.chance) for _one in range(2)]
        email = f"expert@pool-{place:05}.example"
        named = {"email": email, "email_folded": email, "name": f"Reader {place:05}"}
        rows[Person].append(person | {"id": ids[0]} | named)
        rows[Expert].append(columns_of(expert) | {"id": ids[1], "person_id": ids[0]})
        people.append(ids[0])
    for model, found in rows.items():
        act.session.execute(insert(model), found)
    return made, people


def planned(act: Act, evaluation: Evaluation, applications: list[str], people: list[str]) -> Plan:
    plan = Plan(call_id=evaluation.call.id, number=1, made_by=act.person_id, question=None)
    create(act, plan, relation=R.CALL_MANAGER)
    lines = [
        {"id": new_id(act.chance), "plan_id": plan.id, "application_id": application, "by_hand": False,
         "person_id": people[(place * REPORTS + turn) % len(people)], "change": Change.ADD}
        for place, application in enumerate(applications)
        for turn in range(REPORTS)
    ]  # fmt: skip
    act.session.execute(insert(PlanLine), lines)
    perform(act, plan, "finish", by=R.CASCADE)
    return plan


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--applications", type=int, default=1000)
    parser.add_argument("--experts", type=int, default=300)
    options = parser.parse_args()
    wire()
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/bench.sqlite3")
        upgrade(database)
        world = World(database, Secret(), Path(folder))
        world.now = WHILE_OPEN
        evaluation = Evaluation(world)
        application = evaluation.application("FIRST")
        evaluation.close()
        evaluation.admit(application)
        evaluation.expert(most=REPORTS * options.applications)
        with world.act(evaluation.manager) as act:
            plan = planned(act, evaluation, *copies(act, options.applications, options.experts))
        for name, data in (("publish", {}), ("undo", {"reason": "A slip."})):
            begun, busy = time.perf_counter(), time.process_time()
            with world.act(evaluation.manager) as act:
                perform(act, act.session.get_one(Plan, plan.id), name, data)
            wall, busy = time.perf_counter() - begun, time.process_time() - busy
            with world.look() as act:
                tasks = act.session.scalar(select(func.count()).select_from(Assignment))
                jobs = act.session.scalar(select(func.count()).select_from(Job).where(Job.kind == "mail"))
            print(f"{name}: {tasks} pairs, wall {wall:.1f} s, processor {busy:.1f} s; mails so far {jobs}", flush=True)


if __name__ == "__main__":
    main()
