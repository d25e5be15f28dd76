"""My work: what awaits a person in all their roles. Every list starts from the table that also guards the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import select

from app.access import all_visible, can
from app.act import Act
from app.models import (
    Application,
    Assessment,
    Assignment,
    Call,
    Check,
    Consensus,
    Decision,
    Label,
    Organisation,
    OrganisationMember,
    Participant,
    Signature,
)
from app.services.conflicts.disclosure import disclosures_to_make
from app.services.deciding.bounces import open_bounces
from app.services.labels.award_documents import owing_after_award
from app.services.organisations.organisation_people import requests_with_the_office
from app.services.transitions import verdict_on
from app.services.work import work_partners, work_pool
from app.services.work.task import ROLES, Task, name_of_application, own_name, signs_as, task_on
from workflows import application as applications
from workflows.relations import Relation as R
from workflows.words import Text, _, plural

_PARTS = {"coordinator": R.COORDINATOR, "deputy": R.DEPUTY, "contact": R.PARTNER, "helper": R.HELPER}


def tasks_of(act: Act) -> list[Task]:
    """List everything that awaits the person, what is due first at the top, what has no date at the end."""
    found = [task for source in SOURCES for task in source(act)]
    far = act.now.replace(year=act.now.year + 100)
    return sorted(found, key=lambda task: (task.due or far, task.noun, str(task.params), task.thing_id))


def applications_to_continue(act: Act) -> Iterator[Task]:
    mine = (
        select(Application, Participant.part)
        .join(Participant, Participant.application_id == Application.id)
        .join(Call, Call.id == Application.call_id)
        .where(Participant.person_id == act.person_id, Participant.until.is_(None))
        .where(Application.state == applications.State.DRAFT, Call.closes_at > act.now)
    )
    rows = sorted(
        act.session.execute(mine).all(),
        key=lambda row: (row[0].id, list(_PARTS).index(row[1].value) if row[1].value in _PARTS else 9),
    )
    for _key, group in groupby(rows, key=lambda row: row[0].id):
        application, part = next(group)
        role = _PARTS.get(part.value)
        if role is not None:
            yield task_on(
                _("Continue the application {name}"),
                role,
                application,
                name=own_name(application),
                due=application.call.closes_at,
            )


def interests_to_declare(act: Act) -> Iterator[Task]:
    for disclosure in disclosures_to_make(act):
        yield task_on(
            _("Declare your interests in the organisations of {name}"), R.EXPERT, disclosure, name=disclosure.call.code
        )


def declarations_to_make(act: Act) -> Iterator[Task]:
    """One line for each call: names of applicants are read on the page that asks."""
    asked = sorted(
        all_visible(act, Assignment, "assignment.declare_free"), key=lambda task: (task.application.call_id, task.id)
    )
    for _call, group in groupby(asked, key=lambda task: task.application.call_id):
        tasks = list(group)
        title = plural("Declare your interests for {n} application", "Declare your interests for {n} applications")
        due = min((task.due_at for task in tasks if task.due_at), default=None)
        yield Task(
            title, ROLES[R.EXPERT], "assignment", tasks[0].id, {"n": len(tasks)}, due, endpoint="assessment.index"
        )


def reports_to_write(act: Act) -> Iterator[Task]:
    for report in all_visible(act, Assessment, "assessment.finish"):
        yield task_on(
            _("Score {name}"),
            R.EXPERT,
            report,
            name=name_of_application(report.application),
            due=report.assignment.due_at,
        )


def consensus_to_draft(act: Act) -> Iterator[Task]:
    for consensus in all_visible(act, Consensus, "consensus.circulate"):
        yield task_on(
            _("Draft the agreed text on {name}"),
            R.RAPPORTEUR,
            consensus,
            name=name_of_application(consensus.application),
        )


def consensus_to_sign(act: Act) -> Iterator[Task]:
    signed = select(Signature.consensus_id).where(Signature.person_id == act.person_id, Signature.voided_at.is_(None))
    done = set(act.session.scalars(signed))
    for consensus in all_visible(act, Consensus, "consensus.sign"):
        if consensus.id not in done:
            yield task_on(
                _("Sign the agreed text on {name}"),
                R.EXPERT,
                consensus,
                name=name_of_application(consensus.application),
            )


def consensus_to_close(act: Act) -> Iterator[Task]:
    for consensus in all_visible(act, Consensus, "consensus.agree"):
        if verdict_on(act, consensus, "agree"):
            title = _("Everybody has signed: close the agreed text on {name}")
            yield task_on(title, R.RAPPORTEUR, consensus, name=name_of_application(consensus.application))


def checks_to_record(act: Act) -> Iterator[Task]:
    one, many = "Record {n} formal check of {name}", "Record {n} formal checks of {name}"
    yield from _by_call(act, Check, "check.confirm", plural(one, many), R.CALL_MANAGER)
    one, many = "Confirm or return {n} refusal in {name}", "Confirm or return {n} refusals in {name}"
    yield from _by_call(act, Check, "check.confirm_refusal", plural(one, many), R.CALL_MANAGER)


def conflicts_to_decide(act: Act) -> Iterator[Task]:
    one, many = (
        "Decide on {n} possible conflict of interest in {name}",
        "Decide on {n} possible conflicts of interest in {name}",
    )
    yield from _by_call(act, Assignment, "assignment.clear", plural(one, many), R.CALL_MANAGER)


def consensus_to_approve(act: Act) -> Iterator[Task]:
    one, many = "Approve {n} agreed text in {name}", "Approve {n} agreed texts in {name}"
    yield from _by_call(act, Consensus, "consensus.approve", plural(one, many), R.CALL_MANAGER)


def _by_call(act: Act, model: Any, action: str, title: Text, role: R) -> Iterator[Task]:  # noqa: ANN401
    found = sorted(all_visible(act, model, action), key=lambda thing: (thing.application.call_id, thing.id))
    for _call, group in groupby(found, key=lambda thing: thing.application.call_id):
        things = list(group)
        call = things[0].application.call
        params = {"n": len(things), "name": call.code}
        yield Task(title, ROLES[role], "call", call.id, params, endpoint=f"{model.__noun__}.index")


def decisions_to_sign(act: Act) -> Iterator[Task]:
    for action, title in (
        ("decision.sign", _("Sign the decision on {name}")),
        ("decision.release", _("Release the results of {name}")),
    ):
        for decision in all_visible(act, Decision, action):
            if decision.proposed_by != act.person_id or signs_as(act) is R.PROGRAMME_MANAGER:
                yield task_on(title, signs_as(act), decision, name=decision.call.code)


def extensions_to_sign(act: Act) -> Iterator[Task]:
    for call in all_visible(act, Call, "call.extend"):
        if call.proposed_closes_at is not None and call.extension_proposed_by != act.person_id:
            title = _("Sign the new deadline of {name}")
            yield task_on(title, signs_as(act), call, name=call.code, due=call.closes_at)


def labels_to_accept(act: Act) -> Iterator[Task]:
    for label in all_visible(act, Label, "label.accept"):
        yield task_on(_("Accept the label for {name}"), R.COORDINATOR, label, name=label.acronym, due=label.accept_by)


def mails_that_came_back(act: Act) -> Iterator[Task]:
    """One line for each call: somebody was not told what a mail should have told them."""
    mine = [one for one in open_bounces(act) if one.application and can(act, "call.end_bounce", one.application.call)]
    found = sorted(mine, key=lambda one: (one.call_id or "", one.id))
    title = plural(
        "{n} mail of {name} came back: tell its addressee otherwise",
        "{n} mails of {name} came back: tell their addressees otherwise",
    )
    for _call, group in groupby(found, key=lambda one: one.call_id):
        bounces = list(group)
        application = bounces[0].application
        if application is not None:
            params = {"n": len(bounces), "name": application.call.code}
            yield Task(title, ROLES[R.CALL_MANAGER], "call", application.call_id, params, endpoint="delivery.of_call")


def documents_to_upload(act: Act) -> Iterator[Task]:
    """What is asked only of those on the award list."""
    for owing in owing_after_award(act, list(all_visible(act, Application, "application.upload_award"))):
        application = owing.application
        title = _("Upload documents for {name}, which is on the award list")
        page = "application.award_documents"
        params = {"name": own_name(application)}
        yield Task(
            title, ROLES[R.COORDINATOR], application.__noun__, application.id, params, owing.due_at, endpoint=page
        )


def labels_to_decide(act: Act) -> Iterator[Task]:
    for action, title in (
        ("label.suspend", _("Sign the suspension of the label {name}")),
        ("label.withdraw", _("Sign the withdrawal of the label {name}")),
    ):
        for label in all_visible(act, Label, action):
            if label.proposed_by != act.person_id or signs_as(act) is R.PROGRAMME_MANAGER:
                yield task_on(title, signs_as(act), label, name=label.number)


def profiles_to_complete(act: Act) -> Iterator[Task]:
    for organisation in all_visible(act, Organisation, "profile.submit"):
        title = _("Complete the profile of {name} and send it for validation")
        yield task_on(title, R.ORGANISATION_ADMINISTRATOR, organisation, name=organisation.name)


def profiles_to_validate(act: Act) -> Iterator[Task]:
    found = list(all_visible(act, Organisation, "profile.publish"))
    if found:
        title = plural("Validate {n} profile of an organisation", "Validate {n} profiles of organisations")
        params = {"n": len(found)}
        yield Task(title, ROLES[R.CALL_MANAGER], "profile", found[0].id, params, endpoint="organisation.to_validate")


def requests_to_answer(act: Act) -> Iterator[Task]:
    waiting = select(OrganisationMember).where(
        OrganisationMember.answered_at.is_(None), OrganisationMember.ended_at.is_(None)
    )
    mine = select(OrganisationMember.organisation_id).where(
        OrganisationMember.person_id == act.person_id,
        OrganisationMember.administrator.is_(True),
        OrganisationMember.accepted.is_(True),
        OrganisationMember.ended_at.is_(None),
    )
    for member in act.session.scalars(
        waiting.where(OrganisationMember.organisation_id.in_(mine)).order_by(OrganisationMember.id)
    ):
        params = {"person": member.person.name, "name": member.organisation.name}
        title, role = _("Answer {person}, who asks to act for {name}"), ROLES[R.ORGANISATION_ADMINISTRATOR]
        yield Task(title, role, "profile", member.organisation_id, params, anchor="requests")


def requests_for_the_office(act: Act) -> Iterator[Task]:
    if not list(all_visible(act, Organisation, "profile.merge"))[:1]:
        return
    found = [member for member in requests_with_the_office(act) if member.person_id != act.person_id]
    if found:
        title = plural("Answer {n} request to join an organisation", "Answer {n} requests to join organisations")
        page = ("organisation.to_validate", "requests")
        yield Task(title, ROLES[R.CALL_MANAGER], "profile", "", {"n": len(found)}, None, *page)


SOURCES: tuple[Callable[[Act], Iterator[Task]], ...] = (
    applications_to_continue,
    work_partners.invitations_to_answer,
    work_partners.charters_to_accept,
    work_partners.addresses_to_allow,
    work_partners.replies_to_answer,
    work_partners.introductions_to_answer,
    interests_to_declare,
    work_pool.training_to_score,
    work_pool.statements_to_confirm,
    work_pool.statements_to_approve,
    declarations_to_make,
    reports_to_write,
    consensus_to_draft,
    consensus_to_sign,
    consensus_to_close,
    checks_to_record,
    conflicts_to_decide,
    consensus_to_approve,
    decisions_to_sign,
    extensions_to_sign,
    labels_to_accept,
    documents_to_upload,
    labels_to_decide,
    mails_that_came_back,
    profiles_to_complete,
    profiles_to_validate,
    requests_to_answer,
    requests_for_the_office,
)
