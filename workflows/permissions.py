"""Who may see and do what, in which state: one table. What is not in it is refused.

An action is `noun.verb` or `noun.verb_what`. A cell names the states of the noun's thing in which the relation may;
for documents, the kinds. The rows of the machines are added beneath, one action for each row.
"""

from collections.abc import Mapping

from workflows import (
    application,
    assessment,
    assignment,
    call,
    clarification,
    consensus,
    decision,
    enquiry,
    expression,
    file,
    introduction,
    label,
    membership,
    plan,
    profile,
    redaction,
    reply,
    review,
    statement,
)
from workflows.cells import ALWAYS, Cells, always, from_machines, within
from workflows.machines import MACHINES
from workflows.relations import Relation as R

A = application.State
RECEIPTS = frozenset({"receipt", "refusal_letter", "result_letter", "review_letter", "summary_report", "certificate"})
EDITABLE = application.EDITABLE
NOT_REMOVED = frozenset(file.READABLE)
STAFF = (R.CALL_MANAGER, R.PROGRAMME_MANAGER, R.AUDITOR, R.ADMINISTRATOR)


# fmt: off
PERMISSIONS: Mapping[str, Cells] = {
    # the site
    "site.view":                    always(R.ANYONE),
    "site.sign_up":                 always(R.ANYONE),
    "site.sign_in":                 always(R.ANYONE),
    "site.sign_out":                always(R.SIGNED_IN),
    "site.read_calendar":           always(R.ANYONE),  # whoever has its secret address reads what its person may
    "site.administer":              always(R.ADMINISTRATOR),
    "site.audit":                   always(R.AUDITOR),
    "site.note_bounce":             always(R.ANYONE),  # a relay, which proves itself with the secret of the settings
    "work.view":                    always(R.SIGNED_IN),
    "demo.read_mail":               always(R.ANYONE),  # registered in a demonstration alone
    # people
    "person.view":                  always(R.SELF, R.ADMINISTRATOR),
    "person.edit":                  always(R.SELF),
    "person.erase":                 always(R.SELF),
    "person.order_erasure":         always(R.ADMINISTRATOR),  # one asks, another confirms
    "person.disable":               always(R.ADMINISTRATOR),
    "person.grant_office":          always(R.ADMINISTRATOR),
    "person.reset_factor":          always(R.CALL_MANAGER, R.ADMINISTRATOR),
    # organisations
    "profile.list":                 always(R.ANYONE),
    "profile.view":                 within(profile.LISTED, R.ANYONE) | always(R.ORGANISATION_MEMBER, R.CALL_MANAGER, R.AUDITOR),
    "profile.create":               always(R.SIGNED_IN),
    "profile.edit":                 within(set(profile.State) - {profile.State.SUSPENDED}, R.ORGANISATION_ADMINISTRATOR),
    "profile.ask_to_join":          always(R.SIGNED_IN),
    "profile.view_openings":        always(R.ORGANISATION_MEMBER),
    "profile.view_people":          always(R.ORGANISATION_MEMBER, R.CALL_MANAGER, R.AUDITOR),
    "profile.manage_people":        always(R.ORGANISATION_ADMINISTRATOR, R.CALL_MANAGER),
    "profile.view_documents":       always(R.ORGANISATION_MEMBER),
    "profile.keep_document":        always(R.ORGANISATION_ADMINISTRATOR),
    "profile.rename":               always(R.ORGANISATION_ADMINISTRATOR, R.CALL_MANAGER),
    "profile.validate":             always(R.CALL_MANAGER, R.AUDITOR),
    "profile.merge":                always(R.CALL_MANAGER),
    "profile.view_contact_details": always(R.ORGANISATION_MEMBER, R.INTRODUCED, R.CALL_MANAGER, R.AUDITOR),  # typed into its texts
    # calls
    "call.list":                    always(R.ANYONE),
    "call.view":                    within(call.PUBLIC, R.ANYONE) | always(*STAFF),
    "call.import":                  always(R.CALL_MANAGER),
    "call.export":                  within(call.PUBLIC, R.ANYONE) | always(*STAFF),
    "call.manage":                  always(R.CALL_MANAGER, R.PROGRAMME_MANAGER, R.AUDITOR),
    "call.settle_region":           always(R.CALL_MANAGER),
    "call.follow":                  within(call.PUBLIC, R.SIGNED_IN),
    "call.ask":                     within({call.State.ANNOUNCED, call.State.OPEN}, R.SIGNED_IN),
    "call.prepare_change":          within({call.State.ANNOUNCED, call.State.OPEN}, R.CALL_MANAGER),
    "enquiry.view":                 within({enquiry.State.PUBLISHED}, R.ANYONE) | always(R.SELF, R.CALL_MANAGER, R.PROGRAMME_MANAGER, R.AUDITOR),
    # expressions of interest and replies
    "expression.list":              always(R.ANYONE),
    "expression.create":            always(R.SIGNED_IN),
    "expression.view":              within(expression.PUBLIC, R.ANYONE) | always(R.AUTHOR) | within(set(expression.State) - {expression.State.DRAFT}, R.CALL_MANAGER, R.AUDITOR),
    "expression.edit":              within({expression.State.DRAFT, expression.State.PUBLISHED}, R.AUTHOR),
    "expression.follow":            within(expression.PUBLIC, R.SIGNED_IN),
    "expression.comment":           within({expression.State.PUBLISHED}, R.SIGNED_IN),
    "expression.hide_comment":      within(expression.PUBLIC, R.AUTHOR, R.CALL_MANAGER),
    "expression.reply":             within(expression.OPEN_TO_REPLIES, R.SIGNED_IN),
    "expression.view_contact_details": always(R.AUTHOR, R.INTRODUCED, R.CALL_MANAGER, R.AUDITOR),
    "reply.view_contact_details":   within({reply.State.ACCEPTED}, R.AUTHOR, R.RESPONDENT) | always(R.CALL_MANAGER, R.AUDITOR),
    "reply.view":                   always(R.AUTHOR, R.RESPONDENT, R.CALL_MANAGER, R.AUDITOR),
    # search for partners, introductions: between the two organisations, and nobody of the office
    "search.save":                  always(R.SIGNED_IN),
    "search.stop":                  always(R.ANYONE),  # whoever holds the link of the mail
    "profile.view_exposure":        always(R.CALL_MANAGER, R.AUDITOR),
    "profile.ask_introduction":     within(profile.LISTED, R.SIGNED_IN),
    "introduction.list":            always(R.SIGNED_IN),
    "introduction.view":            always(R.ASKING, R.ASKED),
    "introduction.view_contacts":   within({introduction.State.AGREED}, R.ASKING, R.ASKED),
    # consortium
    "membership.view":              always(R.COORDINATOR, R.DEPUTY, R.PARTNER, R.HELPER, R.INVITED, R.CHECKER, R.AUDITOR),
    "membership.edit":              within({membership.State.ACCEPTED}, R.OWN_PARTNER) | within({membership.State.INVITED}, R.INVITED, R.COORDINATOR, R.DEPUTY),
    "membership.edit_share":        within(membership.LIVE, R.COORDINATOR, R.DEPUTY),
    "membership.remind":            within(membership.LIVE, R.COORDINATOR, R.DEPUTY),
    "membership.agree_beforehand":  within({membership.State.ACCEPTED}, R.OWN_PARTNER),
    "membership.answer_charter":    within({membership.State.ACCEPTED}, R.OWN_PARTNER),  # of the label that is offered
    "membership.view_consents":     always(R.COORDINATOR, R.DEPUTY, R.OWN_PARTNER, R.CHECKER, R.AUDITOR),
    "membership.step_back":         within({membership.State.INVITED}, R.INVITED) | within({membership.State.ACCEPTED}, R.OWN_PARTNER),
    "membership.name_contact":      within({membership.State.ACCEPTED}, R.OWN_PARTNER),
    "membership.ask_signatory":     within({membership.State.ACCEPTED}, R.OWN_PARTNER),
    # applications
    "application.list":             always(R.SIGNED_IN),
    "application.create":           always(R.SIGNED_IN),
    "application.view":             always(R.COORDINATOR, R.DEPUTY, R.PARTNER, R.HELPER, R.AUDITOR, R.DECIDER, R.DRAFT_READER) | within(application.AFTER_SUBMISSION, R.CHECKER) | within({A.ELIGIBLE, A.EVALUATED}, R.EXPERT) | within(application.OUTCOMES, R.REVIEWER),
    "application.view_draft":       always(R.COORDINATOR, R.DEPUTY, R.PARTNER, R.HELPER, R.DRAFT_READER),
    "application.view_title":       always(R.COORDINATOR, R.DEPUTY, R.PARTNER, R.HELPER, R.INVITED, R.CHECKER, R.DECIDER, R.AUDITOR) | within({A.ELIGIBLE, A.EVALUATED}, R.SIGHTED_ASSIGNED, R.EXPERT) | within(application.OUTCOMES, R.REVIEWER),
    "application.view_people":      always(R.COORDINATOR, R.DEPUTY, R.PARTNER, R.HELPER, R.CHECKER, R.DECIDER, R.AUDITOR) | within({A.ELIGIBLE, A.EVALUATED}, R.SIGHTED_EXPERT) | within(application.OUTCOMES, R.REVIEWER),
    "application.view_readiness":   always(R.COORDINATOR, R.DEPUTY, R.PARTNER, R.HELPER, R.AUDITOR) | within({A.DRAFT, A.SUBMITTED, A.WITHDRAWN, A.LAPSED}, R.CALL_MANAGER),
    "application.view_history":     always(R.COORDINATOR, R.DEPUTY, R.PARTNER, R.CHECKER, R.AUDITOR),
    "application.view_receipt":     within(application.AFTER_SUBMISSION, R.COORDINATOR, R.DEPUTY, R.PARTNER, R.CHECKER, R.AUDITOR),
    "application.edit":             within(EDITABLE, R.COORDINATOR, R.DEPUTY, R.PARTNER, R.HELPER),
    "application.reuse":            always(R.COORDINATOR, R.DEPUTY, R.PARTNER),  # take answers over into another application
    "application.plan_writing":     within(EDITABLE, R.COORDINATOR, R.DEPUTY),
    "application.sign_off":         within(EDITABLE, R.COORDINATOR, R.DEPUTY, R.PARTNER),
    "application.view_comments":    always(R.COORDINATOR, R.DEPUTY, R.PARTNER, R.HELPER),  # between those who write: never the office, never experts
    "application.write_comment":    within(EDITABLE, R.COORDINATOR, R.DEPUTY, R.PARTNER, R.HELPER),
    "application.upload":           within(EDITABLE, R.COORDINATOR, R.DEPUTY, R.PARTNER, R.HELPER),
    "application.upload_award":   within({A.AWARDED}, R.COORDINATOR, R.DEPUTY, R.PARTNER),
    "application.view_award_documents": within({A.AWARDED}, R.COORDINATOR, R.DEPUTY, R.PARTNER, R.CALL_MANAGER, R.AUDITOR),
    "application.invite_partner":   within(EDITABLE, R.COORDINATOR, R.DEPUTY),
    "application.view_gap":         within(EDITABLE, R.COORDINATOR, R.DEPUTY, R.PARTNER, R.HELPER),
    "application.name_people":      within(EDITABLE, R.COORDINATOR),
    "application.hand_over":         within(set(A) - {A.LAPSED}, R.COORDINATOR),
    "application.take_over":         within(set(A) - {A.LAPSED}, R.DEPUTY),
    "application.appoint_coordinator": within(set(A) - {A.LAPSED}, R.CALL_MANAGER),
    "application.let_office_look":   within(EDITABLE, R.COORDINATOR, R.DEPUTY),
    "application.ask_amendment":     within(application.LOCKED, R.COORDINATOR, R.DEPUTY, R.PARTNER),
    "amendment.view":                always(R.COORDINATOR, R.DEPUTY, R.PARTNER, R.CALL_MANAGER, R.AUDITOR),
    "application.view_thread":      always(R.COORDINATOR, R.DEPUTY, R.CALL_MANAGER, R.AUDITOR),
    "application.write_message":    always(R.COORDINATOR, R.DEPUTY, R.CALL_MANAGER),
    "application.view_notes":       always(R.CALL_MANAGER, R.AUDITOR),
    "application.view_checks":      within(application.AFTER_SUBMISSION, R.CHECKER, R.AUDITOR),
    "application.preview_refusal":  within({A.RECEIVED}, R.CHECKER),
    "application.assign_expert":    within({A.ELIGIBLE}, R.CALL_MANAGER),
    "application.view_evaluation":  always(R.CHECKER, R.DECIDER, R.AUDITOR),
    "application.view_result":      within(application.OUTCOMES, R.COORDINATOR, R.DEPUTY, R.PARTNER),
    "application.ask_exception":    within(EDITABLE | {A.LAPSED, A.RECEIVED}, R.COORDINATOR, R.DEPUTY, R.CALL_MANAGER),
    "exception.view":               always(R.COORDINATOR, R.DEPUTY, R.PARTNER, R.CALL_MANAGER, R.PROGRAMME_MANAGER, R.AUDITOR),
    "application.open_clarification": within({A.RECEIVED, A.ELIGIBLE}, R.CHECKER),
    "clarification.view":           always(R.COORDINATOR, R.DEPUTY, R.PARTNER, R.CHECKER, R.DECIDER, R.AUDITOR) | within({clarification.State.ANSWERED}, R.SIGHTED_EXPERT),
    "clarification.edit":           within({clarification.State.OPENED}, R.COORDINATOR, R.DEPUTY),
    # in an anonymous call the office edits what evaluators read; applicants and evaluators see nothing of the editing
    "call.view_redactions":         always(R.CALL_MANAGER, R.AUDITOR),
    "redaction.view":               always(R.CHECKER, R.AUDITOR),
    "redaction.edit":               within({redaction.State.OPEN}, R.CHECKER),
    # files and documents
    "file.view":                    within(NOT_REMOVED, R.COORDINATOR, R.DEPUTY, R.PARTNER, R.HELPER, R.AUTHOR) | within({file.State.USABLE, file.State.REPLACED}, R.PUBLIC_READER, R.EXPERT, R.CHECKER, R.DECIDER, R.AUDITOR, R.REVIEWER) | within(NOT_REMOVED, R.ORGANISATION_MEMBER),
    "document.view":                within({"certificate"}, R.ANYONE) | within({"reading_copy"}, R.HELPER) | within(RECEIPTS | {"reading_copy"}, R.COORDINATOR, R.DEPUTY, R.PARTNER) | within(RECEIPTS, R.AUDITOR, R.DECIDER, R.CHECKER) | within({"decision_act", "panel_minutes"}, R.CALL_MANAGER, R.PROGRAMME_MANAGER, R.AUDITOR) | within({"review_letter"}, R.PROGRAMME_MANAGER) | within({"statement_of_work"}, R.SELF, R.CALL_MANAGER) | within({"evaluator_copy"}, R.ASSESSOR),
    # copies of acts and minutes that were signed outside; filed by those who prepare and sign, never taken away
    "document.view_copies":         within({"decision_act", "panel_minutes"}, R.CALL_MANAGER, R.PROGRAMME_MANAGER, R.AUDITOR),
    "document.file_copy":           within({"decision_act", "panel_minutes"}, R.CALL_MANAGER, R.PROGRAMME_MANAGER),
    # evaluation
    "check.view":                   always(R.CHECKER, R.AUDITOR),
    "expert.list":                  always(R.CALL_MANAGER, R.AUDITOR),
    "expert.view":                  always(R.SELF, R.CALL_MANAGER, R.AUDITOR),
    "expert.invite":                always(R.CALL_MANAGER),
    "expert.edit":                  always(R.SELF, R.CALL_MANAGER),
    "expert.accept_conduct":        always(R.SELF),
    "expert.decline":               always(R.SELF),
    "expert.view_thread":           always(R.SELF, R.CALL_MANAGER, R.AUDITOR),
    "expert.view_notes":            always(R.CALL_MANAGER, R.AUDITOR),
    "expert.write_message":         always(R.SELF, R.CALL_MANAGER),
    "expert.import":                always(R.CALL_MANAGER),
    "expert.check":                 always(R.CALL_MANAGER),
    "expert.describe":              always(R.SELF),  # what only the person says of themselves
    "expert.view_workload":         always(R.SELF, R.CALL_MANAGER),
    "call.view_balance":            always(R.CALL_MANAGER),
    "call.decide_conflicts":        always(R.CALL_MANAGER),
    "call.count_work":              always(R.CALL_MANAGER),
    "call.export_work":             always(R.CALL_MANAGER),
    "call.prepare_training":        always(R.CALL_MANAGER),
    "call.view_readings":           always(R.CALL_MANAGER, R.AUDITOR),
    "call.view_training":           always(R.POOL, R.CALL_MANAGER),
    "call.score_training":          always(R.POOL),
    "statement.view":               always(R.SELF, R.CALL_MANAGER),
    "statement.edit":               within(statement.OPEN, R.CALL_MANAGER),
    "plan.view":                    always(R.CALL_MANAGER, R.AUDITOR),
    "plan.edit":                    within({plan.State.DRAFT}, R.CALL_MANAGER),
    "plan.ask":                     within({plan.State.DRAFT}, R.CALL_MANAGER),
    "call.plan_assignment":         always(R.CALL_MANAGER),
    "assignment.view":              within(assignment.WAITING | assignment.READING, R.ASSIGNED, R.ASSESSOR) | always(R.CALL_MANAGER, R.AUDITOR),
    "assignment.view_line":         within(set(assignment.State) - {assignment.State.DRAFT}, R.DECLARANT) | always(R.CALL_MANAGER, R.AUDITOR),
    "assignment.dismiss_findings":  within({assignment.State.DRAFT, assignment.State.ASKED}, R.CALL_MANAGER),
    "assignment.name_rapporteur":   within(assignment.LIVE, R.CALL_MANAGER),
    "disclosure.view":              always(R.SELF, R.CALL_MANAGER, R.AUDITOR),
    "assessment.view":              always(R.ASSESSOR, R.AUDITOR) | within({assessment.State.FINAL}, R.EXPERT, R.DECIDER) | within(set(assessment.State) - {assessment.State.DRAFT}, R.CALL_MANAGER),
    "assessment.write":             within(assessment.WRITABLE, R.ASSESSOR),
    "consensus.view":               within(consensus.OPENED, R.EXPERT, R.RAPPORTEUR, R.DECIDER) | within({consensus.State.APPROVED}, R.REVIEWER) | always(R.CALL_MANAGER, R.AUDITOR),
    "consensus.write":              within({consensus.State.DRAFTING}, R.RAPPORTEUR),
    "consensus.discuss":            within(consensus.OPENED - {consensus.State.APPROVED}, R.EXPERT, R.RAPPORTEUR, R.CALL_MANAGER),
    "consensus.review":             always(R.CALL_MANAGER, R.AUDITOR) | within({consensus.State.APPROVED}, R.DECIDER),  # reports side by side, as a panel reads them
    "consensus.change_mark":        within({consensus.State.APPROVED}, R.CALL_MANAGER),
    "call.chair_meeting":           always(R.CALL_MANAGER),
    # decision, label, register
    "call.view_decision":           always(R.CALL_MANAGER, R.PROGRAMME_MANAGER, R.AUDITOR),
    "call.start_decision":          within({call.State.CLOSED}, R.CALL_MANAGER),
    "decision.list_to_sign":        always(R.PROGRAMME_MANAGER, R.STAND_IN),
    "decision.view":                always(R.CALL_MANAGER, R.AUDITOR) | within(decision.FIXED | {decision.State.RETURNED}, R.PROGRAMME_MANAGER),
    "call.view_draw":               within(call.PUBLIC, R.ANYONE) | always(R.CALL_MANAGER, R.PROGRAMME_MANAGER, R.AUDITOR),
    "call.commit_draw":             always(R.CALL_MANAGER),
    "decision.draw":                within({decision.State.DRAFT, decision.State.RETURNED}, R.CALL_MANAGER),
    "decision.try":                 always(R.CALL_MANAGER, R.AUDITOR) | within(decision.FIXED | {decision.State.RETURNED}, R.PROGRAMME_MANAGER),  # what if, how sure: trials, never acts
    "decision.save_trial":          always(R.CALL_MANAGER) | within(decision.FIXED | {decision.State.RETURNED}, R.PROGRAMME_MANAGER),
    # stand-ins: named by who signs, for given days, and taken back by them alone; the office and auditors see all
    "standin.list":                always(*STAFF),
    "standin.view":                always(*STAFF),
    "standin.name":                always(R.PROGRAMME_MANAGER),
    "standin.end":                 always(R.SELF),
    # letters: their texts are the office's; what they will say is seen by those who prepare and sign the decision
    "call.view_letters":            always(R.CALL_MANAGER, R.PROGRAMME_MANAGER, R.AUDITOR),
    "call.edit_letters":            always(R.CALL_MANAGER),
    "call.view_delivery":           always(R.CALL_MANAGER, R.AUDITOR),  # of what they may read the evaluation of
    "call.end_bounce":              always(R.CALL_MANAGER),
    "decision.preview_letters":     always(R.CALL_MANAGER, R.AUDITOR) | within(decision.FIXED | {decision.State.RETURNED}, R.PROGRAMME_MANAGER),
    "decision.settle_finding":      within({decision.State.DRAFT, decision.State.RETURNED}, R.CALL_MANAGER),
    "decision.order_ties":          within({decision.State.DRAFT, decision.State.RETURNED}, R.CALL_MANAGER),
    # redress: asked for by who leads, judged by a committee that took no part, decided by two persons
    "application.ask_review":       within(application.OUTCOMES, R.COORDINATOR),
    # after the award, the next of the reserve list: proposed by one person, signed by another
    "decision.propose_advance":     within({decision.State.RELEASED}, R.CALL_MANAGER),
    "advance.view":                 always(R.CALL_MANAGER, R.PROGRAMME_MANAGER, R.AUDITOR),
    "call.view_reviews":            always(R.CALL_MANAGER, R.PROGRAMME_MANAGER, R.AUDITOR),
    "review.view":                  always(R.COORDINATOR, R.DEPUTY, R.PARTNER, R.REVIEWER, R.CALL_MANAGER, R.PROGRAMME_MANAGER, R.AUDITOR),
    "review.view_committee":        always(R.REVIEWER, R.CALL_MANAGER, R.PROGRAMME_MANAGER, R.AUDITOR),  # never who applies
    "review.name_committee":        within(review.JUDGED, R.CALL_MANAGER),
    "review.view_fork":             within(review.FORKED, R.REVIEWER, R.CALL_MANAGER, R.PROGRAMME_MANAGER, R.AUDITOR),
    "review.mark":                  within({review.State.REEVALUATION}, R.REVIEWER),
    "review.answer_check":          within({review.State.ADMITTED}, R.REVIEWER),
    "review.preview_letter":        within(review.LIVE, R.REVIEWER, R.CALL_MANAGER, R.PROGRAMME_MANAGER),
    # dossiers, by how much they tell: the office once all is told, auditors at any time, applicants their own
    "call.ask_full_dossier":        within({call.State.CONCLUDED}, R.CALL_MANAGER, R.PROGRAMME_MANAGER),
    "call.ask_auditor_dossier":     always(R.AUDITOR),
    "call.ask_request_dossier":     within({call.State.CONCLUDED}, R.CALL_MANAGER, R.PROGRAMME_MANAGER),
    "application.ask_full_dossier": within(application.OUTCOMES, R.CHECKER, R.DECIDER),
    "application.ask_auditor_dossier": always(R.AUDITOR),
    "application.ask_applicant_dossier": within(application.OUTCOMES, R.COORDINATOR, R.DEPUTY, R.CHECKER),
    "application.ask_request_dossier": within(application.OUTCOMES, R.CHECKER, R.DECIDER),
    # auditors: let into a call for some time by somebody else; sample and notes are their own, and change nothing
    "call.view_audits":             always(R.PROGRAMME_MANAGER, R.ADMINISTRATOR),
    "call.grant_audit":             always(R.PROGRAMME_MANAGER, R.ADMINISTRATOR),
    "call.end_audit":               always(R.PROGRAMME_MANAGER, R.ADMINISTRATOR),
    "call.draw_sample":             always(R.AUDITOR),
    "application.view_audit_notes": always(R.AUDITOR),
    "application.write_audit_note": always(R.AUDITOR),
    "call.view_dossiers":           always(R.CALL_MANAGER, R.PROGRAMME_MANAGER, R.AUDITOR),
    "application.view_dossiers":    within(application.OUTCOMES, R.COORDINATOR, R.DEPUTY, R.CHECKER, R.DECIDER) | always(R.AUDITOR),
    "dossier.view":                 within({"full", "request"}, R.CALL_MANAGER, R.PROGRAMME_MANAGER) | within({"auditor"}, R.AUDITOR) | within({"applicant"}, R.COORDINATOR, R.DEPUTY, R.CALL_MANAGER),
    "label.view":                   within(label.REGISTERED, R.ANYONE) | always(R.COORDINATOR, R.DEPUTY, R.PARTNER, R.CALL_MANAGER, R.PROGRAMME_MANAGER, R.AUDITOR),
    "label.list":                   always(R.ANYONE),
    "label.verify":                 always(R.ANYONE),
} | from_machines(MACHINES.values())
# fmt: on


def allows(action: str, relation: R, state: str | None) -> bool:
    """Say what the table says of one cell."""
    states = PERMISSIONS[action].get(relation, frozenset())
    return states == ALWAYS or (state is not None and state in states)
