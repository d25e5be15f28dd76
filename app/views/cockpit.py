"""The cockpit of a call."""

from __future__ import annotations

from flask import Blueprint, current_app, g, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.gate import may
from app.maps import overlay
from app.models import Call
from app.office_page import past_in
from app.services.work.cockpit import cockpit_of
from app.services.work.cockpit_needs import Line
from app.services.work.office_lists import NAMES
from app.views.call import Answer

bp = Blueprint("cockpit", __name__)
OF_THE_PAST = frozenset({"office_list.show", "decision.of_call"})  # pages that can be seen as of a moment


@bp.get("/calls/<call_id>/cockpit")
@may("call.manage")
def show(call: Call) -> Answer:
    past = past_in(g.act, call)
    here = url_for("cockpit.show", call_id=call.id)
    if past.refused:
        return render_template("cockpit/moment.html", call=call, past=past, title=_("Cockpit"), form=past.form,
                               action=here), 422  # fmt: skip
    found = cockpit_of(g.act, call, past.moment)
    return render_template(
        "cockpit/show.html", call=call, cockpit=found, overlay=overlay(found.marks), past=past, here=here,
        address=lambda endpoint, query: _address(endpoint, query, past.text if past.moment else ""), badge=_badge,
        lists=NAMES.items(),
    )  # fmt: skip


def _address(endpoint: str, query: dict[str, str], as_of: str) -> str | None:
    """The list a number leads to, of the same moment; nothing where there is none."""
    if endpoint not in current_app.view_functions:
        return None
    more = {"as_of": as_of} if as_of and endpoint in OF_THE_PAST else {}
    return url_for(endpoint, **query, **more)  # type: ignore[arg-type]


def _badge(line: Line) -> tuple[str, str]:
    """Say how urgent a line is, in a word with its colour: how long overdue, how long it waits, new, or to look at."""
    days = (g.act.now - line.since).days if line.since else 0
    if line.overdue:
        return (ngettext("Overdue %(num)d day", "Overdue %(num)d days", days) if days else _("Overdue")), "danger"
    if line.since is None:
        return _("Look at it"), "warning"
    return (ngettext("Waits %(num)d day", "Waits %(num)d days", days) if days else _("New")), "warning"
