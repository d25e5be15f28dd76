"""One blueprint for each noun."""

from flask import Blueprint

from app.views import (
    act,
    admin,
    application,
    application_files,
    application_people,
    application_write,
    api,
    call,
    call_office,
    cockpit,
    document,
    decision,
    expression,
    expression_draft,
    file,
    membership,
    message,
    label,
    organisation,
    organisation_people,
    person,
    public,
    reply,
    sign_in,
    sign_in_links,
    verify,
    work,
)

# A module that adds views to the blueprint of another is named beside it, so that it is imported.
ADDED = (application_files, application_people, application_write, call_office, expression_draft, organisation_people, sign_in_links)
BLUEPRINTS: tuple[Blueprint, ...] = (
    public.bp,
    act.bp,
    sign_in.bp,
    person.bp,
    work.bp,
    organisation.bp,
    admin.bp,
    call.bp,
    cockpit.bp,
    expression.bp,
    reply.bp,
    application.bp,
    membership.bp,
    file.bp,
    document.bp,
    message.bp,
    decision.bp,
    label.bp,
    verify.bp,
    api.bp,
)
