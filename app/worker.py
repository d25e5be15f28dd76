"""What the outbox can do: one handler for each kind of job."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from app.act import Act
from app.chance import Chance, Secret
from app.db import Database
from app.documents.renderer import Renderer
from app.jobs import Finish, Handler, Worker
from app.mailing.sending import Post, message_of, post_of
from app.mailing.text import write
from app.scanning import Scanner, scanner_at
from app.services.anonymising.plain_copies import copying
from app.services.assigning.planning import planning, probing
from app.services.deciding.bounces import reading_bounces
from app.services.documents.document_making import making
from app.services.dossiers.anchoring import anchoring
from app.services.dossiers.dossier import making_dossiers
from app.services.erasing.erasing_mails import forgetting
from app.services.uploads.rescanning import scanning
from app.services.uploads.sweeping import sweeping
from app.store import Store
from config import Settings


def mail_handler(database: Database, settings: Settings, post: Post, clock: Callable[[], datetime]) -> Handler:
    def send(args: dict[str, Any], job_id: str) -> Finish:
        with database.reading() as session:
            letter = write(session, settings, args)
        message = message_of(letter, settings, job_id, clock())
        post.send(message)

        def note(act: Act) -> dict[str, Any]:
            return {
                "handed_over_at": act.now.isoformat(),
                "message_id": message["Message-ID"],
                "subject": letter.subject,
            }

        return note

    return send


def make_worker(
    database: Database,
    store: Store,
    settings: Settings,
    renderer: Renderer,
    *,
    clock: Callable[[], datetime],
    chance: Callable[[], Chance] = Secret,
    post: Post | None = None,
    scanner: Scanner | None = None,
) -> Worker:
    """Build a worker that can do everything the tables name."""
    handlers: dict[str, Handler] = {
        "mail": mail_handler(database, settings, post or post_of(settings), clock),
        "document": making(database, store, renderer),
        "dossier": making_dossiers(database, store),
        "plan": planning(database),
        "plan_probe": probing(database),
        "plain_copy": copying(database, store),
        "scan": scanning(database, store, scanner or scanner_at(settings.scanner)),
        "sweep": sweeping(database, store),
        "heads": anchoring(database, settings.data),
        "bounces": reading_bounces(database, settings, clock, chance),
        "after_erasing": forgetting(settings.data),
    }
    return Worker(database, handlers, clock, chance)
