"""The application: wiring only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from flask_babel import Babel
from werkzeug.middleware.proxy_fix import ProxyFix

from app.db import Database
from app.documents.pictures import Pictures
from app.errors import register_errors
from app.gate import close_session, csrf
from app.headers import register_headers
from app.navigation import language_of_page, register_navigation
from app.page_texts import register_page_texts
from app.sign_ins import register_sign_ins
from app.store import Store
from app.ui import register_ui
from app.views import BLUEPRINTS, demo
from app.wiring import wire
from config import Settings, from_environment

HERE = Path(__file__).resolve().parent


def now_in_utc() -> datetime:
    return datetime.now(UTC)


def create_app(settings: Settings | None = None, *, clock: Callable[[], datetime] = now_in_utc) -> Flask:
    """Build the web application. Refuses to start if a view declares no permission or an effect is missing."""
    settings = settings or from_environment()
    app = Flask(__name__, template_folder=str(HERE.parent / "templates"), static_folder=str(HERE / "static"))
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="__Host-session" if settings.https else "session",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=12 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=4 * 1024 * 1024,
        WTF_CSRF_CHECK_DEFAULT=False,  # the gate asks, after the sign-in check
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.extensions.update(
        settings=settings,
        clock=clock,
        database=Database(settings.database_url),
        store=Store.from_url(settings.storage_url),
        pictures=Pictures(settings.data / "pictures"),
    )
    wire()
    csrf.init_app(app)
    app.teardown_request(close_session)
    register_sign_ins(app)
    Babel(app, default_translation_directories=str(settings.translations), locale_selector=language_of_page)
    register_page_texts(app)
    register_headers(app)
    register_ui(app)
    register_navigation(app)
    register_errors(app)
    for blueprint in (*BLUEPRINTS, *((demo.bp,) if settings.demonstration else ())):
        app.register_blueprint(blueprint)
    refuse_views_without_permission(app)
    if settings.proxies:  # the sender's address alone is believed; addresses of pages come from the settings
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=0, x_host=0)  # type: ignore[method-assign]
    return app


def refuse_views_without_permission(app: Flask) -> None:
    bare = [e for e, view in app.view_functions.items() if e != "static" and not hasattr(view, "permission")]
    if bare:
        raise RuntimeError(f"these views declare no permission: {', '.join(sorted(bare))}")
