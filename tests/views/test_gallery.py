"""Every macro in every state, on a page of its own that is not shipped: seen by a browser, by axe, and at 320 px."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask, render_template, request
from flask_babel import Babel
from flask_wtf import CSRFProtect
from jinja2 import ChoiceLoader, FileSystemLoader
from werkzeug.datastructures import MultiDict
from werkzeug.serving import make_server
from wtforms import Form, validators
from wtforms import fields as w
from wtforms.widgets import CheckboxInput, ListWidget

from app.ui import register_ui
from workflows.verdict import Reason
from workflows.words import Plural

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 22, 13, 2, 31, tzinfo=UTC)
CSP = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"


class Boxes(w.SelectMultipleField):
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class Part(Form):
    name = w.StringField("Name of the part", [validators.InputRequired("Enter the name of the part")])


class Sample(Form):
    title = w.StringField(
        "Title of the partnership",
        [validators.InputRequired("Enter the title of the partnership"), validators.Length(max=120)],
        description="As it should stand on the certificate, at most 120 characters",
    )
    summary = w.TextAreaField(
        "Summary for the public register",
        [validators.Length(max=60, message="Shorten the summary by 20 characters (limit 60)")],
        description="Plain language. It is published if the label is awarded.",
    )
    email = w.EmailField("E-mail address", [validators.Email("Enter an e-mail address in the form name@example.eu")])
    password = w.PasswordField("Password")
    area = w.RadioField("Thematic area", choices=[("am", "Advanced materials"), ("dt", "Digital transformation")])
    kinds = Boxes("Kinds of organisation", choices=[("c", "Cluster organisation"), ("t", "Technology centre")])
    country = w.SelectField("Country", choices=[("IT", "Italy"), ("EL", "Greece")])
    regions = w.SelectMultipleField("Regions served", choices=[("ITC4", "Lombardia"), ("EL30", "Attiki")])
    grant = w.DecimalField("Requested grant", [validators.Optional()])
    months = w.IntegerField("Months", [validators.Optional()])
    start = w.DateField("Start", [validators.Optional()])
    agree = w.BooleanField(
        "We have read the rules",
        [validators.InputRequired("Say that you have read the rules")],
        description="All of them",
    )
    letter = w.FileField("Letter of intent (PDF, up to 10 MB)")
    part = w.FormField(Part, "One part")
    parts = w.FieldList(w.StringField("Acronym", [validators.Length(max=3, message="Shorten the acronym")]), "Acronyms")
    token = w.HiddenField()


TYPED = MultiDict(
    {
        "summary": "x" * 80,
        "email": "maria.rossi@",
        "area": "steel",
        "kinds": "c",
        "grant": "many",
        "parts-0": "long one",
    }
)


def a_site(static: Path = ROOT / "app" / "static") -> Flask:
    site = Flask("gallery", template_folder=ROOT / "templates", static_folder=static)
    site.secret_key = "gallery"
    site.jinja_loader = ChoiceLoader([site.jinja_loader, FileSystemLoader(Path(__file__).parent / "gallery")])
    Babel(site)
    CSRFProtect(site)
    register_ui(site)
    site.context_processor(surroundings)
    site.after_request(with_csp)
    site.get("/")(show)
    for name in ("panes", "search"):
        site.get(f"/{name}", endpoint=name)(lambda name=name: render_template(f"{name}.html"))
    for code in (400, 403, 404, 409, 413, 422, 429, 500, 503):
        site.get(f"/error/{code}", endpoint=f"error-{code}")(lambda code=code: error(code))
    return site


def with_csp(response):
    response.headers["Content-Security-Policy"] = CSP
    return response


def surroundings():
    return {
        "nav": [
            ("/", "My work", True),
            ("/calls", "Calls", False),
            ("/find", "Find partners", False),
            ("/register", "Register of labels", False),
        ],
        "account": {"name": "Maria Rossi", "url": "/account", "role": "coordinator", "sign_out": "/out"},
        "sign_in_url": "/sign-in",
        "practice": "Practice copy: marks and refusals are invented.",
        "site": {"operator": "the programme office", "contact": "office@example.eu"},
        "foot": [("/a11y", "Accessibility statement"), ("/privacy", "Privacy"), ("/help", "Help and contact")],
        "request_id": "Q4T7",
    }


def reasons():
    missing = Reason(
        "assessments-missing", Plural("{n} assessment is missing", "{n} assessments are missing"), {"n": 2}
    )
    return [missing, Reason("closed", "The call closed on {at}", {"at": NOW})]


def show():
    sample = Sample(TYPED if request.args.get("state") == "wrong" else MultiDict({"parts-0": "EU"}))
    if request.args.get("state") == "wrong":
        sample.validate()
    return render_template(
        "all.html",
        sample=sample,
        now=NOW,
        until=NOW + timedelta(days=18, hours=2, minutes=58),
        past=NOW - timedelta(days=3),
        amount=Decimal(349952),
        why=reasons(),
    )


def error(code):
    conflict = {"name": "focus", "label": "Thematic focus", "mine": "My text", "theirs": "Her text"}
    return render_template(
        f"errors/{code}.html",
        reasons=reasons(), who="Ana Silva", at=NOW, url="/", act_id="A", version=8, conflicts=[conflict],
        wait=timedelta(minutes=3), limit="10 MB", contact="office@example.eu", kept=True,
    ), code  # fmt: skip


@pytest.fixture(scope="module")
def address():
    server = make_server("127.0.0.1", 0, a_site(), threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()
