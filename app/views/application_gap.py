"""What a consortium lacks, who could fill it, and what if somebody joined or left. Nothing is written."""

from __future__ import annotations

from flask import g, render_template, request

from app.gate import may
from app.models import Application, Organisation
from app.services.gaps.gap import missing_of
from app.services.gaps.gap_elsewhere import openings_for
from app.services.gaps.gap_reasons import in_words
from app.services.gaps.what_if import imagine, members_who_may_leave, organisations_named
from app.views.application import Answer, bp
from app.views.organisation import bp as organisation_bp


@bp.get("/applications/<application_id>/missing")
@may("application.view_gap")
def missing(application: Application) -> Answer:
    """The section of the consortium's page, on a page of its own."""
    return render_template(
        "application/missing.html", application=application, missing=missing_of(g.act, application), why=in_words
    )


@bp.get("/applications/<application_id>/what-if")
@may("application.view_gap")
def what_if(application: Application) -> Answer:
    """If X joined, if Y left: each rule's answer now and then, before anybody is asked."""
    asked = request.args
    words = asked.get("q", "")[:200]
    return render_template(
        "application/what_if.html", application=application, words=words,
        imagined=imagine(g.act, application, join=asked.get("join", ""), leave=asked.get("leave", "")),
        named=organisations_named(g.act, application, words), may_leave=members_who_may_leave(application),
    )  # fmt: skip


@organisation_bp.get("/organisations/<organisation_id>/openings")
@may("profile.view_openings")
def openings(organisation: Organisation) -> Answer:
    """Published expressions of interest this organisation would complete."""
    return render_template(
        "organisation/openings.html",
        organisation=organisation,
        openings=openings_for(g.act, organisation),
        why=in_words,
    )
