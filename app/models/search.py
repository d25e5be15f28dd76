"""What the search for partners keeps: one entry for each thing that can be found, what was shown, saved searches."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Identity, identity


class SearchEntry(Base):
    """A profile or an expression of interest as the search sees it; `app/services/searching/search_index.py` writes it.

    Codes of one filter stand in one text, separated by spaces. Who may see the thing is never asked here.
    """

    __tablename__ = "search_entry"
    __table_args__ = (
        Index("ix_search_entry_noun_thing_id", "noun", "thing_id", unique=True),
        Index("ix_search_entry_noun_revision", "noun", "revision"),
    )

    no: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)  # the full-text index counts by it
    noun: Mapped[str] = mapped_column(String(20))
    thing_id: Mapped[str] = mapped_column(Identity)
    revision: Mapped[int]  # one more each time the entry is written: their sum tells whether anything changed
    thing_version: Mapped[int]  # of the row that was read: the clock finds entries that were left behind
    name: Mapped[str] = mapped_column(String(400))  # folded, to sort by
    name_words: Mapped[str] = mapped_column(Text)
    themes: Mapped[str] = mapped_column(Text)
    technologies: Mapped[str] = mapped_column(Text)
    kinds: Mapped[str] = mapped_column(Text)
    countries: Mapped[str] = mapped_column(Text)
    regions: Mapped[str] = mapped_column(Text)
    categories: Mapped[str] = mapped_column(Text)
    offers: Mapped[str] = mapped_column(Text)
    positions: Mapped[str] = mapped_column(Text)
    seeks: Mapped[str] = mapped_column(Text)
    contact: Mapped[str] = mapped_column(String(4))  # "open", or nothing
    call: Mapped[str] = mapped_column(Identity, default="")
    day: Mapped[int]  # days since 1970 on which it was confirmed or published


class SearchText(Base):
    """The words of an entry, folded so that both databases look for the same; apart, so that entries stay light."""

    __tablename__ = "search_text"

    no: Mapped[int] = mapped_column(ForeignKey("search_entry.no"), primary_key=True, autoincrement=False)
    words: Mapped[str] = mapped_column(Text)


class Showing(Base):
    """One page of results somebody was shown; the gate appends it after the page is built, the clock adds them up."""

    __tablename__ = "showing"

    id: Mapped[str] = identity()
    day: Mapped[date]
    things: Mapped[list[str]]  # ids of the organisations on the page


class Exposure(Base):
    """How often an organisation stood on a page of results, week by week."""

    __tablename__ = "exposure"

    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    week: Mapped[date] = mapped_column(primary_key=True, index=True)  # its Monday
    shown: Mapped[int]


class SavedSearch(Base):
    """A search somebody wants to hear of once a week, until they say stop."""

    __tablename__ = "saved_search"

    id: Mapped[str] = identity()
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    noun: Mapped[str] = mapped_column(String(20))
    query: Mapped[str] = mapped_column(Text)  # as it stands in the address
    salt: Mapped[bytes] = mapped_column(LargeBinary)  # of the link that stops it
    created_at: Mapped[datetime]
    looked_at: Mapped[datetime]  # up to when results were told
    next_at: Mapped[datetime | None] = mapped_column(index=True)  # none: stopped
