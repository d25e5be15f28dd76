"""What the clock does for the search: entries left behind, pages shown, weekly mails, notices that overlap."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qsl

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.act import Act
from app.db import Database
from app.models import SavedSearch
from app.partner_page import chosen_in
from app.services.searching import saved_search
from app.services.searching.exposure import add_up
from app.services.searching.overlap import tell_overlaps
from app.services.searching.search_index import catch_up

ActOf = Callable[[Session], Act]


def search_tick(database: Database, act_of: ActOf) -> None:
    """Do each in a transaction of its own; doing it twice is doing it once."""
    for work in (_index, add_up, tell_overlaps):
        with database.writing() as session:
            work(act_of(session))
            session.commit()
    with database.reading() as session:
        waiting = [one.id for one in saved_search.due(act_of(session))]
    for search_id in waiting:
        with database.writing() as session:
            act = act_of(session)
            saved = session.get_one(SavedSearch, search_id)
            if saved.next_at is not None and saved.next_at <= act.now:
                saved_search.tell(act, saved, chosen_in(MultiDict(parse_qsl(saved.query))))
            session.commit()


def _index(act: Act) -> int:
    return catch_up(act.session)
