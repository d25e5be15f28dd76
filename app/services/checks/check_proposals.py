"""What the machine answers to each check of a submitted version, and on which facts. It records nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from app.act import Act
from app.models import Application, File, SubmittedVersion
from app.services.checks.check_facts import facts_of_version
from workflows.check import Stage
from workflows.definition import CallDefinition
from workflows.definition_rules import Severity
from workflows.file import State as FileState
from workflows.rules import evaluate_call
from workflows.rules_facts import Answer
from workflows.verdict import Reason
from workflows.words import _, plural


@dataclass(frozen=True)
class Proposal:
    """One check: what is asked, the machine's answer, and why."""

    stage: Stage
    rule: str
    label: str
    answer: Answer
    facts: tuple[Reason, ...]


def proposals(
    act: Act, application: Application, version: SubmittedVersion, call: CallDefinition
) -> Iterator[Proposal]:
    """Answer each matter of admissibility, then each blocking rule, exclusion and selection."""
    yield _on_time(application, version)
    yield _complete(version)
    yield _files(act, application, version)
    if call.languages:
        yield _language(call)
    yield from _rules(act, version, call)
    yield from _statements(call, version)


def _admissibility(rule: str, label: str, answer: Answer, *facts: Reason) -> Proposal:
    return Proposal(Stage.ADMISSIBILITY, rule, label, answer, facts)


def _answer(*, met: bool) -> Answer:
    return Answer.MET if met else Answer.NOT_MET


def _on_time(application: Application, version: SubmittedVersion) -> Proposal:
    deadline = application.closes_at
    text = _("Version {number} arrived on {received}. The deadline: {deadline}.")
    params = {
        "number": version.number,
        "received": version.received_at,
        "deadline": deadline,
    }
    answer = _answer(met=version.received_at < deadline)
    return _admissibility("on_time", _("It arrived before the deadline."), answer, Reason("received", text, params))


def _complete(version: SubmittedVersion) -> Proposal:
    label = _("It is complete and unchanged since it was sent.")
    intact = hashlib.sha256(version.canonical.encode()).hexdigest() == version.sha256
    params = {"number": version.number}
    if intact:
        text = _("Nothing that the call requires was missing in version {number}, and its content is what was sent.")
        return _admissibility("complete", label, Answer.MET, Reason("complete", text, params))
    changed = Reason("changed", _("The content of version {number} is not what was sent."), params)
    return _admissibility("complete", label, Answer.NOT_MET, changed)


def _files(act: Act, application: Application, version: SubmittedVersion) -> Proposal:
    """Every uploaded file was looked at and can be read; without files there is nothing against it."""
    label = _("Its files can be read and are of the kinds asked for.")
    digests = [entry["sha256"] if isinstance(entry, dict) else str(entry) for entry in version.files]
    query = select(File).where(File.application_id == application.id, File.sha256.in_(digests))
    found = act.session.scalars(query.order_by(File.name)).all()
    infected = [file.name for file in found if file.state == FileState.INFECTED]
    unread = [file.name for file in found if file.state == FileState.QUARANTINED]
    if infected:
        text = _("These files carry harmful content: {names}.")
        return _admissibility("files", label, Answer.NOT_MET, Reason("infected", text, {"names": ", ".join(infected)}))
    if unread:
        text = _("These files have not been looked at yet: {names}.")
        return _admissibility("files", label, Answer.UNDETERMINED, Reason("unread", text, {"names": ", ".join(unread)}))
    looked = plural("{n} file was looked at, nothing against it.", "{n} files were looked at, nothing against any.")
    return _admissibility("files", label, Answer.MET, Reason("files", looked, {"n": len(digests)}))


def _language(call: CallDefinition) -> Proposal:
    label = _("It is written in a language of the call.")
    text = _("Nothing is known against it. The languages are: {languages}. Read a passage before you confirm.")
    fact = Reason("language", text, {"languages": ", ".join(call.languages)})
    return _admissibility("language", label, Answer.MET, fact)


def _rules(act: Act, version: SubmittedVersion, call: CallDefinition) -> Iterator[Proposal]:
    for result in evaluate_call(call, facts_of_version(act, version, call)):
        if result.severity is Severity.BLOCKING:
            yield Proposal(Stage.ELIGIBILITY, result.id, result.statement.plain(), result.answer, result.facts)


def _statements(call: CallDefinition, version: SubmittedVersion) -> Iterator[Proposal]:
    """Exclusion was declared with the submission; selection rests on the documents the call requires."""
    if call.exclusions:
        text = _("Declared for every partner when version {number} was sent, each ground on its own.")
        fact = Reason("declared", text, {"number": version.number})
        yield Proposal(Stage.ELIGIBILITY, "exclusion", _("No ground for exclusion."), Answer.MET, (fact,))
    for criterion in call.selection_criteria:
        text = _("The documents that the call requires were given. Read them before you confirm.")
        yield Proposal(
            Stage.ELIGIBILITY, criterion.code, criterion.text or criterion.label, Answer.MET, (Reason("given", text),)
        )
