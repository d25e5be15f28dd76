"""The one way in: sign-in, CSRF, load, authorise, call, commit; refusals become pages or JSON.

`now` is read once, after the last byte of the body. A GET's session cannot write; what the gate itself notes (a
reading, a denial, the sign-in's last use) goes into a transaction of its own after the page is built.
"""

from __future__ import annotations

import functools
import logging
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from flask import abort, current_app, g, make_response, redirect, request, url_for
from flask_wtf.csrf import CSRFProtect
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from app import sign_ins, typed
from app.access import granted_by
from app.act import Act
from app.chance import Secret, new_id
from app.db import Database
from app.models import (
    THINGS,
    Base,
    Denial,
    Document,
    DocumentKind,
    Dossier,
    Event,
    Expert,
    Person,
    Reading,
    Showing,
    StandIn,
)
from app.receiving import RECEIVED_AT
from app.services.transitions import earlier_act
from app.services.work.batch import batch_of_act
from app.urls import url_of
from workflows.permissions import PERMISSIONS
from workflows.relations import MAY_STAND_IN
from workflows.relations import Relation as R

log = logging.getLogger(__name__)
View = Callable[..., Any]
F = TypeVar("F", bound=View)
MODELS: dict[str, Any] = {**THINGS, "document": Document, "dossier": Dossier, "person": Person, "expert": Expert,
                          "standin": StandIn}  # fmt: skip
SAFE = ("GET", "HEAD", "OPTIONS")
LEADS_ON = (302, 303)
ACT_ID = re.compile(r"[A-Za-z0-9_.:-]{1,60}")
CONFIDENTIAL = frozenset(
    {"application.view", "application.view_draft", "application.view_checks", "application.view_evaluation",
     "assessment.view", "consensus.view",
     "application.view_receipt", "check.view", "clarification.view", "redaction.view", "plan.view",
     "call.view_readings", "decision.view", "decision.try", "decision.preview_letters", "consensus.review",
     "document.view", "document.view_copies", "dossier.view", "file.view", "application.view_thread"}
)  # fmt: skip
STAFF_READ = frozenset(
    {
        "checker",
        "draft_reader",
        "call_manager",
        "programme_manager",
        "stand_in",
        "decider",
        "auditor",
        "expert",
        "assessor",
        "rapporteur",
    }
)
# What a decision tells its applicants: that they opened it is noted too, for nobody can know that a mail was read.
TELLS_RESULTS = frozenset(
    {
        DocumentKind.RESULT_LETTER,
        DocumentKind.REFUSAL_LETTER,
        DocumentKind.REVIEW_LETTER,
        DocumentKind.SUMMARY_REPORT,
    }
)
OWN = frozenset({"coordinator", "deputy", "partner"})
csrf = CSRFProtect()


def database() -> Database:
    found: Database = current_app.extensions["database"]
    return found


def may(
    action: str, *, param: str | None = None, before: Callable[[], None] | None = None, one_click: bool = False
) -> Callable[[F], F]:
    """Declare a view's permission. A parameter `<noun>_id` of the address loads the thing, given as `<noun>`.

    `before` runs ahead of the transaction of a POST: for what is slow on purpose, such as passwords. `one_click` is for
    the links of mails that a mail program posts to by itself (RFC 8058): the token in the address is the proof then.
    """
    if action not in PERMISSIONS:
        raise LookupError(f"no such permission: {action}")
    noun = action.partition(".")[0]

    def decorate(view: F) -> F:
        @functools.wraps(view)
        def guarded(**arguments: Any) -> AnyResponse:  # noqa: ANN401
            if before is not None and request.method not in SAFE:
                request.get_data(cache=True, parse_form_data=True)
                before()
            g.proved_by_address = one_click
            return _through(view, action, param or noun, arguments)

        guarded.permission = action  # type: ignore[attr-defined]
        guarded.param = param or noun  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate


def _through(view: View, action: str, param: str, arguments: dict[str, Any]) -> AnyResponse:
    request.get_data(cache=True, parse_form_data=True)
    writes = request.method not in SAFE
    with _session(writes=writes) as session:
        act = _act(session, writes=writes)
        g.act = act
        thing = _load(act, param, arguments)
        if (relation := granted_by(act, action, thing)) is None:
            session.expunge_all()  # or asking who it was would open the transaction that the denial waits for
            session.rollback()
            return _deny(act, action, arguments)
        if writes and (answer := _answered_already(act, action)) is not None:
            return answer
        if thing is not None:
            arguments[param.replace("profile", "organisation")] = thing
        g.relation, g.thing = relation, thing
        response = make_response(view(**arguments))
        if writes:
            _finish(act, session, action, thing, relation, response)
    if not writes:
        _note_afterwards(act, action, thing, relation)
        _note_shown(act)
    return response


def _answered_already(act: Act, action: str) -> AnyResponse | None:
    """Answer what is not to be written: a form of an ended sign-in or of another site, an act done before."""
    if act.person is None and not action.startswith("site.") and sign_ins.ended_person_id(act.session):
        return typed.ask_again()  # whoever was signed in when they began writes as themselves, not as a visitor
    if not g.proved_by_address:
        csrf.protect()
    earlier = earlier_act(act)
    return None if earlier is None else _told(redirect(_place_of(act, earlier), 303))


def _place_of(act: Act, earlier: Event) -> str:
    """Give the page that answers a form sent twice: the thing it was about, or what became of a batch."""
    if (batch := batch_of_act(act)) is not None:
        return url_for("batch.done", call_id=batch.call_id, batch=batch.id)
    return url_of(earlier.noun, earlier.thing_id)


def _finish(act: Act, session: Session, action: str, thing: Base | None, relation: str, response: AnyResponse) -> None:
    """Commit what was done; on a page that refuses it, see that it holds what was typed."""
    if response.status_code >= 400:  # noqa: PLR2004
        typed.add_what_is_missing(response)
        return
    _note_reading(act, session, action, thing, relation)
    if sign_ins.needs_touch(act.now):
        sign_ins.touch(session, act.now)
    session.commit()
    _told(response)


def close_session(_error: BaseException | None) -> None:
    """End whatever a page written after its session was closed may have begun: a lock must not outlive its request."""
    act: Act | None = g.get("act")
    if act is not None:
        act.session.close()


def _told(response: AnyResponse) -> AnyResponse:
    """Tell the browser that what it sent is stored: a page that leads on is only sent once it is."""
    if response.status_code in LEADS_ON:
        typed.tell_stored(response)
    return response


def _session(*, writes: bool) -> Session:
    return database().writing() if writes else database().reading()


def _act(session: Session, *, writes: bool) -> Act:
    now: datetime = request.environ.get(RECEIVED_AT) or current_app.extensions["clock"]()  # the body has been read
    signed_in = sign_ins.current(session, now)
    if signed_in is not None and any(one.office in MAY_STAND_IN for one in signed_in.person.offices):
        session.refresh(signed_in.person, ["stand_ins"])  # error pages are written when the session is closed
    return Act(
        session=session,
        now=now,
        chance=Secret(),
        request_id=g.request_id,
        person=signed_in.person if signed_in else None,
        proved_at=signed_in.proved_at if signed_in else None,
        act_id=_act_id(),
        site=current_app.extensions["settings"].site,
        known=None if writes else {},
    )


def _act_id() -> str | None:
    """Give the id of the form; what is none of ours is no id: it would only fill the record."""
    given = request.form.get("act_id", "")
    return given if ACT_ID.fullmatch(given) else None


def _load(act: Act, param: str, arguments: dict[str, Any]) -> Base | None:
    """Load what the address names; what does not exist looks like what is forbidden."""
    key = f"{param.replace('profile', 'organisation')}_id"
    if key not in arguments:
        return None
    thing: Base | None = act.session.get(MODELS[param], arguments.pop(key))
    if thing is not None:
        return thing
    return abort(404) if act.person else abort(_ask_visitor())  # as for a thing that a visitor may not see


def _deny(act: Act, action: str, arguments: dict[str, Any]) -> AnyResponse:
    if act.person is None:
        return _ask_visitor()
    with database().writing() as session:
        session.add(Denial(id=new_id(act.chance), person_id=act.person_id, action=action, thing_id=str(arguments)[:60],
                           request_id=act.request_id, at=act.now))  # fmt: skip
        session.commit()
    return abort(404)


def _ask_visitor() -> AnyResponse:
    """Ask a visitor to sign in: what is typed is kept, and nothing tells whether the thing exists."""
    return sign_ins.ask(request.full_path) if request.method in SAFE else typed.ask_again()


def _note_reading(act: Act, session: Session, action: str, thing: Base | None, relation: str) -> None:
    if thing is None or act.person_id is None or not _is_noted(action, thing, relation):
        return
    session.add(Reading(id=new_id(act.chance), person_id=act.person_id, action=action, noun=action.partition(".")[0],
                        thing_id=thing.id, relation=relation, request_id=act.request_id, at=act.now))  # type: ignore[attr-defined]  # fmt: skip


def _is_noted(action: str, thing: Base | None, relation: str) -> bool:
    if relation == R.AUDITOR:
        return thing is not None  # of an auditor, everything
    if relation in OWN:
        opens = isinstance(thing, Document) and thing.kind in TELLS_RESULTS
        return action == "application.view_result" or (action == "document.view" and opens)
    return action in CONFIDENTIAL and relation in STAFF_READ


def _note_afterwards(act: Act, action: str, thing: Base | None, relation: str) -> None:
    """Note what a GET leaves behind. If a reading can't be written, the page is not sent."""
    reads = act.person_id is not None and _is_noted(action, thing, relation)
    looks_again = "HX-Request" in request.headers  # a page by itself: nobody need be sitting there
    stale = sign_ins.needs_touch(act.now) and not looks_again
    if not reads and not stale:
        return
    with database().writing() as session:
        _note_reading(act, session, action, thing, relation)
        if stale:
            sign_ins.touch(session, act.now)
        session.commit()


def _note_shown(act: Act) -> None:
    """Append which organisations a page of the search showed; the page is sent whether or not it could be noted."""
    things: list[str] = g.get("shown", [])
    if not things:
        return
    try:
        with database().writing() as session:
            session.add(Showing(id=new_id(act.chance), day=act.now.date(), things=things))
            session.commit()
    except OperationalError:
        log.warning("a page of the search was shown and not counted", exc_info=True)
