"""Links sent by mail: bound to purpose, address, thing and time. Opening one changes nothing; using it is a POST."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import select

from app import keys
from app.act import Act
from app.models import MailedLink
from app.services.organisations.names import fold_address
from app.services.transitions import Refused
from workflows.verdict import refuse
from workflows.words import _


class Standing(StrEnum):
    """What a link is worth now."""

    LIVE = "live"
    USED = "used"
    EXPIRED = "expired"
    REPLACED = "replaced"  # a newer one was sent, it was withdrawn, or there never was one


@dataclass(frozen=True)
class Opened:
    standing: Standing
    link: MailedLink | None = None  # only of a live one: the others name nobody

    @property
    def live(self) -> MailedLink | None:
        return self.link if self.standing is Standing.LIVE else None


def token_of(server_key: bytes, link: MailedLink) -> str:
    """Make the token of a link; the worker does so when it renders the mail, and a retry makes the same one."""
    mac = keys.digest(server_key, "mailed link", link.purpose.encode(), link.id.encode(), link.salt)
    return urlsafe_b64encode(mac).rstrip(b"=").decode()


def make_link(
    act: Act, purpose: str, address: str, person_id: str | None, thing_id: str, lifetime: timedelta
) -> MailedLink:
    """Make or renew the one live link of a purpose, address and thing; an older token of it is void then."""
    folded = fold_address(address)
    query = select(MailedLink).where(
        MailedLink.purpose == purpose, MailedLink.address == folded, MailedLink.thing_id == thing_id
    )
    link = act.session.scalar(query)
    if link is None:
        link = MailedLink(id=act.new_id(), purpose=purpose, address=folded, thing_id=thing_id)
        act.session.add(link)
    link.person_id = person_id
    link.salt = act.chance.bytes(32)
    link.digest = _digest(token_of(keys.server_key(), link))
    link.created_at, link.expires_at, link.used_at = act.now, act.now + lifetime, None
    act.session.flush()
    return link


def open_link(act: Act, purpose: str, token: str) -> Opened:
    """Say what a token is worth; changes nothing, however often and by whomever it is asked."""
    link = act.session.scalar(
        select(MailedLink).where(MailedLink.purpose == purpose, MailedLink.digest == _digest(token))
    )
    if link is None:
        return Opened(Standing.REPLACED)
    if link.used_at is not None:
        return Opened(Standing.USED)
    if link.expires_at <= act.now:
        return Opened(Standing.EXPIRED)
    return Opened(Standing.LIVE, link)


def use_link(act: Act, purpose: str, token: str) -> MailedLink:
    """Spend a live link, once. Raises `Refused` where it is used, expired or replaced."""
    link = open_link(act, purpose, token).live
    if link is None:
        raise Refused(
            refuse("link-spent", _("This link was used already, has expired, or was replaced by a newer one."))
        )
    link.used_at = act.now
    act.session.flush()
    return link


def withdraw_link(act: Act, purpose: str, address: str, thing_id: str) -> None:
    """Void the live link of a purpose, address and thing, where there is one."""
    query = select(MailedLink).where(
        MailedLink.purpose == purpose, MailedLink.address == fold_address(address), MailedLink.thing_id == thing_id
    )
    link = act.session.scalar(query)
    if link is not None and link.used_at is None:
        link.expires_at = act.now
        act.session.flush()


def _digest(token: str) -> str:
    # The token has 256 random-looking bits: finding its digest by an index gives nothing away about another.
    return hashlib.sha256(token.encode()).hexdigest()
