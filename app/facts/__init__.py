"""The only bridge from models to guards: one function a noun, explicit loading, nothing decided."""

from app.facts.advance import advance_facts
from app.facts.amendment import amendment_facts
from app.facts.application import application_facts
from app.facts.assessment import assessment_facts
from app.facts.assignment import assignment_facts, facts_of_assignments
from app.facts.call import call_facts
from app.facts.check import check_facts
from app.facts.clarification import clarification_facts
from app.facts.consensus import consensus_facts
from app.facts.decision import decision_facts
from app.facts.disclosure import disclosure_facts
from app.facts.enquiry import enquiry_facts
from app.facts.exception import exception_facts
from app.facts.expression import expression_facts
from app.facts.file import file_facts
from app.facts.introduction import introduction_facts
from app.facts.label import label_facts
from app.facts.membership import membership_facts
from app.facts.plan import plan_facts
from app.facts.profile import profile_facts
from app.facts.redaction import redaction_facts
from app.facts.reply import reply_facts
from app.facts.review import review_facts
from app.facts.statement import statement_facts
from app.services.transitions import FactsFunction, FactsOfMany

FACTS: dict[str, FactsFunction] = {
    "profile": profile_facts,
    "call": call_facts,
    "expression": expression_facts,
    "reply": reply_facts,
    "introduction": introduction_facts,
    "membership": membership_facts,
    "application": application_facts,
    "amendment": amendment_facts,
    "file": file_facts,
    "check": check_facts,
    "disclosure": disclosure_facts,
    "plan": plan_facts,
    "statement": statement_facts,
    "assignment": assignment_facts,
    "assessment": assessment_facts,
    "consensus": consensus_facts,
    "decision": decision_facts,
    "label": label_facts,
    "enquiry": enquiry_facts,
    "exception": exception_facts,
    "clarification": clarification_facts,
    "redaction": redaction_facts,
    "review": review_facts,
    "advance": advance_facts,
}
# Where acts are taken on thousands at once: the same facts, loaded for all of them together.
FACTS_OF_MANY: dict[str, FactsOfMany] = {"assignment": facts_of_assignments}
