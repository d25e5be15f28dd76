"""My work: what awaits the person in all their roles."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, g, render_template, url_for
from flask_babel import gettext as _

from app.gate import may
from app.services.organisations.organisation_queries import my_organisations
from app.services.work.task import Task
from app.services.work.work_time import all_tasks
from app.ui import words
from app.urls import path_of

bp = Blueprint("work", __name__)


@bp.get("/work")
@may("work.view")
def show() -> Any:  # noqa: ANN401
    items = [_item(task) for task in all_tasks(g.act)]
    return render_template("work/show.html", items=items, places=my_organisations(g.act))


def _item(task: Task) -> dict[str, Any]:
    return {"title": words(task.title, task.params), "role": _(task.role), "due": task.due, "url": _address(task)}


def _named(task: Task) -> dict[str, Any]:
    """The thing in the address of a task's own page; pages of a whole list name none."""
    return {f"{task.noun}_id": task.thing_id} if task.noun in {"call", "application", "membership"} else {}


def _address(task: Task) -> str:
    if task.endpoint and task.endpoint in current_app.view_functions:
        found = url_for(task.endpoint, **_named(task))
    else:
        found = path_of(task.noun, task.thing_id) + (f"/{task.transition}" if task.transition else "")
    return f"{found}#{task.anchor}" if task.anchor else found
