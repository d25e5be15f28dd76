"""From a draft to a published expression of interest, its replies, and the application it becomes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.act import Act
from app.callfile import emit_call, read_call
from app.facts.expression import advice
from app.models import Application, Call, Comment, Expression, Job, Organisation, Person, Reply
from app.services.applications.answers import values_of
from app.services.calls.call import import_call
from app.services.calls.follow import ensure_follow
from app.services.expressions.expression import comment, hide_comment, save_answers, start_expression
from app.services.expressions.expression_queries import mine
from app.services.expressions.reply import send_reply
from app.services.searching.search import Chosen, Hit, search
from app.services.transitions import Refused, perform
from tests.support.expression import WHILE_OPEN, a_draft, a_published
from tests.support.world import REAL, REAL_EXPRESSIONS, World
from workflows.expression import State
from workflows.membership import State as MembershipState
from workflows.relations import Relation as R
from workflows.search_order import Seeker


def _listed(act: Act, **chosen: Any) -> tuple[Hit, ...]:
    return search(act, Chosen(noun="expression", **chosen), Seeker()).hits


@dataclass
class Scene:
    world: World
    call: Call
    ana: Person
    ben: Person
    textile: Organisation
    port: Organisation

    def reply(self, expression: Expression) -> Reply:
        with self.world.act(self.ben) as act:
            there, port = (
                act.session.get_one(Expression, expression.id),
                act.session.get_one(Organisation, self.port.id),
            )
            return send_reply(act, there, port, "We bring a pilot line.")

    def mails(self, template: str) -> list[str]:
        with self.world.look() as act:
            jobs = act.session.scalars(select(Job).where(Job.kind == "mail"))
            return sorted(job.args["address"] for job in jobs if job.args["template"] == template)


@pytest.fixture
def scene(world: World) -> Scene:
    world.now = WHILE_OPEN
    ana, ben = world.person("Ana Silva", "ana@textile.example"), world.person("Ben Okafor", "ben@port.example")
    call = world.call(REAL_EXPRESSIONS)
    textile = world.organisation("Textile Cluster", ana)
    port = world.organisation("Port Cluster", ben, country="ES", region="ES51")
    return Scene(world, call, ana, ben, textile, port)


def test_a_draft_that_lacks_answers_is_refused_with_each_of_them(scene: Scene) -> None:
    draft = a_draft(scene.world, scene.call, scene.textile, scene.ana, objectives=None, activities=None)

    with scene.world.act(scene.ana) as act, pytest.raises(Refused) as refused:
        perform(act, act.session.get_one(Expression, draft.id), "publish")

    assert [reason.params["label"] for reason in refused.value.reasons] == [
        "Main objectives of the partnership",
        "Planned activities",
    ]


def test_publishing_freezes_what_is_public_until_it_is_published_again(scene: Scene) -> None:
    notice = a_published(scene.world, scene.call, scene.textile, scene.ana)
    with scene.world.act(scene.ana) as act:
        there = act.session.get_one(Expression, notice.id)
        save_answers(act, there, {"sought": "Changed and not public"}, {"sought": 1})

    with scene.world.look() as act:
        (hit,) = _listed(act)
        assert hit.thing.published["answers"]["sought"] == "A cluster from a less developed region."
    with scene.world.act(scene.ana) as act:
        perform(act, act.session.get_one(Expression, notice.id), "publish_again")
    with scene.world.look() as act:
        (hit,) = _listed(act)
        assert hit.thing.published["answers"]["sought"] == "Changed and not public"


def test_a_draft_is_on_nobodys_public_list(scene: Scene) -> None:
    a_draft(scene.world, scene.call, scene.textile, scene.ana)

    with scene.world.look() as act:
        assert _listed(act) == ()
    with scene.world.look(scene.ana) as act:
        assert _listed(act) == ()
        assert len(list(mine(act))) == 1


@pytest.mark.parametrize(
    ("words", "codes", "found"),
    [
        ("pilot TEXTILES", {}, 1),
        ("pilot fish", {}, 0),
        ("", {"themes": {"textiles"}}, 1),
        ("", {"themes": {"tourism"}}, 0),
        ("", {"countries": {"IT"}}, 1),
        ("", {"countries": {"PT"}}, 0),
        ("", {"seeks": {"science_park"}}, 0),
        ("", {"state": {"closed"}}, 0),
    ],
)
def test_every_filter_that_is_set_must_fit(scene: Scene, words: str, codes: dict[str, set[str]], found: int) -> None:
    a_published(scene.world, scene.call, scene.textile, scene.ana)

    with scene.world.look() as act:
        assert len(_listed(act, words=words, codes={k: frozenset(v) for k, v in codes.items()})) == found


def test_who_does_not_act_for_the_organisation_starts_nothing_for_it(scene: Scene) -> None:
    with scene.world.act(scene.ben) as act, pytest.raises(Refused) as refused:
        start_expression(
            act, act.session.get_one(Call, scene.call.id), act.session.get_one(Organisation, scene.textile.id)
        )

    assert refused.value.verdict.codes == ("not-your-organisation",)


def test_a_reply_tells_the_author_and_its_acceptance_counts_in_the_advice(scene: Scene) -> None:
    notice = a_published(scene.world, scene.call, scene.textile, scene.ana)

    reply = scene.reply(notice)
    with scene.world.look(scene.ana) as act:
        before = {result.id: result.facts for result in advice(act, act.session.get_one(Expression, notice.id))}
    with scene.world.act(scene.ana) as act:
        perform(act, act.session.get_one(Reply, reply.id), "accept", {"message": "Welcome"})

    assert scene.mails("reply_received") == ["ana@textile.example"]
    assert scene.mails("reply_accepted") == ["ben@port.example"]
    with scene.world.look(scene.ana) as act:
        after = {result.id: result.facts for result in advice(act, act.session.get_one(Expression, notice.id))}
    assert "Port Cluster" not in str(before["min_partners"])
    assert "Port Cluster" in str(after["min_partners"])


def test_an_organisation_replies_once_and_never_to_itself(scene: Scene) -> None:
    notice = a_published(scene.world, scene.call, scene.textile, scene.ana)
    scene.reply(notice)

    with pytest.raises(Refused) as again:
        scene.reply(notice)
    with scene.world.act(scene.ana) as act:
        there, textile = act.session.get_one(Expression, notice.id), act.session.get_one(Organisation, scene.textile.id)
        with pytest.raises(Refused) as own:
            send_reply(act, there, textile, "To ourselves")

    assert again.value.verdict.codes == ("sent-before",)
    assert own.value.verdict.codes == ("own-notice",)


def test_followers_hear_of_changes_and_of_the_withdrawal(scene: Scene) -> None:
    notice = a_published(scene.world, scene.call, scene.textile, scene.ana)
    with scene.world.act(scene.ben) as act:
        ensure_follow(act, act.session.get_one(Expression, notice.id))

    with scene.world.act(scene.ana) as act:
        perform(act, act.session.get_one(Expression, notice.id), "publish_again")
    with scene.world.act(scene.ana) as act:
        perform(act, act.session.get_one(Expression, notice.id), "withdraw", {"reason": "We found partners elsewhere."})

    assert scene.mails("expression_changed") == ["ben@port.example"]
    assert scene.mails("expression_withdrawn") == ["ben@port.example"]


def test_a_hidden_comment_stays_on_file(scene: Scene) -> None:
    notice = a_published(scene.world, scene.call, scene.textile, scene.ana)
    with scene.world.act(scene.ben) as act:
        said = comment(act, act.session.get_one(Expression, notice.id), "Close to our priority.", None)

    with scene.world.act(scene.ana) as act:
        hide_comment(act, act.session.get_one(Expression, notice.id), said.id)

    assert scene.mails("expression_comment") == ["ana@textile.example"]
    with scene.world.look() as act:
        stored = act.session.get_one(Comment, said.id)
        assert stored.text == "Close to our priority."
        assert stored.hidden_by == scene.ana.id


def test_the_clock_ends_notices_and_lets_drafts_lapse_when_the_call_closes(scene: Scene) -> None:
    notice = a_published(scene.world, scene.call, scene.textile, scene.ana)
    draft = a_draft(scene.world, scene.call, scene.textile, scene.ana)

    with scene.world.act() as act, pytest.raises(Refused):
        perform(act, act.session.get_one(Expression, notice.id), "end", by=R.CLOCK)
    scene.world.now = scene.call.closes_at
    for thing, row in ((notice, "end"), (draft, "lapse")):
        with scene.world.act() as act:
            perform(act, act.session.get_one(Expression, thing.id), row, by=R.CLOCK)

    with scene.world.look() as act:
        assert act.session.get_one(Expression, notice.id).state is State.CLOSED
        assert act.session.get_one(Expression, draft.id).state is State.LAPSED


def test_a_later_deadline_opens_again_what_only_the_clock_had_closed(scene: Scene) -> None:
    ended = a_published(scene.world, scene.call, scene.textile, scene.ana)
    closed = a_published(scene.world, scene.call, scene.textile, scene.ana)
    draft = a_draft(scene.world, scene.call, scene.textile, scene.ana)
    with scene.world.act(scene.ana) as act:
        perform(act, act.session.get_one(Expression, closed.id), "close")
    scene.world.now = scene.call.closes_at
    for model, thing, row in ((Call, scene.call, "close"), (Expression, ended, "end"), (Expression, draft, "lapse")):
        with scene.world.act() as act:
            perform(act, act.session.get_one(model, thing.id), row, by=R.CLOCK)
    manager = scene.world.person("Mona Manager", None, R.CALL_MANAGER)
    petra = scene.world.person("Petra Programme", None, R.PROGRAMME_MANAGER)

    later = {"closes_at": scene.call.closes_at + timedelta(days=90), "reason": "Asked for by many"}
    with scene.world.act(manager) as act:
        perform(act, act.session.get_one(Call, scene.call.id), "propose_extension", later)
    with scene.world.act(petra) as act:
        perform(act, act.session.get_one(Call, scene.call.id), "extend")

    with scene.world.look() as act:
        states = [act.session.get_one(Expression, thing.id).state for thing in (ended, closed, draft)]
    assert states == [State.PUBLISHED, State.CLOSED, State.DRAFT]


def test_a_match_becomes_an_application_with_everything_that_is_known(scene: Scene) -> None:
    notice = a_published(scene.world, scene.call, scene.textile, scene.ana)
    reply = scene.reply(notice)
    with scene.world.act(scene.ana) as act:
        perform(act, act.session.get_one(Reply, reply.id), "accept")
    follow_on = the_follow_on_call(scene)

    with scene.world.act(scene.ana) as act:
        perform(act, act.session.get_one(Expression, notice.id), "match")

    with scene.world.look(scene.ana) as act:
        application = act.session.scalars(select(Application)).one()
        assert (application.call_id, application.expression_id) == (follow_on.id, notice.id)
        assert (application.acronym, application.theme) == ("SMARTEX-4R", "textiles")
        assert values_of(act, application)["objectives"] == "Share pilot lines; plan joint investments."
        assert [(m.organisation.name, m.state) for m in application.memberships if m.organisation] == [
            ("Textile Cluster", MembershipState.ACCEPTED),
            ("Port Cluster", MembershipState.INVITED),
        ]
    assert scene.mails("invitation") == ["ben@port.example"]


def test_without_an_open_follow_on_call_there_is_no_match(scene: Scene) -> None:
    notice = a_published(scene.world, scene.call, scene.textile, scene.ana)

    with scene.world.act(scene.ana) as act, pytest.raises(Refused) as refused:
        perform(act, act.session.get_one(Expression, notice.id), "match")

    assert refused.value.verdict.codes == ("no-follow-on-call",)


def the_follow_on_call(scene: Scene) -> Call:
    """The real call for proposals, earlier by so many weeks that it is open while the expressions are."""
    definition, _ = read_call(REAL.read_bytes())
    assert definition is not None
    weeks = (scene.world.now - definition.opens_at).days // 7
    data = emit_call(definition.shifted(weeks=weeks, code=definition.code))
    manager = scene.world.person("Mona Manager", None, R.CALL_MANAGER)
    with scene.world.act(manager) as act:
        call = import_call(act, data)
    with scene.world.act(manager) as act:
        perform(act, act.session.get_one(Call, call.id), "announce")
    with scene.world.act() as act:
        perform(act, act.session.get_one(Call, call.id), "open", by=R.CLOCK)
    return call
