"""The names of who somebody can be to a thing. Whether somebody is, `app/access.py` answers."""

from enum import StrEnum


class Relation(StrEnum):
    """One word for each way a person can stand to a thing."""

    # everybody
    ANYONE = "anyone"
    SIGNED_IN = "signed_in"
    SELF = "self"
    # organisations
    ORGANISATION_MEMBER = "organisation_member"
    ORGANISATION_ADMINISTRATOR = "organisation_administrator"
    # expressions of interest and replies
    AUTHOR = "author"
    RESPONDENT = "respondent"
    FOLLOWER = "follower"
    ASKING = "asking"  # acts for the organisation that asks for an introduction
    ASKED = "asked"  # acts for the one that is asked
    INTRODUCED = "introduced"  # acts for an organisation that it agreed to be in touch with, and that agreed too
    PUBLIC_READER = "public_reader"  # the thing belongs to an expression of interest that is public
    # consortium
    COORDINATOR = "coordinator"
    DEPUTY = "deputy"
    PARTNER = "partner"
    OWN_PARTNER = "own_partner"  # contact person of just this membership
    INVITED = "invited"
    HELPER = "helper"
    SIGNATORY = "signatory"
    DRAFT_READER = "draft_reader"  # a call manager whom an applicant let into the draft, for a day
    # evaluation
    ASSIGNED = "assigned"  # asked to declare, or waiting for a decision on a possible conflict
    EXPERT = "expert"  # declared, and no conflict stands
    SIGHTED_ASSIGNED = "sighted_assigned"  # assigned in a call that does not hide names
    SIGHTED_EXPERT = "sighted_expert"  # an expert of a call that does not hide names
    ASSESSOR = "assessor"  # the writer of just this assessment
    RAPPORTEUR = "rapporteur"
    POOL = "pool"  # an evaluator who accepted the code of conduct
    REVIEWER = "reviewer"  # sits in the committee of a review of the evaluation, without interest in it
    DECLARANT = "declarant"  # the expert of just this assignment, whatever became of it
    # the office
    CALL_MANAGER = "call_manager"
    CHECKER = "checker"  # a call manager, once the application has been received
    PROGRAMME_MANAGER = "programme_manager"
    STAND_IN = "stand_in"  # named by a programme manager, for these days, to sign what they could sign
    DECIDER = "decider"  # a programme manager, once the decision on the call stands proposed
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    # not persons
    CLOCK = "clock"
    CASCADE = "cascade"


OFFICES = frozenset({Relation.CALL_MANAGER, Relation.PROGRAMME_MANAGER, Relation.AUDITOR, Relation.ADMINISTRATOR})
SIGNERS = (Relation.PROGRAMME_MANAGER, Relation.STAND_IN)
# Auditors change nothing and administrators see no content: neither signs in anybody's place.
MAY_STAND_IN = frozenset({Relation.CALL_MANAGER, Relation.PROGRAMME_MANAGER})
APPLICANTS = (Relation.COORDINATOR, Relation.DEPUTY, Relation.PARTNER)
NOT_PERSONS = frozenset({Relation.CLOCK, Relation.CASCADE})
