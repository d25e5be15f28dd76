"""No contact detail reaches another organisation before both have agreed: on no page, export, search or mail.

Markers are planted in every text that people of an organisation write for others, and in what is known of its people;
somebody of another organisation then walks through everything that can be reached.
"""

from __future__ import annotations

import html
import re
from collections import deque
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from app.mailing.text import write
from app.models import Expression, Introduction, Organisation, Person, Reply
from app.services.expressions.expression import comment
from app.services.expressions.reply import send_reply
from app.services.organisations.organisation import save_profile
from app.services.searching.introduction import ask_introduction
from app.services.searching.saved_search import save_search
from app.services.searching.search import EXPRESSION, Chosen
from app.services.transitions import Refused, perform
from app.ticking import tick
from tests.support.expression import WHILE_OPEN, a_draft, a_published
from tests.support.web import Browser, Web, settings_of
from tests.support.world import REAL_EXPRESSIONS, World
from workflows.relations import Relation as R

MOST_PAGES = 90
MARK = re.compile(r"marker-\w+@hidden\.example|hidden-\w+\.example/|\+39 02 55[\d ]+")


def marked(name: str) -> str:
    """A text with one contact detail of each kind, told apart by its place."""
    number = sum(name.encode()) % 90 + 10
    return (
        f"Our {name} is known. Write to marker-{name}@hidden.example, call +39 02 55{number} 1234 "
        f"or see https://hidden-{name}.example/team for {name}."
    )


@dataclass
class Scene:
    """Ana's organisation says where it can be reached wherever one may write; Ben's wants to know."""

    web: Web
    ana: Person
    ben: Person
    textile: Organisation
    photonics: Organisation
    notice: Expression
    own_notice: Expression

    def asks(self) -> Introduction:
        with self.web.world.act(self.ana) as act:
            mine, theirs = (act.session.get_one(Organisation, o.id) for o in (self.textile, self.photonics))
            return ask_introduction(act, mine, theirs, marked("message"))


@pytest.fixture
def scene(web: Web, world: World) -> Scene:
    world.now = WHILE_OPEN
    ana = world.person("Ana Silva", "marker-person@hidden.example")
    ben = world.person("Ben Berg", "ben@photonics.example")
    textile = world.organisation("Textile Cluster", ana, published=False)
    with world.act(ana) as act:
        facts = {
            "summary": marked("summary"), "offers": marked("offers"), "seeks": marked("seeks"), "open_to_contact": True,
            "facilities": [{"kind": "pilot_line", "text": marked("facility"), "conditions": marked("conditions")}],
            "priorities": [{"region": "ITC1", "text": marked("priority")}],
        }  # fmt: skip
        save_profile(act, act.session.get_one(Organisation, textile.id), facts, relation=R.ORGANISATION_ADMINISTRATOR)
    world.publish_profile(textile, ana)
    photonics = world.organisation("Photonics", ben, country="DE", region="DE21", open_to_contact=True)
    call = world.call(REAL_EXPRESSIONS)
    texts = {name: marked(name) for name in ("abstract", "objectives", "sought", "activities")}
    rows = {"consortium": [{"partner": "Textile", "country": "IT", "contribution": marked("contribution")}],
            "regions": [{"region": "ITC1", "priority": marked("regions")}]}  # fmt: skip
    notice = a_published(world, call, textile, ana, **texts, **rows)  # type: ignore[arg-type]
    own = a_published(world, call, photonics, ben, title="Light", acronym="LIGHT")
    with world.act(ana) as act:
        comment(act, act.session.get_one(Expression, own.id), marked("comment"), None)
    with world.act(ana) as act:
        theirs, mine = act.session.get_one(Expression, own.id), act.session.get_one(Organisation, textile.id)
        send_reply(act, theirs, mine, marked("reply"))
    with world.act(ben) as act:
        save_search(act, "All", Chosen(), "")
        save_search(act, "Notices", Chosen(noun=EXPRESSION), "show=expressions")
    return Scene(web, ana, ben, textile, photonics, notice, own)


def walk(browser: Browser, *first: str) -> dict[str, str]:
    """Read every page that links lead to from the first ones, exports among them; give their bytes as text."""
    waiting, read = deque(first), dict[str, str]()
    while waiting and len(read) < MOST_PAGES:
        address = waiting.popleft()
        if address in read:
            continue
        answer = browser.client.get(address, follow_redirects=True)
        read[address] = html.unescape(answer.get_data(as_text=True))
        for link in re.findall(r'href="(/[^"#]*)', answer.get_data(as_text=True)):
            target = html.unescape(link)
            if not re.match(r"/(static|sign-out|demo|licences|expressions/new)", target) and target not in read:
                waiting.append(target)
    return read


FIRST = (
    "/partners", "/partners?show=expressions", "/partners.csv", "/partners.json", "/partners.csv?show=expressions",
    "/partners.json?show=expressions", "/partners?q=hidden", "/partners?q=marker", "/introductions", "/work",
)  # fmt: skip


def leaks(scene: Scene) -> dict[str, set[str]]:
    """Where Ben reads a contact detail: every page, and every mail to him."""
    read = walk(
        scene.web.client_of(scene.ben), *FIRST, f"/organisations/{scene.textile.id}", f"/expressions/{scene.notice.id}",
        f"/expressions/{scene.own_notice.id}", f"/organisations/{scene.photonics.id}/openings",
    )  # fmt: skip
    assert len(read) > 40
    with scene.web.world.look() as act:
        for job in scene.web.mails():
            if job.args["address"] == scene.ben.email:
                letter = write(act.session, settings_of(scene.web.world), job.args)
                read[f"mail {job.args['template']}"] = f"{letter.subject}\n{letter.body}"
    return {address: set(MARK.findall(text)) for address, text in read.items() if MARK.search(text)}


def test_no_contact_detail_reaches_an_organisation_before_double_consent(scene: Scene) -> None:
    world = scene.web.world
    introduction = scene.asks()
    with world.act(scene.ana) as act:  # what is written with an act goes out by mail
        reply_of_ana = act.session.scalars(select(Reply)).one()
        assert reply_of_ana.message == marked("reply")
    for _week in range(2):
        world.later(days=8)
        tick(world.database, world.now, world.chance)

    assert leaks(scene) == {}
    for word in ("marker", "hidden", "55"):
        found = scene.web.client_of(scene.ben).get(f"/partners.json?q={word}")
        assert found.get_json()["total"] == 0
    visitor = walk(scene.web.visitor(), *FIRST[:8])
    assert not [address for address, text in visitor.items() if MARK.search(text)]
    shown = html.unescape(scene.web.client_of(scene.ben).get(f"/introductions/{introduction.id}").text)
    assert "Our message is known. Write to [contact detail hidden until both agree], call" in shown

    own = html.unescape(scene.web.client_of(scene.ana).get(f"/organisations/{scene.textile.id}").text)
    assert "marker-summary@hidden.example" in own
    assert "Others don't see everything in your texts" in own

    with world.act(scene.ben) as act:
        perform(act, act.session.get_one(Introduction, introduction.id), "agree")
    after = leaks(scene)
    for address in (
        f"/organisations/{scene.textile.id}", f"/expressions/{scene.notice.id}", f"/introductions/{introduction.id}",
        "/partners", "/partners.csv", "/partners.json?show=expressions",
    ):  # fmt: skip
        assert after[address], address


def test_nothing_with_an_address_in_its_name_is_published(scene: Scene) -> None:
    world = scene.web.world
    with world.look() as act:
        call = act.session.get_one(Expression, scene.notice.id).call
    draft = a_draft(world, call, scene.textile, scene.ana, title="Write to marker-title@hidden.example")
    with pytest.raises(Refused) as refused, world.act(scene.ana) as act:
        perform(act, act.session.get_one(Expression, draft.id), "publish")
    assert refused.value.verdict.codes == ("contact-in-name",)

    browser = scene.web.client_of(scene.ana)
    named = browser.post(f"/organisations/{scene.textile.id}/rename", {"name": "Call +39 02 55 1234567"})
    assert named.status_code == 422
    assert "Take the e-mail address, telephone number or link out" in named.text
