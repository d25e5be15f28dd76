"""Every macro in every state, on a page of its own that is not shipped: seen by a browser, by axe, and at 320 px."""

import gzip
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask, render_template, render_template_string, request
from flask_babel import Babel
from flask_wtf import CSRFProtect
from jinja2 import ChoiceLoader, FileSystemLoader
from werkzeug.datastructures import MultiDict
from werkzeug.serving import make_server
from wtforms import Form, validators
from wtforms import fields as w
from wtforms.widgets import CheckboxInput, ListWidget

from app.ui import count_characters, register_ui
from workflows.verdict import Reason
from workflows.words import Plural

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 22, 13, 2, 31, tzinfo=UTC)
CODES = (400, 403, 404, 409, 413, 422, 429, 500, 503)
CHROMIUM = [
    "--no-sandbox",
    "--headless",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
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
    area = w.RadioField(
        "Thematic area",
        choices=[w.SelectChoice("am", "Advanced materials"), w.SelectChoice("dt", "Digital transformation")],
    )
    kinds = Boxes(
        "Kinds of organisation",
        choices=[w.SelectChoice("c", "Cluster organisation"), w.SelectChoice("t", "Technology centre")],
    )
    country = w.SelectField("Country", choices=[w.SelectChoice("IT", "Italy"), w.SelectChoice("EL", "Greece")])
    regions = w.SelectMultipleField(
        "Regions served", choices=[w.SelectChoice("ITC4", "Lombardia"), w.SelectChoice("EL30", "Attiki")]
    )
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
    site.get("/home", endpoint="public.home")(show)
    for name in ("panes", "search"):
        site.get(f"/{name}", endpoint=name)(lambda name=name: render_template(f"{name}.html"))
    site.post("/save")(save)
    for code in CODES:
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
        "keep_for": "maria",
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


def save():
    if request.form["title"] == "clash":
        return error(409)
    if request.form["title"] == "signed out":
        return "<main>Sign in</main>"
    return render_template_string('{% from "components/text.html" import saved %}{{ saved("Saved at 14:02:32") }}')


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


@pytest.fixture
def a_page(browser):
    """Open pages; afterwards no script may have broken and no request may have failed, but for those left behind."""
    pages, faults = [], []

    def opened(width=1360, **options):
        page = browser.new_context(viewport={"width": width, "height": 900}, **options).new_page()
        page.set_default_timeout(5000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("requestfailed", lambda failed: faults.append((failed.url, failed.failure)))
        pages.append(page)
        return page

    yield opened
    for page in pages:
        page.context.close()
    assert [fault for fault in faults if "net::ERR_ABORTED" not in fault] == []


FULL = ["/", "/?state=wrong", "/panes", "/search"]
PAGES = [(path, width) for path in FULL for width in (320, 1360)] + [(f"/error/{code}", 320) for code in CODES]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"


@pytest.mark.browser
@pytest.mark.parametrize(("path", "width"), PAGES)
def test_each_page_passes_axe_and_never_scrolls_sideways(a_page, address, path, width):
    page = a_page(width, bypass_csp=True)
    page.goto(address + path)
    page.add_script_tag(path=AXE)

    found = page.evaluate(
        "axe.run(document, {runOnly: ['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice']})"
    )

    assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in found["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.browser
def test_nothing_breaks_the_policy_that_forbids_inline_code(a_page, address):
    page = a_page()
    said = []
    page.on("console", lambda message: said.append(message.text))

    page.goto(address + "/")

    assert [text for text in said if "Content Security Policy" in text] == []


@pytest.mark.browser
def test_nothing_is_fetched_twice_nor_from_another_host(a_page, address):
    page = a_page()
    asked = []
    page.on("request", lambda sent: asked.append(sent.url))

    page.goto(address + "/", wait_until="networkidle")

    assert len(asked) == len(set(asked))
    assert [url for url in asked if not url.startswith(address)] == []


@pytest.mark.browser
def test_the_error_summary_has_the_focus_and_leads_to_the_first_choice(a_page, address):
    page = a_page()
    page.goto(address + "/?state=wrong")

    assert page.evaluate("document.activeElement.id") == "error-summary"
    page.get_by_role("alert").get_by_role("link").nth(3).press("Enter")
    assert page.evaluate("document.activeElement.id") == "area-0"


@pytest.mark.browser
@pytest.mark.parametrize("text", ["abc", "e\u0301te\u0301", "a\nb", "😀😀", "x" * 70])
def test_the_browser_counts_as_the_server(a_page, address, text):
    page = a_page()
    page.goto(address + "/")

    page.get_by_label("Summary for the public register").fill(text)

    left = 60 - count_characters(text.replace("\n", "\r\n"))
    assert (
        page.locator("#summary-counter")
        .inner_text()
        .startswith(f"{abs(left)} characters {'left' if left >= 0 else 'too many'}")
    )


@pytest.mark.browser
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("A title", "Saved at 14:02:32"),
        ("clash", "Not saved: press Save to see why."),
        ("signed out", "Not saved yet. Your text is kept in this browser."),
    ],
)
def test_what_is_typed_saves_itself_and_a_refusal_is_told(a_page, address, typed, said):
    page = a_page()
    page.goto(address + "/")

    page.get_by_label("Title of the partnership").fill(typed)

    page.locator("#save-status", has_text=said).wait_for()
    page.locator("#live", has_text=said).wait_for()  # told to who hears the page, a moment later
    assert page.get_by_label("Title of the partnership").input_value() == typed


@pytest.mark.browser
def test_text_that_could_not_be_saved_is_there_after_coming_back(a_page, address):
    page = a_page()
    page.goto(address + "/")
    page.get_by_label("Title of the partnership").fill("signed out")
    page.locator("#save-status", has_text="Not saved yet").wait_for()

    page.goto(address + "/panes")
    page.goto(address + "/")

    assert page.get_by_label("Title of the partnership").input_value() == "signed out"


@pytest.mark.browser
def test_plus_and_minus_keep_to_the_step_and_name_the_band(a_page, address):
    page = a_page()
    page.goto(address + "/panes")
    mark = page.get_by_label("Score from 0 to 30")

    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="More").click()
    assert mark.input_value() == "0.5"
    mark.fill("23,5")
    mark.press("ArrowUp")

    assert mark.input_value() == "24.0"
    assert page.locator("[data-escp-band=c2]").inner_text() == "24.0: Excellent."


@pytest.mark.browser
def test_single_keys_move_but_not_while_typing(a_page, address):
    page = a_page()
    page.goto(address + "/panes")

    page.keyboard.press("2")
    assert page.evaluate("document.activeElement.id") == "c2"
    page.keyboard.type("j")
    assert page.url == address + "/panes"
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")

    page.wait_for_url(address + "/search")


@pytest.mark.browser
def test_a_password_can_be_shown_and_is_hidden_when_sent(a_page, address):
    page = a_page()
    page.goto(address + "/")
    password = page.get_by_label("Password", exact=True)

    page.get_by_role("button", name="Show what is typed").click()
    assert password.get_attribute("type") == "text"
    page.get_by_role("button", name="Hide what is typed").click()

    assert password.get_attribute("type") == "password"


@pytest.mark.browser
def test_a_file_is_compared_in_the_browser(a_page, address, tmp_path):
    (tmp_path / "other.pdf").write_bytes(b"%PDF other")
    page = a_page()
    page.goto(address + "/")

    page.get_by_label("Certificate (PDF)").set_input_files(tmp_path / "other.pdf")

    page.get_by_text("We did not issue this file.").wait_for()


@pytest.mark.browser
def test_every_control_is_there_without_scripts(a_page, address):
    page = a_page(java_script_enabled=False)
    page.goto(address + "/")

    assert page.get_by_label("Score from 0 to 30").is_visible()
    assert page.get_by_role("button", name="Save and continue").is_visible()


def page_of(path):
    return a_site().test_client().get(path).get_data(as_text=True)


def test_a_wrong_form_says_so_in_the_title_the_summary_and_at_the_field():
    text = page_of("/?state=wrong")

    assert "<title>Error: SMARTEX-4R – ESCP-S3</title>" in text
    assert '<a href="#title">Enter the title of the partnership</a>' in text
    assert re.search(r'<p class="[^"]*" id="title-error">.*Enter the title of the partnership</p>', text)
    assert 'aria-describedby="title-hint title-error title-counter"' in text
    assert 'value="maria.rossi@"' in text


def test_a_limit_is_told_and_never_cuts_what_is_typed():
    assert "maxlength" not in page_of("/")


def test_an_acting_form_carries_token_act_and_version():
    text = page_of("/")

    assert 'name="act_id" value="ACT"' in text
    assert 'name="version" id="form-version" value="7"' in text
    assert text.count('name="csrf_token"') == 3  # the form, the small action form, signing out


def test_only_hashed_assets_may_be_kept_for_ever():
    client = a_site().test_client()
    address = re.search(r'href="(/static/app\.css\?v=[0-9a-f]{12})"', page_of("/"))[1]

    with client.get(address) as hashed, client.get("/static/app.css") as plain:
        assert hashed.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "immutable" not in plain.headers["Cache-Control"]


def test_missing_and_hidden_are_the_same_page_and_name_nothing():
    assert "It does not exist, it has moved, or it is not for the account" in page_of("/error/404")


def test_a_clash_shows_both_texts_and_keeps_the_typed_one_in_its_field():
    text = page_of("/error/409")

    assert ">My text</textarea>" in text
    assert '<div class="escp-quote">Her text</div>' in text


def test_a_first_visit_stays_within_its_budget():
    text = page_of("/search")
    loaded = set(re.findall(r'(?:href|src)="/static/([^"?]+)[^"]*"', text)) - {"mark.svg"}
    weight = sum(
        len(gzip.compress((ROOT / "app" / "static" / name).read_bytes())) for name in loaded if "LICENSE" not in name
    )

    assert {"app.css", "app.js", "vendor/ecl.css", "vendor/htmx.min.js", "vendor/inter-latin.woff2"} <= loaded
    assert weight + len(gzip.compress(text.encode())) <= 150_000
