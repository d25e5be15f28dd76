"""All machines of the first road, by noun."""

from workflows.advance import ADVANCE
from workflows.amendment import AMENDMENT
from workflows.application import APPLICATION
from workflows.assessment import ASSESSMENT
from workflows.assignment import ASSIGNMENT
from workflows.call import CALL
from workflows.check import CHECK
from workflows.clarification import CLARIFICATION
from workflows.consensus import CONSENSUS
from workflows.decision import DECISION
from workflows.disclosure import DISCLOSURE
from workflows.enquiry import ENQUIRY
from workflows.exception import EXCEPTION
from workflows.expression import EXPRESSION
from workflows.file import FILE
from workflows.introduction import INTRODUCTION
from workflows.label import LABEL
from workflows.machine import Machine
from workflows.membership import MEMBERSHIP
from workflows.plan import PLAN
from workflows.profile import PROFILE
from workflows.redaction import REDACTION
from workflows.reply import REPLY
from workflows.review import REVIEW
from workflows.statement import STATEMENT

MACHINES: dict[str, Machine] = {
    machine.noun: machine
    for machine in (
        PROFILE, CALL, EXPRESSION, REPLY, INTRODUCTION, MEMBERSHIP, APPLICATION, AMENDMENT, FILE,
        CHECK, DISCLOSURE, PLAN, STATEMENT, ASSIGNMENT, ASSESSMENT, CONSENSUS, DECISION, LABEL, ENQUIRY, EXCEPTION, CLARIFICATION,
        REDACTION, REVIEW, ADVANCE,
    )
}  # fmt: skip
