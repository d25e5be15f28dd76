"""What every page gets: the menu by permission, the account, the practice banner, who runs the site."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, g, request, url_for
from flask_babel import get_locale, gettext

from app import languages
from app.access import can, name_for, name_of, offered
from app.act import Act
from app.chance import Secret, new_id
from app.services.transitions import verdict_on
from app.typed import kept_for
from app.urls import act_url, path_of
from workflows.two_persons import NEEDS_TWO
from workflows.verdict import Reason
from workflows.words import _

ON_THE_WAY = frozenset({"sign-in-again", NEEDS_TWO})  # the page of the act leads to both
# action, endpoint, words; shown to whom the action is allowed
MENU: tuple[tuple[str, str, str], ...] = (
    ("work.view", "work.show", _("My work")),
    ("call.list", "call.index", _("Calls")),
    ("profile.list", "partner.index", _("Find partners")),
    ("application.list", "application.index", _("Applications")),
    ("expert.list", "expert.index", _("Evaluators")),
    ("decision.list_to_sign", "decision.to_sign", _("For your signature")),
    ("site.audit", "audit.index", _("My audits")),
    ("label.list", "label.index", _("Register of labels")),
    ("site.administer", "admin.index", _("Administration")),
)
FOOT = (("record", _("Public record")),
        ("accessibility", _("Accessibility")), ("privacy", _("Privacy")), ("help_page", _("Help and contact")),
        ("permissions", _("Who may do what")), ("licences", _("Licences")))  # fmt: skip


def language_of_page() -> str:
    """Give the language a person has chosen; to others the one their browser prefers, of those there are."""
    folder = current_app.extensions["settings"].translations
    act: Act | None = g.get("act")
    if act is not None and act.person is not None:
        return languages.one_of(act.person.language, folder)
    return request.accept_languages.best_match(languages.available(folder)) or languages.ENGLISH


def _known(app: Flask, endpoint: str) -> bool:
    return endpoint in app.view_functions


def _foot_address(page: str) -> str:
    """Give the address of a page of the foot; help learns which page was open, and its reference."""
    asked = {"page": request.path, "reference": g.get("request_id", "")} if page == "help_page" else {}
    return url_for(f"public.{page}", **asked)


def _page_values(app: Flask) -> dict[str, Any]:
    act: Act | None = g.get("act")
    settings = app.extensions["settings"]
    values: dict[str, Any] = {
        "site": {"operator": settings.site.operator, "contact": settings.site.contact, "logo": None},
        "practice": gettext("Demonstration: nothing here is real, marks and refusals are invented.")
        if settings.demonstration
        else (gettext("Practice system: nothing here has effect.") if settings.environment == "practice" else None),
        "foot": [(_foot_address(page), gettext(words)) for page, words in FOOT if _known(app, f"public.{page}")],
        "sign_in_url": url_for("sign_in.show") if _known(app, "sign_in.show") else None,
        "account": None,
        "sign_in_ends": g.get("sign_in_ends"),
        "request_id": g.get("request_id", ""),
        "lang": str(get_locale() or languages.ENGLISH).replace("_", "-"),
        "nav": [],
        "new_act_id": lambda: new_id(Secret()),
        "keep_for": None if act is None else kept_for(act),
        "answers_post": request.method == "POST",
    }
    if act is None:
        return values
    blueprint = request.blueprint or ""
    values["nav"] = [
        (url_for(endpoint), gettext(words), endpoint.partition(".")[0] == blueprint)
        for action, endpoint, words in MENU
        if _known(app, endpoint) and can(act, action)
    ]
    if act.person is not None:
        values["account"] = _account(act.person.name)
    return values | {
        "can": lambda action, thing=None: can(act, action, thing),
        "offered": lambda thing: offered(act, thing),
        "against": lambda thing: _against(act, thing),
        "name_of": lambda thing, relations: gettext(name_of(thing, relations)),
        "act_url": act_url,
        "path_of": path_of,
        "word_of": lambda thing: gettext(name_for(act, thing)),
        "now": act.now,
        "me": act.person,
    }


def _account(name: str) -> dict[str, str | None]:
    return {"name": name, "url": url_for("person.mine"), "role": None, "sign_out": url_for("sign_in.sign_out")}


def _against(act: Act, thing: Any) -> dict[str, tuple[Reason, ...]]:  # noqa: ANN401 - any thing with a machine
    """Give the reasons against each offered act that can't be taken now; signing in again is done on the way."""
    refused = {row.name: verdict_on(act, thing, row.name).reasons for row in offered(act, thing)}
    return {name: found for name, found in refused.items() if {reason.code for reason in found} - ON_THE_WAY}


def register_navigation(app: Flask) -> None:
    app.context_processor(lambda: _page_values(app))
