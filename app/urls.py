"""Where each noun's things have their page; one address for a thing, whoever names it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import url_for

PLURALS = {
    "profile": "organisations",
    "call": "calls",
    "expression": "expressions",
    "reply": "replies",
    "introduction": "introductions",
    "membership": "memberships",
    "application": "applications",
    "amendment": "amendments",
    "file": "files",
    "check": "checks",
    "disclosure": "disclosures",
    "plan": "plans",
    "statement": "statements",
    "assignment": "assignments",
    "assessment": "assessments",
    "consensus": "consensus",
    "decision": "decisions",
    "label": "labels",
    "enquiry": "questions",
    "exception": "exceptions",
    "clarification": "clarifications",
    "redaction": "redactions",
    "review": "reviews",
    "advance": "advances",
    "person": "people",
    "expert": "experts",
    "standin": "stand-ins",
    "document": "documents",
    "dossier": "dossiers",
}


def param_of(noun: str) -> str:
    """Name the parameter of addresses that holds the noun's id."""
    return "organisation_id" if noun == "profile" else f"{noun}_id"


def url_of(noun: str, thing_id: str) -> str:
    """Give the address of a thing's page: the view `show` of its blueprint."""
    blueprint = "organisation" if noun == "profile" else noun
    values: dict[str, Any] = {param_of(noun): thing_id}
    return url_for(f"{blueprint}.show", **values)


def with_query(endpoint: str, asked: Mapping[str, Sequence[str] | str]) -> str:
    """Give the address of a list with what somebody asked of it.

    Names that a visitor typed never reach `url_for` as parameters: some of them mean something to it.
    """
    query = urlencode(asked, doseq=True)
    return url_for(endpoint) + (f"?{query}" if query else "")


def path_of(noun: str, thing_id: str) -> str:
    """Give the same address without a request, for mails; a test compares both."""
    return f"/{PLURALS[noun]}/{thing_id}"


def act_url(thing: Any, name: str) -> str:  # noqa: ANN401 - any thing with a machine
    """Give the address of the page that asks before a row of the thing's machine is taken."""
    noun = thing.__noun__
    values: dict[str, Any] = {param_of(noun): thing.id, "transition": name}
    return url_for(f"act.{noun}", **values)
