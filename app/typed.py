"""What somebody typed when their sign-in ended or their form had grown old: nothing of it is stored, nothing is lost.

It travels in a hidden field, encrypted for the person of the ended sign-in, and comes back for nobody else.
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from cryptography.fernet import Fernet, InvalidToken
from flask import current_app, g, render_template, request
from markupsafe import escape
from werkzeug.wrappers import Response

from app import keys, sign_ins
from app.act import Act
from forms.base import clean_text
from forms.sign_in import SignInForm

LIVES = 24 * 3600  # seconds
NOT_KEPT = frozenset({"csrf_token", "kept"})
UNSEEN = NOT_KEPT | {"act_id", "version", "next", "kept_as"}  # fields that no person wrote
CODE = re.compile(r"[a-z2-7]{26}")  # an id
OF_VERSIONS = ("n_", "was_", "number-")  # what fields began from
COPY = re.compile(r"[a-z0-9]{16}")  # how the script names the copy it keeps in the browser


@dataclass(frozen=True)
class Typed:
    """A form that was sent: where to, and the fields in their order."""

    path: str
    fields: tuple[tuple[str, str], ...]
    files: bool = False  # files were chosen too, and must be chosen again


def typed_now() -> Typed:
    """Take what this request brought, passwords apart."""
    fields = [
        (name, value)
        for name, values in request.form.lists()
        for value in values
        if name not in NOT_KEPT and "password" not in name
    ]
    return Typed(request.full_path.rstrip("?"), tuple(fields), files=any(f.filename for f in request.files.values()))


def written(typed: Typed) -> list[tuple[str, str]]:
    """Give the fields a person wrote in, for a page that can only show them."""
    seen = [(n, v) for n, v in typed.fields if v and n not in UNSEEN and not n.startswith(OF_VERSIONS)]
    return [(name, value) for name, value in seen if not CODE.fullmatch(value)]


def add_what_is_missing(response: Response) -> Response:
    """Put what was typed on a page that refuses it, where the page itself does not show it again."""
    if _by_script() or not (response.mimetype or "").startswith("text/html"):
        return response
    page = response.get_data(as_text=True)
    missing = [(name, value) for name, value in written(typed_now()) if not _is_on(page, value)]
    if missing:
        words = render_template("errors/_written.html", written=missing)
        before, main, after = page.rpartition("</main>")
        response.set_data(before + words + main + after)
    return response


def _is_on(page: str, value: str) -> bool:
    return str(escape(clean_text(value) or "")) in page.replace("\r\n", "\n")


def seal(typed: Typed, person_id: str) -> str:
    content = json.dumps([typed.path, typed.fields, typed.files]).encode()
    return _box(person_id).encrypt(content).decode()


def unseal(sealed: str, person_id: str) -> Typed | None:
    """Give back what was typed, to its own person and within a day; else None."""
    try:
        path, fields, files = json.loads(_box(person_id).decrypt(sealed.encode(), ttl=LIVES))
    except (InvalidToken, ValueError):
        return None
    return Typed(sign_ins.local(path), tuple((str(name), str(value)) for name, value in fields), bool(files))


def _box(person_id: str) -> Fernet:
    secret = current_app.extensions["settings"].secret_key
    return Fernet(base64.urlsafe_b64encode(keys.digest(secret, "typed", person_id.encode())))


def kept_for(act: Act) -> str | None:
    """Name the person to the script that keeps what they type; None for visitors and on shared computers."""
    if act.person_id is None or sign_ins.on_shared_computer():
        return None
    return keys.digest(current_app.extensions["settings"].secret_key, "kept for", act.person_id.encode()).hex()[:16]


def tell_stored(response: Response) -> None:
    """Tell the script which of its copies is stored now; it holds no more than the name that the script gave it."""
    copy = request.form.get("kept_as", "")
    if COPY.fullmatch(copy):
        secure = current_app.extensions["settings"].https
        response.set_cookie(f"escp-stored-{copy}", "1", max_age=600, secure=secure, samesite="Lax", path="/")


def _by_script() -> bool:
    return bool(request.headers.get("HX-Request"))


def ask_again() -> Response:
    """Answer a POST whose sign-in has ended: the sign-in page, with what was typed in it."""
    if _by_script():
        return Response(render_template("sign_in/_not_saved.html", ended=True), 401, mimetype="text/html")
    typed = typed_now()
    person_id = sign_ins.ended_person_id(g.act.session)
    back = sign_ins.local(page_before())
    form = SignInForm(None, data={"kept": seal(typed, person_id) if person_id else "", "next": back})
    page = render_template("sign_in/ended.html", form=form, kept=person_id is not None, files=typed.files)
    return Response(page, 401, mimetype="text/html")


def page_before() -> str:
    """Give the page the form stood on. Its scheme says nothing: a web server before this one ends the encryption."""
    found = urlsplit(request.referrer or "")
    ours = found.netloc == request.host
    return urlunsplit(("", "", found.path, found.query, "")) if ours else ""


def send_again() -> tuple[str, int]:
    """Answer a form whose token is wrong or old: nothing is stored, one click sends it again."""
    if _by_script():
        return render_template("sign_in/_not_saved.html", ended=False), 400
    return render_template("sign_in/send_again.html", typed=typed_now(), returned=False), 400
