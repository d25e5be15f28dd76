"""Runs in the confined child: HTML, CSS and named resources in, the bytes of a PDF/A-3a out."""

from datetime import datetime
from types import SimpleNamespace
from typing import Any

from app.confined import child
from app.confined.frames import Message
from app.documents import pdf_a
from app.documents.figures import PREFIX, printable

# Once, before WeasyPrint starts a thread of its own: a thread may not move to another user namespace.
_OFFLINE = child.leave_the_network()

import weasyprint  # noqa: E402 - see above
from weasyprint.text.fonts import FontConfiguration  # noqa: E402
from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: E402

_MEMORY = 1024 * 1024 * 1024
_CPU_SECONDS = 60
_MIME_TYPES = {"svg": "image/svg+xml", "png": "image/png"}


class NamedOnly(URLFetcher):  # type: ignore[misc]
    """Gives what the job brought along, by its exact name, and nothing else: no file, no address, no data URL."""

    def __init__(self, resources: dict[str, bytes]) -> None:
        super().__init__(allowed_protocols=["print"], allow_redirects=False, fail_on_errors=True)
        self._resources = resources

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:  # noqa: ARG002 - the library's signature
        name = url.removeprefix("print:")
        if name == url or name not in self._resources:
            raise ValueError(f"{url[:200]} is not part of this document")
        kind = _MIME_TYPES.get(name.rpartition(".")[2], "application/octet-stream")
        return URLFetcherResponse(url, self._resources[name], {"Content-Type": kind})


def main() -> None:
    fonts = FontConfiguration()
    child.serve(lambda message: _print(message, fonts), memory=_MEMORY, cpu_seconds=_CPU_SECONDS)


def _print(message: Message, fonts: FontConfiguration) -> Message:
    job: Any = SimpleNamespace(**message.head)
    given = {name.removeprefix("resource/"): piece for name, piece in message.pieces.items()}
    resources = {name: printable(one) if name.startswith(PREFIX) else one for name, one in given.items()}
    fetcher = NamedOnly(resources)
    style = weasyprint.CSS(string=job.css, url_fetcher=fetcher, font_config=fonts)
    pictures: dict[str, object] = {}
    for place, attempt in enumerate(job.attempts):
        page = weasyprint.HTML(string=attempt["html"], base_url="print:", url_fetcher=fetcher)
        document = page.render(
            font_config=fonts,
            stylesheets=[style],
            presentational_hints=False,
            pdf_variant="pdf/a-3a",
            cache=pictures,
        )
        if _fits(document, attempt["pages"]):
            pdf = document.write_pdf(
                pdf_variant="pdf/a-3a",
                pdf_identifier=job.identifier.encode(),
                attachments=[_attachment(entry, resources, job.made_at) for entry in job.attached],
            )
            head = {"attempt": place, "pages": len(document.pages), "offline": _OFFLINE}
            return Message(head, {"pdf": pdf_a.finished(pdf)})
    raise ValueError("the text does not fit on its page at the smallest size")


def _attachment(entry: dict[str, str], resources: dict[str, bytes], made_at: str) -> weasyprint.Attachment:
    moment = datetime.fromisoformat(made_at)
    return weasyprint.Attachment(
        string=resources[entry["name"]],
        name=entry["name"],
        description=entry["description"],
        created=moment,
        modified=moment,
        relationship=entry["relationship"],
    )


def _fits(document: Any, pages: int) -> bool:  # noqa: ANN401 - WeasyPrint has no types
    if pages and len(document.pages) != pages:
        return False
    return all(_is_above_the_foot(page) for page in document.pages)


def _is_above_the_foot(page: Any) -> bool:  # noqa: ANN401
    """Compare the end of the flowing text (id `flow`) with the top of the foot (id `foot`) in the tree of boxes."""
    ends = [box.position_y + box.margin_height() for box in _boxes(page, "flow")]
    tops = [box.position_y for box in _boxes(page, "foot")]
    return not ends or not tops or max(ends) <= min(tops)


def _boxes(page: Any, name: str) -> list[Any]:  # noqa: ANN401
    return [
        box
        for box in page._page_box.descendants()  # noqa: SLF001 - the only way to see where things came to stand
        if box.element is not None and box.element.get("id") == name
    ]
