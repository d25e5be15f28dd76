"""Signing in: whose password is asked for, and the ends of sign-ins."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, joinedload

from app.act import Act
from app.models import Person, SignIn
from app.services.organisations.names import fold_address

IDLE = timedelta(hours=10)  # a working day, sliding; the settings may say otherwise
ABSOLUTE = timedelta(hours=24)
LONGEST_ADDRESS = 320  # characters
NOT_PROVED = timedelta(days=1)  # a sign-in by a mailed link alone counts as proved so long ago: never fresh


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def person_for(session: Session, address: str) -> Person | None:
    """Find whose password is asked for: the holder of the address, else the newest account that has yet to prove it."""
    folded = fold_address(address)
    holder = session.scalar(select(Person).where(Person.email_folded == folded))
    if holder is not None or not folded or len(folded) > LONGEST_ADDRESS:  # no account has it, and LIKE has its limit
        return holder
    waiting = select(Person).where(Person.email_folded.startswith(f"{folded} unverified ", autoescape=True))
    return session.scalar(waiting.order_by(Person.created_at.desc(), Person.id).limit(1))


def sign_in_of(session: Session, token: str) -> SignIn | None:
    """Find the record behind a cookie, ended or not."""
    return session.scalar(_by_token(), {"digest": digest_of(token)})


@cache
def _by_token() -> Select[SignIn]:
    """Build once what each request asks; error pages are written when the session is closed, so all is loaded here."""
    query = select(SignIn).where(SignIn.token_digest == bindparam("digest"))
    return query.options(joinedload(SignIn.person).selectinload(Person.offices))


def holds(record: SignIn, now: datetime, idle: timedelta = IDLE) -> bool:
    """Say whether a sign-in still holds: not ended, not too old, its person not disabled."""
    if record.ended_at is not None or record.person.disabled_at is not None:
        return False
    return now - record.last_used_at <= idle and now - record.created_at <= ABSOLUTE


def start_sign_in(act: Act, person: Person, *, browser: str = "", proved: bool = True) -> str:
    """Begin a sign-in and give the token for the cookie. `proved`: by password or factor, not by a link alone."""
    return begin_sign_in(act, person, browser=browser, proved=proved)[0]


def begin_sign_in(act: Act, person: Person, *, browser: str = "", proved: bool = True) -> tuple[str, SignIn]:
    """Begin a sign-in: the token for the cookie, and its record."""
    token = act.chance.bytes(32).hex()
    record = SignIn(
        id=act.new_id(),
        person_id=person.id,
        token_digest=digest_of(token),
        created_at=act.now,
        proved_at=act.now if proved else act.now - NOT_PROVED,
        last_used_at=act.now,
        browser=browser[:300],
    )
    act.session.add(record)
    act.session.flush()
    return token, record


def live_sign_ins(act: Act, person: Person, idle: timedelta = IDLE) -> list[SignIn]:
    """List the sign-ins of a person that still hold, newest first."""
    query = select(SignIn).where(
        SignIn.person_id == person.id,
        SignIn.ended_at.is_(None),
        SignIn.last_used_at > act.now - idle,
        SignIn.created_at > act.now - ABSOLUTE,
    )
    return list(act.session.scalars(query.order_by(SignIn.last_used_at.desc())))


def end_sign_ins(act: Act, person: Person, *, keep: SignIn | None = None) -> None:
    """End a person's sign-ins: after a new password, another office, a disabled account."""
    for record in act.session.scalars(select(SignIn).where(SignIn.person_id == person.id, SignIn.ended_at.is_(None))):
        if keep is None or record.id != keep.id:
            record.ended_at = act.now
    act.session.flush()


def end_sign_in(act: Act, person: Person, sign_in_id: str) -> None:
    """End one of a person's own sign-ins; one of somebody else is left alone."""
    record = act.session.get(SignIn, sign_in_id)
    if record is not None and record.person_id == person.id and record.ended_at is None:
        record.ended_at = act.now
        act.session.flush()
