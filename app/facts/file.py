"""What guards of a file may know."""

from __future__ import annotations

from app.act import Act
from app.facts.call import is_open_for
from app.models import Application, Expression, File
from workflows.file import Facts


def file_facts(act: Act, file: File) -> Facts:
    owner: Application | Expression
    if file.application_id is not None:
        owner = act.session.get_one(Application, file.application_id)
    else:
        owner = act.session.get_one(Expression, file.expression_id)
    return Facts(call_is_open=is_open_for(act, owner))
