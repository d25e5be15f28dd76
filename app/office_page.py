"""What the pages of the office's lists are made of: what their address asks, and the addresses they lead to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.access import visible
from app.act import Act
from app.models import Application, Call, Decision
from app.services.work.office_list import LONGEST, Chosen, Line, Sheet, Shown
from app.services.work.office_lists import MODELS
from app.ui import reason, words
from forms.office_list import AsOfForm
from workflows.as_of import moment_asked
from workflows.machines import MACHINES
from workflows.verdict import Reason

Asked = Mapping[str, Sequence[str] | str]


@dataclass(frozen=True)
class Past:
    """The moment a page speaks of: none for the present; a form with its error where it can't be read."""

    moment: datetime | None
    text: str
    form: AsOfForm
    refused: bool = False


def past_in(act: Act, call: Call) -> Past:
    """Read the moment of the address, in the call's time."""
    text = request.args.get("as_of", "")[:60]
    form = AsOfForm(MultiDict({"as_of": text}))
    if not text.strip():
        return Past(None, "", form)
    found = moment_asked(text, ZoneInfo(call.zone), act.now)
    if isinstance(found, Reason):
        form.as_of.errors = [reason(found)]
        return Past(None, text, form, refused=True)
    return Past(found, text, form)


def unreadable_moment(decision: Decision, past: Past, title: str, endpoint: str) -> tuple[str, int]:
    """Answer a page of the decision's room that was asked for a moment that can't be read."""
    here = url_for(endpoint, decision_id=decision.id)
    page = render_template("cockpit/moment.html", call=decision.call, past=past, title=title, form=past.form,
                           action=here, back=(here, title))  # fmt: skip
    return page, 422


def chosen_in(sheet: Sheet, asked: MultiDict[str, str]) -> Chosen:
    """Read what the address asks of a list; values no filter has are left out."""
    sort = asked.get("sort", "")
    return Chosen(
        words=asked.get("q", "").strip()[:LONGEST],
        picked={
            facet.key: frozenset(value for value in asked.getlist(facet.key) if value in facet.names)
            for facet in sheet.facets
        },
        sort=sort if sort.removeprefix("-") in {column.key for column in sheet.columns} else "",
        page=max(1, asked.get("page", 1, type=int)),
    )


def asked_of(chosen: Chosen, past: Past) -> dict[str, Sequence[str] | str]:
    """Give what is asked as it stands in an address, always in the same order; the page apart."""
    asked: dict[str, Sequence[str] | str] = {"q": chosen.words} if chosen.words else {}
    asked |= {key: sorted(values) for key, values in chosen.picked.items() if values}
    if chosen.sort:
        asked["sort"] = chosen.sort
    if past.moment is not None:
        asked["as_of"] = past.text
    return asked


def address(call: Call, of: str, asked: Asked, endpoint: str = "office_list.show", **more: str) -> str:
    query = urlencode(asked, doseq=True)
    values: dict[str, Any] = {"call_id": call.id, "of": of, **more}
    return url_for(endpoint, **values) + (f"?{query}" if query else "")


def groups_of(call: Call, of: str, found: Shown, asked: dict[str, Any]) -> list[dict[str, Any]]:
    """Make each filter a group of links: one adds its value, one that is set takes it away."""
    return [
        {
            "title": words(facet.label),
            "links": [
                {
                    "label": option.label if option.plain else words(option.label),
                    "count": option.count,
                    "set": option.checked,
                    "url": address(call, of, _toggled(asked, facet.key, option.value)),
                }
                for option in options
            ],
        }
        for facet, options in found.groups
        if options
    ]


def _toggled(asked: dict[str, Any], key: str, value: str) -> dict[str, Any]:
    values = set(asked.get(key, ()))
    changed = {**asked, key: sorted(values ^ {value})}
    return {name: given for name, given in changed.items() if given}


def columns_of(call: Call, of: str, sheet: Sheet, asked: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the columns with the address that sorts by each: once up, once down."""
    sort = asked.get("sort", "")
    return [
        {
            "key": column.key,
            "label": words(column.label),
            "numeric": column.numeric,
            "sort": address(call, of, asked | {"sort": f"-{column.key}" if sort == column.key else column.key}),
            "sorted": {column.key: "ascending", f"-{column.key}": "descending"}.get(sort),
        }
        for column in sheet.columns
    ]


def places_of(act: Act, of: str, lines: Sequence[Line]) -> dict[str, str]:
    """Give the page each line leads to; one query for all."""
    ids = [line.application for line in lines]
    readable = frozenset(
        act.session.scalars(
            visible(act, Application, "application.view")
            .where(Application.id.in_(ids))
            .with_only_columns(Application.id)
        )
    )
    return {line.id: _place(of, line, readable=line.application in readable) for line in lines}


def _place(of: str, line: Line, *, readable: bool) -> str:
    there: dict[str, Any] = {"application_id": line.application}
    if of == "checks":
        return url_for("check.of_application", _anchor=f"check-{line.id}", **there)
    if of == "tasks":
        return url_for("assignment.of_application", _anchor=f"task-{line.id}", **there)
    if of == "consensus":
        return url_for("consensus.show", consensus_id=line.id)
    return url_for("application.show" if readable else "application.readiness", **there)


def opening(call: Call, of: str, asked: Asked, line: str) -> str:
    """The list with one row opened beside it, at the place of that row; without a row, the list as it was."""
    return address(call, of, dict(asked) | ({"open": line} if line else {})) + (f"#row-{line}" if line else "")


def doors_of(act: Act, call: Call, of: str, line: Line, offers: Mapping[str, frozenset[str]]) -> list[tuple[str, str]]:
    """Where an opened row leads: to its page, and to what can be done on it, which is asked on a page of its own."""
    machine = MACHINES[MODELS[of].__noun__]
    acts = [
        (words(machine.words[name].button), address(call, of, {"row": name, "thing": line.id}, "batch.confirm"))
        for name, there in offers.items()
        if line.id in there
    ]
    return [(_("Open its page"), places_of(act, of, [line])[line.id]), *acts]


def summary_of(found: Shown, chosen: Chosen) -> str:
    """Say in words what is asked, for the file that is taken away."""
    said = [_("words: %(words)s", words=chosen.words)] if chosen.words else []
    for facet, options in found.groups:
        if names := [one.label if one.plain else words(one.label) for one in options if one.checked]:
            said.append(f"{words(facet.label)}: {', '.join(names)}")
    return "; ".join(said) or _("no filter")
