"""What guards of a reply may know."""

from __future__ import annotations

from app.act import Act
from app.models import Reply
from workflows.expression import OPEN_TO_REPLIES
from workflows.reply import Facts


def reply_facts(_act: Act, reply: Reply) -> Facts:
    return Facts(expression_is_open=reply.expression.state in OPEN_TO_REPLIES)
