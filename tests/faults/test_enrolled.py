"""A form that is not enrolled among those people write long text into must be said to be short."""

from __future__ import annotations

from flask import Flask

from app.models import Level
from tests.faults.forms import FORMS
from tests.support.web import Web
from workflows.machine import Kind, for_persons
from workflows.machines import MACHINES

# One click, a choice, a number, a name or an address: typed again in a moment, and the gate gives it back all the same.
SHORT = frozenset(
    [
        "plan.change",
        "plan.make",
        "application.upload_award",
        "plan.ask",
        "application.take_from_profile",
        "organisation.keep_document",
        "membership.accept_charter",
        "application.take_award_from_profile",
        "admin.confirm_erasure",
        "admin.confirm_reset",
        "admin.enable",
        "admin.end",
        "admin.take_erasure_back",
        "advance.propose",
        "application.checked",
        "application.close_draft",
        "application.end_person",
        "application.hand_to_colleague",
        "application.lead",
        "application.look_again",
        "application.name_coordinator",
        "application.new",
        "application.open_draft",
        "application.people",
        "application.put_answer_back",
        "application.remind_partner",
        "application.save_plan",
        "application.send",
        "application.settle_comment",
        "application.sign_off",
        "application.suggested",
        "application.take_coordination",
        "application.upload",
        "assessment.declare",
        "assessment.all_copies",
        "assessment.order_copies",
        "assessment.stop",
        "assessment.switch_keys",
        "assignment.assign",
        "assignment.name_rapporteur",
        "assignment.publish",
        "audit.draw",
        "audit.end",
        "standin.end",
        "audit.grant",
        "calendar.end",
        "calendar.renew",
        "call.follow",
        "call.regions",
        "call.unfollow",
        "check.confirm",
        "consensus.attend",
        "decision.begin_next",
        "decision.start",
        "delivery.again",
        "delivery.hook",
        "expert.accept_conduct",
        "expression.follow",
        "expression.hide_comment",
        "expression.look_again",
        "expression.new",
        "expression.overlaps",
        "expression.unfollow",
        "clarification.upload",
        "expression.upload",
        "expert.about",
        "expert.check",
        "membership.add_contact",
        "membership.agree",
        "membership.answer",
        "membership.ask_other_address",
        "membership.ask_to_sign",
        "membership.change_part",
        "membership.confirm_address",
        "membership.end_agreement",
        "membership.sign_mandate",
        "membership.use_signed_file",
        "organisation.administrator",
        "organisation.answer",
        "organisation.end",
        "organisation.join",
        "organisation.merge",
        "organisation.new",
        "organisation.rename",
        "organisation.undo_merge",
        "office_list.forget",
        "office_list.keep",
        "partner.change",
        "partner.searches",
        "partner.stop",
        "person.address",
        "person.end_one",
        "person.end_others",
        "person.erase",
        "person.factor",
        "person.password",
        "person.remove_factor",
        "person.save",
        "statement.count",
        "statement.panel",
        "trial.save_certainty",
        "trial.save_what_if",
        "public_draw.commit",
        "public_draw.draw",
        "redaction.accept_all",
        "review.drop_member",
        "review.name_member",
        "sign_in.again",
        "sign_in.ask_link",
        "sign_in.by_link",
        "sign_in.code",
        "sign_in.end_others",
        "sign_in.forgotten",
        "sign_in.reset",
        "sign_in.set_up",
        "sign_in.show",
        "sign_in.sign_out",
        "sign_in.sign_up",
        "sign_in.stay",
        "sign_in.verify",
        "sign_in.verify_again",
    ]
)
# A file of its own, or a reason that is short by custom: what the gate and the script do for every form holds for them
# (a sign-in that ends, a wrong token, a refusal, a connection that is cut), and they are not tried one by one.
BY_THE_GATE_ALONE = frozenset(
    [
        "admin.ask_erasure",
        "admin.ask_reset",
        "admin.disable",
        "admin.grant",
        "admin.set_two_persons",
        "admin.told",
        "application.ask_change",
        "application.offline",
        "application.table",
        "assessment.offline",
        "assessment.offline_all",
        "assessment.pin",
        "assignment.decide",
        "assignment.dismiss",
        "call.import_file",
        "call.new_version",
        "clarification.answers",
        "clarification.new",
        "consensus.chair",
        "consensus.discuss",
        "decision.order_tie",
        "delivery.told",
        "letter.settle",
        "disclosure.disclose",
        "document.file_copy",
        "exception.ask",
        "expert.bring",
        "expert.invite",
        "introduction.new",
        "training.prepare",
        "training.score",
        "assessment.pack",
        "panel.mark",
        "redaction.file",
        "review.mark",
        "review.answer_check",
        "standin.name",
    ]
)
# Asked for by one press of a button.
DOSSIERS = frozenset(
    f"dossier.ask_{level.value}_of_{noun}"
    for level in Level
    for noun in ("application", "call")
    if (noun, level) != ("call", Level.APPLICANT)
)
# Long, and written by one view whatever the machine: enrolled by one act of each kind.
ACTS_BY_ONE_VIEW = frozenset(f"act.{machine.noun}" for machine in MACHINES.values())


def endpoints(app: Flask) -> set[str]:
    return {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}


def test_every_form_is_enrolled_or_said_to_be_short(web: Web) -> None:
    enrolled = {form.endpoint for form in FORMS}

    assert endpoints(web.app) - enrolled - ACTS_BY_ONE_VIEW - SHORT - BY_THE_GATE_ALONE - DOSSIERS == set()
    assert (SHORT | BY_THE_GATE_ALONE) - endpoints(web.app) == set()
    assert (SHORT | BY_THE_GATE_ALONE) & enrolled == set()


def test_acts_with_a_long_text_are_tried_on_several_machines() -> None:
    long = {
        f"act.{machine.noun}"
        for machine in MACHINES.values()
        for row in machine.rows
        if for_persons(row) and any(need.kind is Kind.LONG_TEXT for need in row.needs)
    }

    assert len(long & {form.endpoint for form in FORMS}) >= 3
