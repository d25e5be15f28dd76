"""Whether what letters of refusals and reviews say is fit to be read: asked when written, and before they go."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from app.act import Act
from app.models import Application, Call
from app.services.deciding.letter_findings import TEXT, names_of_call
from app.services.deciding.letter_texts import texts_of
from app.services.transitions import Done, Refused
from workflows import machine
from workflows.letter_findings import UNFIT, Finding, Names, Place, findings
from workflows.letter_texts import Kind
from workflows.verdict import Reason, Verdict

WRITTEN = (machine.Kind.TEXT, machine.Kind.LONG_TEXT)


def look_through(act: Act, thing: Any, done: Done) -> None:  # noqa: ANN401 - anything of an application
    """Refuse an act whose text applicants will read, where the text is not fit for it."""
    for need in done.row.needs:
        if need.kind in WRITTEN:
            refuse_unfit(act, thing.application, str(done.data.get(need.name) or ""))


def refuse_unfit(act: Act, application: Application, text: str) -> None:
    """Raise `Refused` with all that must not be in a text its applicant will read: nothing said, others' data."""
    place = Place(application.id, "", text, required=True)
    found = findings([place], Names(names_of_call(act, application.call)))
    if found:
        raise Refused(Verdict(tuple(reason_of(one) for one in found)))


def unfit_texts(act: Act, call: Call, kinds: Iterable[Kind]) -> list[Finding]:
    """Give what stands against the office's own texts of some kinds of letters; what is shipped names nobody."""
    texts = texts_of(act, call)
    own = [texts[kind] for kind in kinds if texts[kind].number]
    if not own:
        return []
    places = [Place("", f"{TEXT}:{one.kind.value}", one.text.replace("{", " ").replace("}", " ")) for one in own]
    return findings(places, Names(names_of_call(act, call)))


def reason_of(finding: Finding) -> Reason:
    return Reason(f"unfit-{finding.what.value}", UNFIT[finding.what], {"words": finding.words})
