"""What guards of a disclosure may know."""

from __future__ import annotations

from sqlalchemy import func, select

from app.act import Act
from app.interest import on_the_list, was_gone_through
from app.models import Application, Disclosure, Membership
from workflows.disclosure import Facts


def disclosure_facts(act: Act, disclosure: Disclosure) -> Facts:
    added = (
        select(func.count())
        .select_from(Membership)
        .join(Application, Application.id == Membership.application_id)
        .join(Disclosure, Disclosure.call_id == Application.call_id)
        .where(Disclosure.id == disclosure.id, on_the_list(), ~was_gone_through())
    )
    return Facts(organisations_added=act.session.scalar(added) or 0)
