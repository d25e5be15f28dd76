"""Who acts, when, in which transaction: the first argument of every service."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.chance import Chance, new_id
from app.models import Person
from config import Site
from workflows.relations import Relation

SIGN_IN_IS_FRESH_FOR = timedelta(minutes=10)
# By person, moment, kind and id of the thing: the relations asked about, and those of them that hold.
Known = dict[tuple[str | None, datetime, type, str], tuple[frozenset[Relation], frozenset[Relation]]]


@dataclass
class Act:
    """One request, one job, one tick. `now` is read once; randomness is given."""

    session: Session
    now: datetime
    chance: Chance
    request_id: str
    person: Person | None = None
    proved_at: datetime | None = None  # last password or second factor of this sign-in
    act_id: str | None = None  # sent with a form; the same id is the same act
    site: Site = field(default_factory=Site)  # whose texts and address stand on documents
    written: bool = False  # an event of this act is written: what follows belongs to the same act
    known: Known | None = None  # what the door has answered, where nothing changes meanwhile: on a page that is read

    @property
    def person_id(self) -> str | None:
        return self.person.id if self.person else None

    @property
    def signed_in_again(self) -> bool:
        return self.proved_at is not None and self.now - self.proved_at <= SIGN_IN_IS_FRESH_FOR

    def new_id(self) -> str:
        return new_id(self.chance)
