"""One blueprint for each noun."""

from flask import Blueprint

from app.views import (
    act,
    call,
    call_office,
    cockpit,
    expression,
    expression_draft,
    organisation,
    organisation_people,
    person,
    public,
    reply,
    sign_in,
    sign_in_links,
    work,
)

# A module that adds views to the blueprint of another is named beside it, so that it is imported.
ADDED = (call_office, expression_draft, organisation_people, sign_in_links)
BLUEPRINTS: tuple[Blueprint, ...] = (
    public.bp,
    act.bp,
    sign_in.bp,
    person.bp,
    work.bp,
    organisation.bp,
    call.bp,
    cockpit.bp,
    expression.bp,
    reply.bp,
)
