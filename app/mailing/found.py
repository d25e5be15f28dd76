"""What mails of the search say beside the usual: results that are new, the link that stops them, the other notice."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Application, Expression, Organisation, SavedSearch
from app.services.applications.writing import comments_for
from app.services.calls.call import definition_of
from app.services.searching.saved_search import token_of
from app.urls import path_of
from config import Settings
from workflows.expression import PUBLIC
from workflows.profile import LISTED


def found_for(session: Session, settings: Settings, args: dict[str, Any]) -> dict[str, Any]:
    """Give the context of a weekly mail or of an overlap; empty for all others. Raises `LookupError` if it is gone."""
    if args["template"] == "mentioned":
        return {"comments": _comments(session, settings, args)}
    if args.get("other"):
        return {"other": session.get_one(Expression, args["other"])}
    if not args.get("search"):
        return {}
    saved = session.get_one(SavedSearch, args["search"])
    return {
        "saved": saved,
        "found": _named(session, settings, saved, args["found"]),
        "link": f"{settings.address}/partners?{saved.query}",
        "stop": stop_address(settings, saved),
    }


def _comments(session: Session, settings: Settings, args: dict[str, Any]) -> list[tuple[str, str]]:
    """Name each section with a comment for the person, by application and title, with the address of the comment."""
    found = []
    for one in comments_for(session, args["person"], datetime.fromisoformat(args["until"])):
        application = session.get_one(Application, one.application_id)
        section = next((s.title for s in definition_of(application.call).sections if s.id == one.section), one.section)
        address = f"{settings.address}/applications/{application.id}/sections/{one.section}/comments#comment-{one.id}"
        found.append((f"{application.acronym or application.number}: {section}", address))
    return found


def _named(session: Session, settings: Settings, saved: SavedSearch, ids: list[str]) -> list[tuple[str, str]]:
    """Names and addresses of what is still public when the mail is sent."""
    model: Any = Organisation if saved.noun == "profile" else Expression
    states = LISTED if saved.noun == "profile" else PUBLIC
    things = session.scalars(select(model).where(model.id.in_(ids), model.state.in_(states)))
    names = {thing.id: thing.name if saved.noun == "profile" else (thing.acronym or thing.title) for thing in things}
    return [(names[one], settings.address + path_of(saved.noun, one)) for one in ids if one in names]


def stop_address(settings: Settings, saved: SavedSearch) -> str:
    return f"{settings.address}/stop/{saved.id}/{token_of(settings.secret_key, saved)}"


def headers_for(context: dict[str, Any]) -> dict[str, str]:
    """Headers by which mail programs stop a mail that comes again and again (RFC 2369, RFC 8058)."""
    if "stop" not in context:
        return {}
    return {"List-Unsubscribe": f"<{context['stop']}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
