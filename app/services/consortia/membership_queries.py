"""What an invited organisation should know before it answers."""

from __future__ import annotations

from dataclasses import dataclass

from app.act import Act
from app.facts.membership import applications_of
from app.models import Membership, Organisation
from app.services.applications.application_queries import my_organisations
from app.services.calls.call import definition_of


@dataclass(frozen=True)
class Counted:
    """How many other applications of the call an organisation is part of, and how many the call allows."""

    name: str
    count: int
    limit: int | None

    @property
    def is_full(self) -> bool:
        return self.limit is not None and self.count >= self.limit


def applications_counted(act: Act, membership: Membership) -> list[Counted]:
    """Count for each organisation the person may answer for: the one that was invited, or the person's own."""
    bound: Organisation | None = membership.organisation
    call = membership.application.call
    limit = definition_of(call).applications_per_organisation
    return [
        Counted(one.name, applications_of(act, one.id, call.id, apart_from=membership.application_id), limit)
        for one in ([bound] if bound is not None else my_organisations(act))
    ]
