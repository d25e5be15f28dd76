"""The mailbox that mails come back to, and what is read of it."""

from __future__ import annotations

import mailbox
from pathlib import Path

import pytest

from app.mailing.bounce_box import LARGEST, BoxError, box_of
from app.mailing.bounces import returned
from config import Bounces, SettingsError, from_environment
from tests.support.bounces import notification


def test_of_a_huge_mail_the_beginning_is_read_and_a_marked_one_not_again(tmp_path: Path) -> None:
    huge = notification("office@office.example", f"<{'a' * 26}@localhost>") + b"z" * (2 * LARGEST)
    mailbox.Maildir(tmp_path / "box").add(huge)
    box = box_of(Bounces(f"maildir:{tmp_path / 'box'}"))

    ((key, content),) = box.unread()
    box.mark(key)

    assert content == huge[:LARGEST]
    assert returned(content, host="localhost", address="") is not None
    assert list(box.unread()) == []


def test_a_mailbox_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BoxError, match="no Maildir folder"):
        box_of(Bounces(f"maildir:{tmp_path / 'none'}"))
    for given in ({"ESCP_BOUNCES": "pop3://x"}, {"ESCP_BOUNCE_ADDRESS": "nobody"}, {"ESCP_BOUNCE_SECRET": "short"}):
        with pytest.raises(SettingsError):
            from_environment({"ESCP_SECRET_KEY": "k" * 40, "ESCP_DATA": str(tmp_path)} | given)


def test_broken_mails_are_no_bounces() -> None:
    for content in (
        b"",
        b"\xff\xfe\x00",
        b"Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\n",
        b"To: \xff\r\n\r\n",
    ):
        assert returned(content, host="localhost", address="back@office.example") is None
