"""The jobs of plans: the solver works in a process of its own, between transactions."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from app.act import Act
from app.confined.frames import Message
from app.confined.parent import Confined
from app.db import Database
from app.models import Plan, PlanProbe
from app.services.assigning.plan import store_answer
from workflows.plan import State
from workflows.plan_checker import faults, impossible
from workflows.plan_instance import Instance, Pairs

Finish = Callable[[Act], dict[str, Any]]
SECONDS = 180


def solved(instance: Instance, *, floored: bool) -> dict[str, Any]:
    """Ask the solver; what it claims to have proven is confirmed by the checker before anybody sees it."""
    with Confined("app.planning.child", limit=SECONDS) as child:
        question = json.dumps(instance.to_json()).encode()
        reply = child.ask(Message({"floored": floored}, {"question": question}))
    answer: dict[str, Any] = json.loads(reply.pieces["answer"])
    return answer | {"confirmed": bool(answer["proven"]) and _confirmed(instance, answer)}


def _confirmed(instance: Instance, answer: dict[str, Any]) -> bool:
    if answer["chosen"] is None:
        return impossible(instance, answer["proof"])
    return not faults(instance, answer["chosen"], answer["floor"], answer["proof"])


def planning(database: Database) -> Callable[[dict[str, Any], str], Finish]:
    """Give the handler of the outbox for jobs of the kind "plan"."""

    def work(args: dict[str, Any], _job_id: str) -> Finish:
        with database.reading() as session:
            plan = session.get_one(Plan, args["plan"])
            question, floored = plan.question or {}, plan.without_id is None
        answer = solved(Instance.from_json(question), floored=floored)

        def finish(act: Act) -> dict[str, Any]:
            plan = act.session.get_one(Plan, args["plan"])
            if plan.state is State.MAKING:
                store_answer(act, plan, answer)
            return {"possible": answer["chosen"] is not None}

        return finish

    return work


def probing(database: Database) -> Callable[[dict[str, Any], str], Finish]:
    """Give the handler of the outbox for jobs of the kind "plan_probe": the best plan that has one pair in it."""

    def work(args: dict[str, Any], _job_id: str) -> Finish:
        with database.reading() as session:
            probe = session.get_one(PlanProbe, args["probe"])
            plan = session.get_one(Plan, probe.plan_id)
            instance = Instance.from_json(plan.question or {})
            pair, floored = (probe.application_id, probe.person_id), plan.without_id is None
            first = plan.answer or {}
        answer = probed(instance, pair, first, floored=floored)

        def finish(act: Act) -> dict[str, Any]:
            probe = act.session.get_one(PlanProbe, args["probe"])
            probe.answer, probe.answered_at = answer, act.now
            return {}

        return finish

    return work


def probed(instance: Instance, pair: tuple[str, str], first: dict[str, Any], *, floored: bool) -> dict[str, Any]:
    """Say what the best plan with this pair would be: its floor and total, whom it displaces, whom it brings."""
    forced, position = forcing(instance, pair)
    score = instance.pairs.score[position]
    answer = solved(forced, floored=floored)
    if answer["chosen"] is None:
        return {"possible": False}
    now = {pair_of(instance, p) for p in first["chosen"]}
    then = {pair_of(forced, p) for p in answer["chosen"]} | {pair}
    floors = [score, *(() if answer["floor"] is None else (answer["floor"],))]
    return {
        "possible": True,
        "floor": min(floors),
        "total": answer["total"] + score,
        "leave": sorted(now - then),
        "come": sorted(then - now),
        "proven": answer["confirmed"],
    }


def pair_of(instance: Instance, position: int) -> tuple[str, str]:
    pairs = instance.pairs
    return instance.needs[pairs.application[position]].id, instance.readers[pairs.expert[position]].id


def forcing(instance: Instance, pair: tuple[str, str]) -> tuple[Instance, int]:
    """Take a pair as given: its report, place, country and theme are off the question. Gives its position, too."""
    pairs, out, found = instance.pairs, Pairs(), -1
    rows = zip(pairs.application, pairs.expert, pairs.score, pairs.specialist, strict=True)
    i = next(n for n, need in enumerate(instance.needs) if need.id == pair[0])
    j = next(n for n, reader in enumerate(instance.readers) if reader.id == pair[1])
    country = instance.readers[j].country
    for position, (a, e, s, k) in enumerate(rows):
        if (a, e) == (i, j):
            found = position
        elif not (a == i and instance.needs[i].one_per_country and country and instance.readers[e].country == country):
            out.add(a, e, s, specialist=bool(k))
    if found < 0:
        raise LookupError(pair)
    need = instance.needs[i]
    lacks = need.specialist and not pairs.specialist[found] and need.reports > 1
    if need.specialist and not pairs.specialist[found] and need.reports == 1:
        return replace(
            instance, needs=_with(instance.needs, i, replace(need, reports=len(instance.readers) + 1)), pairs=out
        ), found
    needs = _with(instance.needs, i, replace(need, reports=need.reports - 1, specialist=lacks))
    reader = replace(instance.readers[j], places=instance.readers[j].places - 1)
    return Instance(needs, _with(instance.readers, j, reader), out), found


def _with(items: tuple[Any, ...], place: int, item: Any) -> tuple[Any, ...]:  # noqa: ANN401
    return (*items[:place], item, *items[place + 1 :])
