"""Every mail about calls, expressions of interest and replies, written as it is sent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.mailing.text import Letter, write
from app.models import Call, Expression, Job, Organisation, Reply
from app.services.calls.follow import ensure_follow
from app.services.expressions.expression import comment
from app.services.expressions.reply import send_reply
from app.services.transitions import perform
from config import Settings, Site
from tests.support.expression import WHILE_OPEN, a_published
from tests.support.world import REAL_EXPRESSIONS, World
from workflows.relations import Relation as R

TEMPLATES = {
    "reply_received", "expression_reply", "expression_comment", "expression_changed", "reply_accepted", "reply_withdrawn",
    "deadline_moved", "expression_withdrawn", "reply_declined",
}  # fmt: skip


def settings_of(world: World) -> Settings:
    return Settings(
        data=world.folder, database_url=world.database.url, storage_url="", address="https://escp.example",
        secret_key=b"a key for tests alone, of more than 32 characters", site=Site(address="https://escp.example"),
    )  # fmt: skip


def everything_happens(world: World) -> None:
    """One notice with two replies, a comment, changes, a later deadline, and an end."""
    ana, ben, fay = (world.person(name) for name in ("Ana Silva", "Ben Okafor", "Fay Follower"))
    manager, petra = world.person("Mona", None, R.CALL_MANAGER), world.person("Petra", None, R.PROGRAMME_MANAGER)
    call = world.call(REAL_EXPRESSIONS)
    textile, port = world.organisation("Textile Cluster", ana), world.organisation("Port Cluster", ben)
    robots = world.organisation("Robot Cluster", fay)
    notice = a_published(world, call, textile, ana)
    with world.act(fay) as act:
        ensure_follow(act, act.session.get_one(Expression, notice.id))
    replies = []
    for person, organisation in ((ben, port), (fay, robots)):
        with world.act(person) as act:
            there, own = act.session.get_one(Expression, notice.id), act.session.get_one(Organisation, organisation.id)
            replies.append(send_reply(act, there, own, "We bring a pilot line.").id)
    with world.act(ben) as act:
        comment(act, act.session.get_one(Expression, notice.id), "Close to our priority.", None)
    later = call.closes_at + timedelta(days=90)
    for person, model, key, row, data in (
        (ana, Expression, notice.id, "publish_again", {}),
        (ana, Reply, replies[0], "accept", {"message": "Welcome aboard"}),
        (ana, Reply, replies[1], "decline", {}),
        (ben, Reply, replies[0], "withdraw", {}),
        (manager, Call, call.id, "propose_extension", {"closes_at": later, "reason": "Floods"}),
        (petra, Call, call.id, "extend", {}),
        (ana, Expression, notice.id, "withdraw", {"reason": "We found partners elsewhere."}),
    ):
        with world.act(person) as act:
            perform(act, act.session.get_one(model, key), row, data)


def letters(world: World) -> Iterator[tuple[str, Letter]]:
    with world.look() as act:
        for job in act.session.scalars(select(Job).where(Job.kind == "mail")):
            if job.args["template"] in TEMPLATES:
                yield job.args["template"], write(act.session, settings_of(world), job.args)


def test_each_mail_names_its_matter_and_has_one_link(world: World) -> None:
    world.now = WHILE_OPEN
    everything_happens(world)

    written = list(letters(world))

    assert {template for template, _ in written} == TEMPLATES
    for template, letter in written:
        matter = "Towards European" if template == "deadline_moved" else "SMARTEX-4R"
        assert matter in letter.subject, template
        assert letter.body.count("https://escp.example/") == 1, template


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("reply_accepted", "Welcome aboard"),
        ("expression_withdrawn", "We found partners elsewhere."),
        ("deadline_moved", "30 June 2017"),
    ],
)
def test_what_was_said_stands_in_the_mail(world: World, template: str, words: str) -> None:
    world.now = WHILE_OPEN
    everything_happens(world)

    (first, *_rest) = [letter for found, letter in letters(world) if found == template]

    assert words in first.subject + first.body
