"""What guards of a statement of work may know."""

from __future__ import annotations

from app.act import Act
from app.models import Statement
from app.services.experts.work_done import lines_of
from workflows.statement import Facts


def statement_facts(act: Act, statement: Statement) -> Facts:
    now = lines_of(act, statement.call, [statement.person_id], {statement.person_id: statement.panel_days})
    return Facts(
        person=statement.person_id,
        lines=len(statement.lines),
        is_up_to_date=statement.lines == now.get(statement.person_id, []),
    )
