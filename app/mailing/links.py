"""The one link of a mail: the absolute address of the task, from configuration and never from a request."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.models import MailedLink
from app.services.accounts.mailed_link import token_of
from app.urls import path_of
from config import Settings


def link_for(session: Session, settings: Settings, args: dict[str, Any], thing: Any) -> str:  # noqa: ANN401
    """Give the mailed token's page where the job names one, else the page of the thing."""
    if args.get("link"):
        row = session.get_one(MailedLink, args["link"])
        return f"{settings.address}/open/{row.purpose}/{token_of(settings.secret_key, row)}"
    if thing is None:
        return settings.address + "/"
    return settings.address + path_of(thing.__noun__, thing.id)
