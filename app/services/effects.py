"""How each effect, fill and selection of the tables is done: one function each, in the file of its noun."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.act import Act
from app.services import selections
from app.services.anonymising.redaction import follow_version
from app.services.applications.submission import freeze_version
from app.services.assigning.assignment import start_assessment
from app.services.assigning.due_dates import move_due
from app.services.assigning.plan import assign_as_planned, take_plan_back
from app.services.calls.call import move_deadline, note_extension
from app.services.calls.call_versions import apply_change
from app.services.calls.enquiry import answer_enquiry
from app.services.calls.exception import grant_exception, lapsed_of_exception, propose_exception, received_of_exception
from app.services.checks.check import open_checks
from app.services.checks.clarification import freeze_clarification
from app.services.conflicts.conflict import close_findings, note_conflict, note_findings
from app.services.conflicts.disclosure import ask_to_disclose, note_interests
from app.services.consortia.amendment import apply_amendment, invite_later
from app.services.consortia.consent import ask_to_confirm
from app.services.consortia.membership import end_participation, mail_invitation, record_consent
from app.services.consortia.other_address import give_invitation, refuse_address
from app.services.deciding.decision import freeze_ranking
from app.services.deciding.letter_fit import look_through
from app.services.deciding.reserve import of_advance
from app.services.dossiers.anchoring import want_head_of_release
from app.services.evaluating.consensus import merge_remarks, record_signature, void_signatures
from app.services.evaluating.freezing import end_experts_sign_ins
from app.services.evaluating.quality import confirm_quality
from app.services.experts.statement_of_work import count_work
from app.services.expressions.expression import carry_over, freeze_expression
from app.services.labels.charter import accept_as_coordinator, ask_partners
from app.services.labels.label import (
    allot_number,
    change_grant_line,
    label_to_offer_again,
    label_with_another_grant,
    label_without_award,
    offer_label,
    offer_label_without_grant,
    offered_label_of_application,
)
from app.services.reviews.review_checks import late_review_of_application, refused_of_review
from app.services.reviews.review_fork import (
    freeze_fork,
    review_awards,
    review_confirms,
    review_holds_in_reserve,
    review_rejects,
)
from app.services.transitions import EffectFunction, Selection

EFFECTS: dict[str, EffectFunction] = {
    "freeze_expression": freeze_expression,
    "carry_over": carry_over,
    "mail_invitation": mail_invitation,
    "record_consent": record_consent,
    "ask_to_confirm": ask_to_confirm,
    "apply_amendment": apply_amendment,
    "invite_later": invite_later,
    "end_participation": end_participation,
    "give_invitation": give_invitation,
    "refuse_address": refuse_address,
    "freeze_version": freeze_version,
    "open_checks": open_checks,
    "move_deadline": move_deadline,
    "end_experts_sign_ins": end_experts_sign_ins,
    "note_extension": note_extension,
    "note_conflict": note_conflict,
    "ask_to_disclose": ask_to_disclose,
    "note_interests": note_interests,
    "note_findings": note_findings,
    "start_assessment": start_assessment,
    "close_findings": close_findings,
    "assign_as_planned": assign_as_planned,
    "take_plan_back": take_plan_back,
    "record_signature": record_signature,
    "void_signatures": void_signatures,
    "freeze_ranking": freeze_ranking,
    "take_down_head": want_head_of_release,
    "freeze_fork": freeze_fork,
    "look_through": look_through,
    "offer_label": offer_label,
    "ask_partners": ask_partners,
    "accept_as_coordinator": accept_as_coordinator,
    "answer_enquiry": answer_enquiry,
    "propose_exception": propose_exception,
    "grant_exception": grant_exception,
    "freeze_clarification": freeze_clarification,
    "apply_change": apply_change,
    "count_work": count_work,
    "move_due": move_due,
    "merge_remarks": merge_remarks,
    "follow_version": follow_version,
    "confirm_quality": confirm_quality,
    "offer_label_without_grant": offer_label_without_grant,
}
FILLS: dict[str, Callable[[Act, Any], None]] = {
    "allot_number": allot_number,
    "change_grant_line": change_grant_line,
}
SELECTIONS: dict[str, Selection] = {
    "received_in_call": selections.received_in_call,
    "lapsed_in_call": selections.lapsed_in_call,
    "expressions_ended_in_call": selections.expressions_ended_in_call,
    "expressions_lapsed_in_call": selections.expressions_lapsed_in_call,
    "part_of_amendment": selections.part_of_amendment,
    "partner_of_amendment": selections.partner_of_amendment,
    "live_tasks_of_application": selections.live_tasks_of_application,
    "live_consensus_of_application": selections.live_consensus_of_application,
    "of_application": selections.checks_of_application,
    "itself_when_clear": selections.itself_when_clear,
    "of_assignment": selections.assessment_of_assignment,
    "finished_of_application": selections.finished_of_application,
    "tied_tasks_of_disclosure": selections.tied_tasks_of_disclosure,
    "opened_with_enough_reports": selections.opened_with_enough_reports,
    "opened_with_too_few_reports": selections.opened_with_too_few_reports,
    "itself_with_too_few_reports": selections.itself_with_too_few_reports,
    "evaluated_of_consensus": selections.evaluated_of_consensus,
    "of_consensus": selections.application_of_consensus,
    "to_award": selections.to_award,
    "to_hold_in_reserve": selections.to_hold_in_reserve,
    "to_reject": selections.to_reject,
    "of_decision": selections.call_of_decision,
    "label_to_offer_again": label_to_offer_again,
    "label_without_award": label_without_award,
    "label_with_another_grant": label_with_another_grant,
    "offered_label_of_application": offered_label_of_application,
    "review_awards": review_awards,
    "review_holds_in_reserve": review_holds_in_reserve,
    "review_rejects": review_rejects,
    "review_confirms": review_confirms,
    "refused_of_review": refused_of_review,
    "late_review_of_application": late_review_of_application,
    "of_advance": of_advance,
    "received_of_exception": received_of_exception,
    "lapsed_of_exception": lapsed_of_exception,
}
