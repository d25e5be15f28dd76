"""The portrait documents: receipt, letter and evaluation summary report. They show whatever people wrote."""

from typing import cast

from app.documents import fonts, ornament, templates
from app.documents.print_job import Attempt, PrintJob
from app.documents.snapshots import Letter, ReadingCopy, Receipt, SummaryReport

_TICK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10">'
    '<path d="M1.5 5.5L4 8L8.6 2" fill="none" stroke="#0a328e" stroke-width="1.6"/></svg>'
)


def receipt(snapshot: Receipt) -> PrintJob:
    return _job("receipt.html", "receipt", snapshot)


def reading_copy(snapshot: ReadingCopy) -> PrintJob:
    return _job("reading_copy.html", "copy", snapshot)


def letter(snapshot: Letter) -> PrintJob:
    return _job("letter.html", "letter", snapshot)


def summary_report(snapshot: SummaryReport) -> PrintJob:
    return _job("summary_report.html", "report", snapshot)


def _job(template: str, name: str, snapshot: Receipt | Letter | SummaryReport | ReadingCopy) -> PrintJob:
    shown = cast("Receipt", fonts.with_texts(snapshot, fonts.legible))
    html = templates.environment(snapshot["lang"]).get_template(template).render({name: shown})
    mark = ornament.mark().replace("#fff", "#0a2a73")
    return PrintJob(
        attempts=(Attempt(html),),
        css=templates.css("page.css"),
        identifier=snapshot["identifier"],
        made_at=snapshot["made_at"],
        resources={"mark.svg": mark.encode(), "tick.svg": _TICK.encode()},
    )
