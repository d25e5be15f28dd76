"""Two people change one form at once: the slower one sees both texts side by side and chooses; nothing is lost.

For forms that are saved as a whole. A page carries a digest of what was stored when it was opened (`started_from`);
answers to the questions of a call have numbers of their own (`app/services/applications/answers.py`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from flask import render_template, request
from werkzeug.datastructures import MultiDict
from wtforms import Field, FieldList, FormField, SelectField, SelectMultipleField, StringField

from forms.base import BaseForm, clean_text

CLASH = 409
OURS = frozenset({"csrf_token", "act_id", "version", "started", "keep", "kept_as"})
THEIRS = "theirs-"


def started_from(stored: BaseForm) -> str:
    """Name what a form shows as it is stored: whoever saves from another start did not see the newest."""
    content = [[field.name, _said(field)] for field in stored if field.name not in OURS]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16]


def as_chosen() -> MultiDict[str, str] | None:
    """Give what was sent; where a clash was shown and theirs was chosen, their texts in place of one's own."""
    if request.method != "POST":
        return None
    sent = MultiDict(request.form)
    if sent.get("keep") == "theirs":
        for name in [name for name in sent if name.startswith(THEIRS)]:
            sent.setlist(name.removeprefix(THEIRS), sent.getlist(name))
    return sent


def clash_page(stored: BaseForm, back: str) -> tuple[str, int] | None:
    """Give the page with both texts, or None where nobody changed the form since it was opened."""
    now = started_from(stored)
    if request.form.get("started", now) == now:
        return None
    texts = [field for field in stored if isinstance(field, StringField) and field.name not in OURS]
    shown = {field.name for field in texts if _differs(field)}
    page = render_template(
        "errors/409.html", who=None, at=None, url=request.path, act_id=None, version=request.form.get("version"),
        started=now, back=back, both=True, written=[], carried=list(_carried(shown)),
        conflicts=[
            {"name": f.name, "label": f.label.text, "mine": request.form.get(f.name, ""), "theirs": _said(f)}
            for f in texts if f.name in shown
        ],
        others=[(f.label.text, _said(f)) for f in stored if f not in texts and _chosen_differs(f)],
    )  # fmt: skip
    return page, CLASH


def _carried(shown: set[str]) -> Iterator[tuple[str, str]]:
    """Everything else that was typed travels along."""
    for name, values in request.form.lists():
        if name not in OURS and name not in shown:
            yield from ((name, value) for value in values)


def _differs(field: Field) -> bool:
    return clean_text(request.form.get(field.name, "")) != clean_text(_said(field))


def _chosen_differs(field: Field) -> bool:
    if isinstance(field, SelectMultipleField):
        return sorted(request.form.getlist(field.name)) != sorted(field.data or [])
    if isinstance(field, SelectField):
        return request.form.get(field.name, "") != str(field.data or "")
    sent = [v for name in sorted(request.form) if name.startswith(f"{field.name}-") for v in request.form.getlist(name)]
    return isinstance(field, FieldList) and sorted(filter(None, sent)) != sorted(filter(None, _leaves(field)))


def _leaves(field: Any) -> list[str]:  # noqa: ANN401 - FieldList and FormField hold fields of any kind
    if isinstance(field, FieldList | FormField):
        return [text for inner in field for text in _leaves(inner)]
    return [_said(field)]


def _said(field: Any) -> str:  # noqa: ANN401 - any field of WTForms
    """Write what a field holds as one text: names rather than codes."""
    if isinstance(field, FieldList | FormField):
        return "; ".join(filter(None, _leaves(field)))
    if isinstance(field, SelectMultipleField | SelectField):
        held = field.data if isinstance(field.data, list) else [field.data]
        return ", ".join(str(choice[1]) for choice in field.iter_choices() if choice[0] in held)
    return str(field._value()) if hasattr(field, "_value") else str(field.data or "")  # noqa: SLF001 - what it shows
