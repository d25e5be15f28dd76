"""Values that rows name for what follows. How each is done stands in `app/services/effects.py`."""

from dataclasses import dataclass

from workflows.relations import Relation


@dataclass(frozen=True)
class Effect:
    """Something that must be true once the state is: done in the same transaction."""

    name: str


@dataclass(frozen=True)
class Stamp:
    """Who and when, written into the thing's own columns together with its new state."""

    moment: str = ""
    person: str = ""


@dataclass(frozen=True)
class Clear:
    """Columns of the thing that are emptied together with its new state."""

    columns: tuple[str, ...]


@dataclass(frozen=True)
class Fill:
    """Columns of the thing filled in together with its new state, by a function that queries nothing."""

    name: str


@dataclass(frozen=True)
class Cascade:
    """A row of another thing, taken in the same transaction; `which` names the selection."""

    noun: str
    row: str
    which: str


@dataclass(frozen=True)
class Mail:
    """A mail to everybody who stands in that relation, by way of the outbox."""

    template: str
    to: tuple[Relation, ...]


@dataclass(frozen=True)
class Paper:
    """A document to be made by way of the outbox."""

    kind: str


Then = Effect | Stamp | Clear | Fill | Cascade
After = Mail | Paper


END_EXPERTS_SIGN_INS = Effect("end_experts_sign_ins")
FREEZE_EXPRESSION = Effect("freeze_expression")
CARRY_OVER = Effect("carry_over")
MAIL_INVITATION = Effect("mail_invitation")
RECORD_CONSENT = Effect("record_consent")
ASK_TO_CONFIRM = Effect("ask_to_confirm")
APPLY_AMENDMENT = Effect("apply_amendment")
INVITE_LATER = Effect("invite_later")
GIVE_INVITATION = Effect("give_invitation")
REFUSE_ADDRESS = Effect("refuse_address")
END_PARTICIPATION = Effect("end_participation")
FREEZE_VERSION = Effect("freeze_version")
OPEN_CHECKS = Effect("open_checks")
MOVE_DEADLINE = Effect("move_deadline")
NOTE_EXTENSION = Effect("note_extension")
NOTE_CONFLICT = Effect("note_conflict")
START_ASSESSMENT = Effect("start_assessment")
ASSIGN_AS_PLANNED = Effect("assign_as_planned")
TAKE_PLAN_BACK = Effect("take_plan_back")
NOTE_INTERESTS = Effect("note_interests")
ASK_TO_DISCLOSE = Effect("ask_to_disclose")
NOTE_FINDINGS = Effect("note_findings")
CLOSE_FINDINGS = Effect("close_findings")
RECORD_SIGNATURE = Effect("record_signature")
VOID_SIGNATURES = Effect("void_signatures")
FREEZE_RANKING = Effect("freeze_ranking")
TAKE_DOWN_HEAD = Effect("take_down_head")
FREEZE_FORK = Effect("freeze_fork")
LOOK_THROUGH = Effect("look_through")  # the text that was given goes out in a letter
OFFER_LABEL = Effect("offer_label")
ASK_PARTNERS = Effect("ask_partners")  # of the charter of an offered label
ACCEPT_CHARTER = Effect("accept_as_coordinator")
ANSWER_ENQUIRY = Effect("answer_enquiry")
PROPOSE_EXCEPTION = Effect("propose_exception")
GRANT_EXCEPTION = Effect("grant_exception")
FREEZE_CLARIFICATION = Effect("freeze_clarification")
APPLY_CHANGE = Effect("apply_change")
OFFER_LABEL_WITHOUT_GRANT = Effect("offer_label_without_grant")  # only where the call lets the reserve list take it
COUNT_WORK = Effect("count_work")
MOVE_DUE = Effect("move_due")
MERGE_REMARKS = Effect("merge_remarks")
CONFIRM_QUALITY = Effect("confirm_quality")
FOLLOW_VERSION = Effect("follow_version")
ALLOT_NUMBER = Fill("allot_number")
CHANGE_GRANT_LINE = Fill("change_grant_line")

RECEIPT = Paper("receipt")
READING_COPY = Paper("reading_copy")
REFUSAL_LETTER = Paper("refusal_letter")
RESULT_LETTER = Paper("result_letter")
REVIEW_LETTER = Paper("review_letter")
SUMMARY_REPORT = Paper("summary_report")
CERTIFICATE = Paper("certificate")
DECISION_ACT = Paper("decision_act")
PANEL_MINUTES = Paper("panel_minutes")
STATEMENT_OF_WORK = Paper("statement_of_work")
EVALUATOR_COPY = Paper("evaluator_copy")
