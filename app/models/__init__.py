"""All tables. Importing this package makes the metadata complete."""

from app.models.advance import Advance
from app.models.amendment import Amendment
from app.models.application import Answer, Application, SubmittedVersion
from app.models.assessment import Assessment, Score
from app.models.assignment import Assignment, Conflict, Strength
from app.models.base import Base, Thing
from app.models.calendar import CalendarFeed
from app.models.call import Call, CallSource, CallVersion, Extension
from app.models.check import Check
from app.models.clarification import Clarification
from app.models.consensus import AgreedScore, Consensus, Signature
from app.models.consent import Agreement, Consent, DraftLook
from app.models.decision import Decision, DecisionLine, Outcome
from app.models.disclosure import Disclosure, DisclosureLine
from app.models.document import Document, DocumentKind
from app.models.dossier import AuditAccess, AuditNote, AuditSample, Dossier, Level, Publication, RecordHead
from app.models.enquiry import Enquiry
from app.models.erasure import Erasure
from app.models.event import Denial, Event, Reading, Remark
from app.models.exception import LateException
from app.models.expert import Employer, Expert, ExpertCheck
from app.models.expression import Comment, Expression, Follow
from app.models.file import File, PlainCopy
from app.models.introduction import Introduction
from app.models.job import Job, Lease, Status
from app.models.label import CharterWord, Label
from app.models.letter import Bounce, BounceEnd, LetterSettlement, LetterText
from app.models.membership import Mandate, Membership, Part, Participant, Role
from app.models.message import Message, MessageKind
from app.models.office import Batch, SavedView
from app.models.organisation import (
    Organisation,
    OrganisationMember,
    OrganisationMerge,
    OrganisationName,
    RegionSettlement,
)
from app.models.person import (
    FactorReset,
    FormerAddress,
    KnownPlace,
    MailedLink,
    OfficeHolding,
    Person,
    RecoveryCode,
    SecondFactor,
    SignIn,
)
from app.models.plan import Plan, PlanLine, PlanProbe
from app.models.ranking import Draw, PanelMark, PanelMinute, Trial, TrialKind
from app.models.redaction import HarmlessName, RedactedFile, RedactedText, Redaction
from app.models.reply import Reply
from app.models.review import Review, ReviewAnswer, ReviewMark, ReviewMember
from app.models.scoring import Bookmark, Contribution, Meeting, Minute, Pin, Presence, ScoreChange
from app.models.search import Exposure, SavedSearch, SearchEntry, SearchText, Showing
from app.models.signing import Ending, FiledCopy, ProposedAct, StandIn, TwoPersons
from app.models.statement import Statement
from app.models.training import TrainingCase, TrainingScore
from app.models.tries import Tries
from app.models.writing import SectionComment, SectionPlan, SectionSignOff

THINGS: dict[str, type[Thing]] = {
    thing.__noun__: thing
    for thing in (
        Organisation, Call, Expression, Reply, Introduction, Membership, Application, Amendment, File,
        Check, Disclosure, Plan, Statement, Assignment, Assessment, Consensus, Decision, Label, Enquiry, LateException,
        Clarification, Redaction, Review, Advance,
    )
}  # fmt: skip

__all__ = [
    "THINGS",
    "Advance",
    "AgreedScore",
    "Agreement",
    "Amendment",
    "Answer",
    "Application",
    "Assessment",
    "Assignment",
    "AuditAccess",
    "AuditNote",
    "AuditSample",
    "Base",
    "Batch",
    "Bookmark",
    "Bounce",
    "BounceEnd",
    "CalendarFeed",
    "Call",
    "CallSource",
    "CallVersion",
    "CharterWord",
    "Check",
    "Clarification",
    "Comment",
    "Conflict",
    "Consensus",
    "Consent",
    "Contribution",
    "Decision",
    "DecisionLine",
    "Denial",
    "Disclosure",
    "DisclosureLine",
    "Document",
    "DocumentKind",
    "Dossier",
    "DraftLook",
    "Draw",
    "Employer",
    "Ending",
    "Enquiry",
    "Erasure",
    "Event",
    "Expert",
    "ExpertCheck",
    "Exposure",
    "Expression",
    "Extension",
    "FactorReset",
    "File",
    "FiledCopy",
    "Follow",
    "FormerAddress",
    "HarmlessName",
    "Introduction",
    "Job",
    "KnownPlace",
    "Label",
    "LateException",
    "Lease",
    "LetterSettlement",
    "LetterText",
    "Level",
    "MailedLink",
    "Mandate",
    "Meeting",
    "Membership",
    "Message",
    "MessageKind",
    "Minute",
    "OfficeHolding",
    "Organisation",
    "OrganisationMember",
    "OrganisationMerge",
    "OrganisationName",
    "Outcome",
    "PanelMark",
    "PanelMinute",
    "Part",
    "Participant",
    "Person",
    "Pin",
    "PlainCopy",
    "Plan",
    "PlanLine",
    "PlanProbe",
    "Presence",
    "ProposedAct",
    "Publication",
    "Reading",
    "RecordHead",
    "RecoveryCode",
    "RedactedFile",
    "RedactedText",
    "Redaction",
    "RegionSettlement",
    "Remark",
    "Reply",
    "Review",
    "ReviewAnswer",
    "ReviewMark",
    "ReviewMember",
    "Role",
    "SavedSearch",
    "SavedView",
    "Score",
    "ScoreChange",
    "SearchEntry",
    "SearchText",
    "SecondFactor",
    "SectionComment",
    "SectionPlan",
    "SectionSignOff",
    "Showing",
    "SignIn",
    "Signature",
    "StandIn",
    "Statement",
    "Status",
    "Strength",
    "SubmittedVersion",
    "Thing",
    "TrainingCase",
    "TrainingScore",
    "Trial",
    "TrialKind",
    "Tries",
    "TwoPersons",
]
