"""Mails: to a real SMTP server, one addressee each, the same mail seen to be one."""

from __future__ import annotations

import email
import email.policy
import socket
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from app.mailing.reading import one, written
from app.mailing.sending import FolderPost, SmtpPost, message_of
from app.mailing.text import TEMPLATES as TEXTS
from app.mailing.text import Letter, write
from app.models import Call
from config import Mailing, Settings, rehearsal_settings
from tests.support.world import World
from workflows.effects import Mail
from workflows.machines import MACHINES

TEMPLATES = sorted({v.template for m in MACHINES.values() for row in m.rows for v in row.after if isinstance(v, Mail)})


class Inbox:
    """Keeps what arrives."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))  # type: ignore[arg-type]
        return "250 OK"


@pytest.fixture
def smtp() -> Iterator[tuple[Inbox, Mailing]]:
    inbox = Inbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield inbox, Mailing(host="127.0.0.1", port=port)
    controller.stop()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return replace(rehearsal_settings(tmp_path), environment="production")


LETTER = Letter("ana@people.example", "Ελληνικά and Български", "A line.\n")


def test_a_mail_reaches_a_real_server_with_its_letters_whole(
    smtp: tuple[Inbox, Mailing], settings: Settings, world: World
) -> None:
    inbox, mailing = smtp

    SmtpPost(mailing).send(message_of(LETTER, settings, "job1", world.now))

    (mail,) = inbox.mails
    assert (mail["To"], mail["Subject"], mail.get_content().strip()) == (LETTER.to, LETTER.subject, "A line.")


def test_a_mail_sent_twice_has_one_id_and_one_file(settings: Settings, world: World, tmp_path: Path) -> None:
    post = FolderPost(tmp_path / "mail")

    for _ in range(2):
        post.send(message_of(LETTER, settings, "job1", world.now))

    (mail,) = written(tmp_path / "mail")
    assert (mail.name, mail.subject) == ("job1", LETTER.subject)
    assert one(tmp_path / "mail", "../job1") is None


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_mail_that_a_row_names_has_its_text(template: str) -> None:
    source = (TEXTS / f"{template}.txt").read_text("utf-8")

    subject, _, body = source.partition("{% block text %}")
    assert '{{ _("' in subject
    assert body.count("{{ link") + body.count("{{ site.address }}/") >= 1


def test_a_practice_mail_says_so_in_subject_and_first_line(world: World, settings: Settings) -> None:
    call = world.call(practice=True)
    with world.look() as act:
        args = {
            "template": "deadline_moved",
            "noun": "call",
            "thing": call.id,
            "person": None,
            "address": "a@b.example",
        }
        letter = write(act.session, settings, args)
        stored = act.session.get_one(Call, call.id)

    assert stored.practice
    assert letter.subject.startswith("[practice] ")
    assert letter.body.startswith("This is a practice mail")
