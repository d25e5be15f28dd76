"""Saved searches: kept, told of once a week, stopped by one press from the mail without signing in."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from app import keys
from app.act import Act
from app.models import Person, SavedSearch
from app.outbox import enqueue_mail
from app.services.permitted import one_at_a_time
from app.services.searching.search import Chosen, new_since
from app.services.transitions import Refused
from workflows.verdict import refuse
from workflows.words import _

A_WEEK = timedelta(days=7)
MOST = 20  # of one person
MOST_TOLD = 20  # results named in one mail; the page has them all


def save_search(act: Act, name: str, chosen: Chosen, query: str) -> SavedSearch:
    """Keep a search of the person; the first mail comes after a week, if there is anything new by then.

    Raises `Refused` where the person has as many as one may have.
    """
    one_at_a_time(act, act.person)
    if len(my_searches(act)) >= MOST:
        raise Refused(refuse("many-searches", _("You have {n} saved searches: take one away first."), n=MOST))
    saved = SavedSearch(
        id=act.new_id(), person_id=str(act.person_id), name=name[:200], noun=chosen.noun, query=query,
        salt=act.chance.bytes(32), created_at=act.now, looked_at=act.now, next_at=act.now + A_WEEK,
    )  # fmt: skip
    act.session.add(saved)
    act.session.flush()
    return saved


def my_searches(act: Act) -> Sequence[SavedSearch]:
    query = select(SavedSearch).where(SavedSearch.person_id == act.person_id)
    return act.session.scalars(query.order_by(SavedSearch.created_at.desc(), SavedSearch.id)).all()


def my_search(act: Act, search_id: str) -> SavedSearch | None:
    saved = act.session.get(SavedSearch, search_id)
    return saved if saved is not None and saved.person_id == act.person_id else None


def stop(act: Act, saved: SavedSearch) -> None:
    """Send no more mails of it; stopping twice is stopping once."""
    saved.next_at = None
    act.session.flush()


def start_again(act: Act, saved: SavedSearch) -> None:
    saved.looked_at, saved.next_at = act.now, act.now + A_WEEK
    act.session.flush()


def forget(act: Act, saved: SavedSearch) -> None:
    act.session.delete(saved)
    act.session.flush()


def token_of(server_key: bytes, saved: SavedSearch) -> str:
    """Make the token of the link that stops a search: the same in every mail, so that an old mail stops it as well."""
    mac = keys.digest(server_key, "saved search", saved.id.encode(), saved.salt)
    return urlsafe_b64encode(mac).rstrip(b"=").decode()


def search_of_link(act: Act, search_id: str, token: str) -> SavedSearch | None:
    """Find the search a link speaks of; a wrong token and a search that is gone look alike."""
    saved = act.session.get(SavedSearch, search_id)
    if saved is None or not hmac.compare_digest(token_of(keys.server_key(), saved), token):
        return None
    return saved


def due(act: Act) -> Sequence[SavedSearch]:
    return act.session.scalars(select(SavedSearch).where(SavedSearch.next_at <= act.now).order_by(SavedSearch.id)).all()


def tell(act: Act, saved: SavedSearch, chosen: Chosen) -> bool:
    """Mail what is new since the last time, as the person may see it now; nothing new, no mail."""
    person = act.session.get_one(Person, saved.person_id)
    act.person = person
    found = () if person.disabled_at else new_since(act, chosen, saved.looked_at)
    act.person = None
    saved.looked_at, saved.next_at = act.now, act.now + A_WEEK
    if found:
        about = {"search": saved.id, "found": [hit.thing.id for hit in found[:MOST_TOLD]], "new": len(found)}
        enqueue_mail(
            act, "saved_search", person_id=person.id, address=person.email, about=about,
            key=f"{saved.id}:{act.now.date().isoformat()}",
        )  # fmt: skip
    act.session.flush()
    return bool(found)
