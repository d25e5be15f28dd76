"""All tables. Importing this package makes the metadata complete."""

from app.models.application import Answer, Application, SubmittedVersion
from app.models.assessment import Assessment, Score
from app.models.assignment import Assignment, Conflict, Strength
from app.models.base import Base, Thing
from app.models.call import Call, CallSource, Extension
from app.models.check import Check
from app.models.consensus import AgreedScore, Consensus, Signature
from app.models.decision import Decision, DecisionLine, Outcome
from app.models.document import Document, DocumentKind
from app.models.event import Denial, Event, Reading, Remark
from app.models.expert import Employer, Expert
from app.models.expression import Comment, Expression, Follow
from app.models.file import File
from app.models.job import Job, Lease, Status
from app.models.label import Label
from app.models.membership import Mandate, Membership, Part, Participant, Role
from app.models.message import Message, MessageKind
from app.models.organisation import (
    Organisation,
    OrganisationMember,
    OrganisationMerge,
    OrganisationName,
    RegionSettlement,
)
from app.models.person import FactorReset, KnownPlace, MailedLink, OfficeHolding, Person, RecoveryCode, SecondFactor, SignIn
from app.models.reply import Reply
from app.models.tries import Tries

THINGS: dict[str, type[Thing]] = {
    thing.__noun__: thing
    for thing in (
        Organisation, Call, Expression, Reply, Membership, Application, File,
        Check, Assignment, Assessment, Consensus, Decision, Label,
    )
}  # fmt: skip

__all__ = [
    "THINGS", "AgreedScore", "Answer", "Application", "Assessment", "Assignment", "Base", "Call", "CallSource", "Check",
    "Comment", "Conflict", "Consensus", "Decision", "DecisionLine", "Denial", "Document", "DocumentKind", "Employer",
    "Event", "Expert", "Expression", "Extension", "FactorReset", "File", "Follow", "Job", "KnownPlace", "Label", "Lease",
    "MailedLink", "Mandate", "Membership", "Message", "MessageKind", "OfficeHolding", "Organisation",
    "OrganisationMember", "OrganisationMerge", "OrganisationName", "Outcome", "Part", "Participant", "Person",
    "Reading", "RecoveryCode", "RegionSettlement", "Remark", "Reply", "Role", "Score", "SecondFactor", "SignIn",
    "Signature", "Status", "Strength", "SubmittedVersion", "Thing", "Tries",
]  # fmt: skip
