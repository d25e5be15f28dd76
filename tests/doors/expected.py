"""Who may do what at which moment: written after the table of threats (section 3), apart from the code that answers.

A line names an action, the thing it is asked of (a key of `Village.things`), and for each moment exactly those who may;
everybody else, named or not, may not. A moment that a line does not name is one at which the thing is not there yet.
"""

from __future__ import annotations

from collections.abc import Mapping

from tests.support.played import Moment

M = Moment
Line = tuple[str, str, Mapping[Moment, str]]

LEAD = "coordinator deputy"
CONSORTIUM = f"{LEAD} partner"
WRITERS = f"{CONSORTIUM} helper"
MANAGERS = "call_manager second_manager"
DIRECTORS = "programme_manager second_director"
EXPERTS = "rapporteur expert"
POOL = "rapporteur expert expert_elsewhere other_expert conflicted"
FILE = f"{MANAGERS} auditor"
OFFICE = f"{FILE} tied_manager {DIRECTORS}"
EVERYBODY = "*"
NOBODY = ""

EXPECTED: tuple[Line, ...] = (
    # the application: its people always, the office from the deadline, experts while it is evaluated, directors once proposed
    ("application.view", "application", {
        M.DRAFT: f"{WRITERS} auditor", M.SUBMITTED: f"{WRITERS} auditor",
        M.SCORING: f"{WRITERS} {EXPERTS} {FILE}", M.CONSENSUS: f"{WRITERS} {EXPERTS} {FILE}",
        M.DECIDED: f"{WRITERS} {EXPERTS} {FILE} {DIRECTORS}", M.RELEASED: f"{WRITERS} {FILE} {DIRECTORS}"}),
    ("application.view", "application_b", {
        M.DRAFT: "rival rival_partner auditor", M.SUBMITTED: "rival rival_partner auditor",
        M.SCORING: f"rival rival_partner expert_elsewhere other_expert {FILE} tied_manager",
        M.CONSENSUS: f"rival rival_partner expert_elsewhere other_expert {FILE} tied_manager"}),
    ("application.edit", "application", {
        M.DRAFT: WRITERS, M.SUBMITTED: WRITERS, M.SCORING: NOBODY, M.CONSENSUS: NOBODY, M.DECIDED: NOBODY, M.RELEASED: NOBODY}),
    ("application.upload", "application", {M.DRAFT: WRITERS, M.SUBMITTED: WRITERS, M.SCORING: NOBODY}),
    ("application.invite_partner", "application", {M.DRAFT: LEAD, M.SUBMITTED: LEAD, M.SCORING: NOBODY}),
    ("application.view_gap", "application", {M.DRAFT: WRITERS, M.SUBMITTED: WRITERS, M.SCORING: NOBODY}),
    ("application.submit", "application", {M.DRAFT: LEAD, M.SUBMITTED: NOBODY, M.SCORING: NOBODY}),
    ("application.resubmit", "application", {M.DRAFT: NOBODY, M.SUBMITTED: LEAD, M.SCORING: NOBODY}),
    ("application.withdraw", "application", {
        M.DRAFT: NOBODY, M.SUBMITTED: "coordinator", M.SCORING: "coordinator", M.CONSENSUS: "coordinator", M.RELEASED: NOBODY}),
    ("application.view_readiness", "application", {
        M.DRAFT: f"{WRITERS} {FILE}", M.SUBMITTED: f"{WRITERS} {FILE}", M.SCORING: f"{WRITERS} auditor"}),
    ("application.view_thread", "application", {M.DRAFT: f"{LEAD} {FILE}", M.SCORING: f"{LEAD} {FILE}"}),
    ("application.view_notes", "application", {M.DRAFT: FILE, M.SCORING: FILE, M.RELEASED: FILE}),
    ("application.view_evaluation", "application", {
        M.DRAFT: "auditor", M.SUBMITTED: "auditor", M.SCORING: FILE, M.CONSENSUS: FILE, M.DECIDED: f"{FILE} {DIRECTORS}"}),
    ("application.assign_expert", "application", {
        M.DRAFT: NOBODY, M.SUBMITTED: NOBODY, M.SCORING: MANAGERS, M.CONSENSUS: MANAGERS, M.DECIDED: NOBODY, M.RELEASED: NOBODY}),
    ("application.view_result", "application", {
        M.DRAFT: NOBODY, M.SUBMITTED: NOBODY, M.SCORING: NOBODY, M.CONSENSUS: NOBODY, M.DECIDED: NOBODY, M.RELEASED: CONSORTIUM}),
    ("membership.view", "membership", {
        M.DRAFT: f"{WRITERS} auditor", M.SUBMITTED: f"{WRITERS} auditor", M.SCORING: f"{WRITERS} {FILE}"}),
    ("membership.view", "membership_invited", {M.DRAFT: f"{WRITERS} invited auditor", M.SCORING: f"{WRITERS} invited {FILE}"}),
    ("membership.step_back", "membership", {M.DRAFT: "partner", M.SUBMITTED: "partner", M.SCORING: "partner"}),
    ("membership.view_consents", "membership", {
        M.DRAFT: f"{CONSORTIUM} auditor", M.SUBMITTED: f"{CONSORTIUM} auditor", M.SCORING: f"{CONSORTIUM} {FILE}"}),
    ("membership.agree_beforehand", "membership", {M.DRAFT: "partner", M.SUBMITTED: "partner"}),
    ("application.view_draft", "application", {M.DRAFT: WRITERS, M.SUBMITTED: WRITERS, M.SCORING: WRITERS}),
    ("application.ask_amendment", "application", {
        M.DRAFT: NOBODY, M.SUBMITTED: NOBODY, M.SCORING: CONSORTIUM, M.RELEASED: CONSORTIUM}),
    ("application.hand_over", "application", {M.DRAFT: "coordinator", M.SCORING: "coordinator"}),
    ("application.take_over", "application", {M.DRAFT: "deputy", M.SCORING: "deputy"}),
    ("application.appoint_coordinator", "application", {M.DRAFT: MANAGERS, M.SCORING: MANAGERS}),
    ("amendment.view", "amendment", {M.SCORING: f"{CONSORTIUM} {FILE}", M.RELEASED: f"{CONSORTIUM} {FILE}"}),
    ("amendment.accept", "amendment", {M.SCORING: MANAGERS, M.RELEASED: MANAGERS}),
    ("amendment.withdraw", "amendment", {M.SCORING: LEAD}),
    ("membership.step_back", "membership_invited", {M.DRAFT: "invited", M.SUBMITTED: "invited", M.SCORING: "invited"}),
    ("application.view_receipt", "application", {
        M.DRAFT: NOBODY, M.SUBMITTED: f"{CONSORTIUM} auditor", M.SCORING: f"{CONSORTIUM} {FILE}",
        M.RELEASED: f"{CONSORTIUM} {FILE}"}),
    ("membership.accept", "membership_invited", {M.DRAFT: "invited", M.SUBMITTED: "invited"}),
    ("file.view", "file", {
        M.DRAFT: f"{WRITERS} auditor", M.SUBMITTED: f"{WRITERS} auditor", M.SCORING: f"{WRITERS} {EXPERTS} {FILE}",
        M.DECIDED: f"{WRITERS} {EXPERTS} {FILE} {DIRECTORS}", M.RELEASED: f"{WRITERS} {FILE} {DIRECTORS}"}),
    # what deadlines bring about: asked for by the applicant, decided by the office, never known to whoever evaluates
    ("exception.view", "exception", {
        M.DRAFT: f"{CONSORTIUM} {FILE} {DIRECTORS}", M.SUBMITTED: f"{CONSORTIUM} {FILE} {DIRECTORS}",
        M.SCORING: f"{CONSORTIUM} {FILE} {DIRECTORS}", M.RELEASED: f"{CONSORTIUM} {FILE} {DIRECTORS}"}),
    ("exception.propose", "exception", {M.DRAFT: MANAGERS, M.SUBMITTED: MANAGERS, M.SCORING: MANAGERS}),
    ("exception.approve", "exception", {M.DRAFT: NOBODY, M.SCORING: NOBODY}),
    ("enquiry.view", "enquiry", {M.DRAFT: f"coordinator tied_manager {FILE} {DIRECTORS}"}),
    ("enquiry.answer", "enquiry", {M.DRAFT: f"tied_manager {MANAGERS}", M.SCORING: f"tied_manager {MANAGERS}"}),
    ("clarification.view", "clarification", {
        M.SCORING: f"{CONSORTIUM} {FILE}", M.DECIDED: f"{CONSORTIUM} {FILE} {DIRECTORS}"}),
    # what evaluators of an anonymous call read is edited by the office alone; whoever has an interest takes no part
    ("redaction.view", "redaction", {M.SCORING: FILE, M.CONSENSUS: FILE, M.DECIDED: FILE, M.RELEASED: FILE}),
    ("redaction.edit", "redaction", {M.SCORING: MANAGERS, M.CONSENSUS: MANAGERS}),
    ("redaction.release", "redaction", {M.SCORING: MANAGERS}),
    ("call.view_redactions", "call", {M.SCORING: f"tied_manager {FILE}"}),
    ("clarification.edit", "clarification", {M.SCORING: LEAD, M.CONSENSUS: LEAD}),
    ("clarification.answer", "clarification", {M.SCORING: LEAD}),
    # checks and evaluation
    ("check.view", "check", {M.SCORING: FILE, M.CONSENSUS: FILE, M.DECIDED: FILE}),
    ("check.reopen", "check", {M.SCORING: MANAGERS}),
    ("assignment.view", "assignment_expert", {M.SCORING: f"expert {FILE}", M.CONSENSUS: f"expert {FILE}"}),
    ("assignment.declare_conflict", "assignment_expert", {M.SCORING: "expert", M.CONSENSUS: "expert"}),
    ("assignment.view_line", "assignment_conflicted", {M.SCORING: f"conflicted {FILE}", M.CONSENSUS: f"conflicted {FILE}"}),
    ("assignment.view", "assignment_conflicted", {M.SCORING: FILE, M.CONSENSUS: FILE}),
    # sealed while it is written, then for those who agree; the writer is the only one who ever writes it
    ("assessment.view", "assessment_rapporteur", {
        M.SCORING: "rapporteur auditor", M.CONSENSUS: f"{EXPERTS} {FILE}", M.DECIDED: f"{EXPERTS} {FILE} {DIRECTORS}"}),
    ("assessment.view", "assessment_expert_elsewhere", {M.SCORING: "expert_elsewhere auditor"}),
    ("assessment.write", "assessment_rapporteur", {
        M.SCORING: "rapporteur", M.CONSENSUS: NOBODY, M.DECIDED: NOBODY, M.RELEASED: NOBODY}),
    ("assessment.order_copy", "assessment_expert", {M.SCORING: "expert", M.CONSENSUS: "expert"}),
    ("assignment.move_due", "assignment_expert", {M.SCORING: MANAGERS, M.CONSENSUS: MANAGERS}),
    ("assessment.finish", "assessment_expert", {M.SCORING: "expert", M.CONSENSUS: NOBODY}),
    ("consensus.view", "consensus", {M.CONSENSUS: f"{EXPERTS} {FILE}", M.DECIDED: f"{EXPERTS} {FILE} {DIRECTORS}"}),
    ("consensus.write", "consensus", {M.CONSENSUS: "rapporteur", M.DECIDED: NOBODY}),
    ("consensus.discuss", "consensus", {M.CONSENSUS: f"{EXPERTS} {MANAGERS}", M.DECIDED: NOBODY}),
    ("consensus.redraft", "consensus", {M.CONSENSUS: NOBODY, M.DECIDED: NOBODY}),
    ("consensus.send_back", "consensus", {M.CONSENSUS: NOBODY, M.DECIDED: NOBODY}),
    ("consensus.reopen", "consensus", {M.CONSENSUS: NOBODY, M.DECIDED: MANAGERS}),
    # the panel: whoever reads all reports as the office does; marks are changed once they are agreed, by the managers alone
    ("consensus.review", "consensus", {M.CONSENSUS: FILE, M.DECIDED: f"{FILE} {DIRECTORS}", M.RELEASED: f"{FILE} {DIRECTORS}"}),
    ("consensus.change_mark", "consensus", {M.CONSENSUS: NOBODY, M.DECIDED: MANAGERS, M.RELEASED: MANAGERS}),
    # the rooms beside the ranking are seen by whoever sees the decision; auditors keep no trials
    ("decision.try", "decision", {M.DECIDED: f"{FILE} {DIRECTORS}", M.RELEASED: f"{FILE} {DIRECTORS}"}),
    ("decision.save_trial", "decision", {M.DECIDED: f"{MANAGERS} {DIRECTORS}", M.RELEASED: f"{MANAGERS} {DIRECTORS}"}),
    ("decision.draw", "decision", {M.DECIDED: NOBODY, M.RELEASED: NOBODY}),
    # the decision: nobody who is tied to any application of the call
    ("decision.view", "decision", {M.DECIDED: f"{FILE} {DIRECTORS}", M.RELEASED: f"{FILE} {DIRECTORS}"}),
    # letters are previewed by those who prepare and sign the decision; doubts are settled before it is proposed
    ("decision.preview_letters", "decision", {M.DECIDED: f"{FILE} {DIRECTORS}", M.RELEASED: f"{FILE} {DIRECTORS}"}),
    ("decision.settle_finding", "decision", {M.DECIDED: NOBODY, M.RELEASED: NOBODY}),
    ("call.view_letters", "call", {M.SCORING: f"{FILE} tied_manager {DIRECTORS}", M.RELEASED: f"{FILE} tied_manager {DIRECTORS}"}),
    ("call.edit_letters", "call", {M.SCORING: f"{MANAGERS} tied_manager", M.RELEASED: f"{MANAGERS} tied_manager"}),  # the service refuses a tied one once there is a decision
    ("call.view_delivery", "call", {M.RELEASED: f"{FILE} tied_manager"}),  # of what they may read the evaluation of
    ("call.end_bounce", "call", {M.RELEASED: f"{MANAGERS} tied_manager"}),
    ("plan.view", "plan", {M.SCORING: FILE, M.CONSENSUS: FILE, M.DECIDED: FILE, M.RELEASED: FILE}),
    # the pool: a statement of work is the expert's and the office's; whoever has an interest in the call sees none
    ("statement.view", "statement", {
        M.SCORING: f"expert {MANAGERS}", M.CONSENSUS: f"expert {MANAGERS}", M.RELEASED: f"expert {MANAGERS}"}),
    ("statement.edit", "statement", {M.SCORING: MANAGERS, M.RELEASED: MANAGERS}),
    ("statement.confirm", "statement", {M.SCORING: "expert", M.RELEASED: "expert"}),
    ("statement.approve", "statement", {M.SCORING: NOBODY}),
    ("expert.view_workload", "expert", {M.SCORING: f"expert {MANAGERS} tied_manager", M.RELEASED: f"expert {MANAGERS} tied_manager"}),
    ("expert.describe", "expert", {M.SCORING: "expert"}),
    ("call.view_training", "call", {M.SCORING: f"{POOL} {MANAGERS} tied_manager"}),
    ("call.score_training", "call", {M.SCORING: POOL}),
    ("call.prepare_training", "call", {M.SCORING: f"{MANAGERS} tied_manager"}),
    ("call.view_balance", "call", {M.SCORING: f"{MANAGERS} tied_manager"}),
    ("call.count_work", "call", {M.SCORING: f"{MANAGERS} tied_manager"}),
    ("call.export_work", "call", {M.SCORING: f"{MANAGERS} tied_manager"}),
    ("call.decide_conflicts", "call", {M.SCORING: f"{MANAGERS} tied_manager"}),
    ("plan.edit", "plan", {M.SCORING: MANAGERS, M.CONSENSUS: MANAGERS}),
    ("plan.publish", "plan", {M.SCORING: MANAGERS, M.CONSENSUS: MANAGERS}),
    ("decision.propose", "decision", {M.DECIDED: NOBODY, M.RELEASED: NOBODY}),
    # a stand-in acts in the place of who signs for the days given, and never with an interest; only who named them ends it
    ("decision.release", "decision", {M.DECIDED: f"{DIRECTORS} second_manager", M.RELEASED: NOBODY}),
    ("decision.return", "decision", {M.DECIDED: f"{DIRECTORS} second_manager", M.RELEASED: NOBODY}),
    ("standin.view", "standin", {M.DECIDED: f"{OFFICE} administrator", M.RELEASED: f"{OFFICE} administrator"}),
    ("standin.end", "standin", {M.DECIDED: "programme_manager", M.RELEASED: "programme_manager"}),
    # the label: conferred, its certificate still to be made
    ("label.view", "label", {M.RELEASED: f"{CONSORTIUM} {FILE} {DIRECTORS}"}),
    # who of the reserve list moves up is for those who prepare and sign the decision; applicants learn of it by the letter
    ("decision.propose_advance", "decision", {M.DECIDED: NOBODY, M.RELEASED: MANAGERS}),
    ("advance.view", "advance", {M.RELEASED: f"{FILE} {DIRECTORS}"}),
    ("advance.sign", "advance", {M.RELEASED: DIRECTORS}),
    ("advance.refuse", "advance", {M.RELEASED: DIRECTORS}),
    # the charter is answered by each partner's own people, as long as they are in it
    ("membership.answer_charter", "membership", {M.SCORING: "partner", M.RELEASED: "partner"}),
    # a review is asked for by who leads, once results are told; its committee is named by the office, never told to applicants
    ("application.ask_review", "application", {M.SCORING: NOBODY, M.DECIDED: NOBODY, M.RELEASED: "coordinator"}),
    ("review.view", "review", {M.RELEASED: f"{CONSORTIUM} {FILE} {DIRECTORS}"}),
    ("review.view_committee", "review", {M.RELEASED: f"{FILE} {DIRECTORS}"}),
    ("review.name_committee", "review", {M.RELEASED: MANAGERS}),
    ("review.view_fork", "review", {M.RELEASED: NOBODY}),
    ("review.mark", "review", {M.RELEASED: NOBODY}),
    ("review.answer_check", "review", {M.RELEASED: NOBODY}),
    ("review.preview_letter", "review", {M.RELEASED: f"{MANAGERS} {DIRECTORS}"}),
    # the letter of refusal is seen by those who check, as long as they do
    ("application.preview_refusal", "application", {M.SCORING: NOBODY, M.DECIDED: NOBODY, M.RELEASED: NOBODY}),
    ("review.admit", "review", {M.RELEASED: NOBODY}),
    ("review.withdraw", "review", {M.RELEASED: "coordinator"}),
    ("review.sign", "review", {M.RELEASED: NOBODY}),
    ("call.view_reviews", "call", {M.RELEASED: f"{FILE} tied_manager {DIRECTORS}"}),  # a tied one is shown an empty list
    # auditors are let into a call by the director or the administrator; sample and notes are the auditors' own
    ("call.view_audits", "call", {M.DRAFT: f"{DIRECTORS} administrator", M.RELEASED: f"{DIRECTORS} administrator"}),
    ("call.grant_audit", "call", {M.DRAFT: f"{DIRECTORS} administrator"}),
    ("call.end_audit", "call", {M.DRAFT: f"{DIRECTORS} administrator"}),
    ("call.draw_sample", "call", {M.DRAFT: "auditor", M.RELEASED: "auditor"}),
    ("application.view_audit_notes", "application", {M.DRAFT: "auditor", M.RELEASED: "auditor"}),
    ("application.write_audit_note", "application", {M.DRAFT: "auditor", M.RELEASED: "auditor"}),
    ("call.ask_auditor_dossier", "call", {M.DRAFT: "auditor", M.RELEASED: "auditor"}),
    ("application.ask_auditor_dossier", "application", {M.DRAFT: "auditor", M.RELEASED: "auditor"}),
    # what the office does to a call; what everybody sees
    ("call.view", "call", {M.DRAFT: EVERYBODY, M.RELEASED: EVERYBODY}),
    ("call.manage", "call", {M.DRAFT: f"{FILE} tied_manager {DIRECTORS}"}),
    ("call.chair_meeting", "call", {M.SCORING: f"{MANAGERS} tied_manager"}),  # the services show a tied one nothing
    ("call.view_readings", "call", {M.SCORING: f"{FILE} tied_manager"}),  # of what they may read the evaluation of
    ("call.freeze_evaluation", "call", {M.DRAFT: f"{MANAGERS} tied_manager {DIRECTORS}", M.SCORING: f"{MANAGERS} tied_manager {DIRECTORS}", M.RELEASED: NOBODY}),
    ("call.thaw_evaluation", "call", {M.SCORING: f"{MANAGERS} tied_manager {DIRECTORS}"}),
    ("call.extend", "call", {M.DRAFT: DIRECTORS, M.SCORING: DIRECTORS, M.RELEASED: NOBODY}),
    ("expression.view", "expression", {M.DRAFT: EVERYBODY, M.RELEASED: EVERYBODY}),
    ("expression.view", "expression_draft", {M.DRAFT: "coordinator"}),
    ("expression.edit", "expression", {M.DRAFT: "coordinator"}),
    ("reply.view", "reply", {M.DRAFT: f"coordinator partner {FILE} tied_manager"}),
    ("reply.accept", "reply", {M.DRAFT: "coordinator"}),
    # addresses typed into texts: their own organisation, those it is in touch with (one consortium), the office
    ("expression.view_contact_details", "expression", {M.DRAFT: f"coordinator partner {FILE} tied_manager"}),
    ("reply.view_contact_details", "reply", {M.DRAFT: f"{FILE} tied_manager"}),
    # an introduction is between the two organisations (one of which the tied manager acts for): the office sees none
    ("introduction.view", "introduction", {M.DRAFT: "coordinator partner tied_manager"}),
    ("introduction.view_contacts", "introduction", {M.DRAFT: NOBODY}),
    ("introduction.agree", "introduction", {M.DRAFT: "coordinator"}),
    ("introduction.withdraw", "introduction", {M.DRAFT: "partner tied_manager"}),
)  # fmt: skip

# Acts of no thing: the administrator has accounts and settings and no content at all.
EVERYWHERE: Mapping[str, str] = {
    "site.administer": "administrator",
    "site.audit": "auditor auditor_elsewhere",
    "person.disable": "administrator",
    "person.grant_office": "administrator",
    "person.order_erasure": "administrator",
    "expert.list": f"{FILE} tied_manager auditor_elsewhere",  # for whom it is empty: no call is open to them
    "expert.invite": f"{MANAGERS} tied_manager",
    "expert.import": f"{MANAGERS} tied_manager",
    "expert.check": f"{MANAGERS} tied_manager",
    "call.import": f"{MANAGERS} tied_manager",
    "decision.list_to_sign": f"{DIRECTORS} second_manager tied_manager",  # who stands in for one; a tied one finds nothing
    "standin.list": f"{OFFICE} administrator auditor_elsewhere",  # for whom it is empty
    "standin.name": DIRECTORS,
}
