"""Pages of a PDF as pictures, and their text: for reading on the screen, where no PDF of others is ever run."""

import io

import pypdfium2

_MOST_PAGES, _LONGEST = 300, 20_000  # pages of a file; characters of a page
_DPI, _WIDEST = 110, 1400


def texts(data: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(data)
    return [document[at].get_textpage().get_text_bounded()[:_LONGEST] for at in range(min(len(document), _MOST_PAGES))]


def page(data: bytes, number: int) -> bytes:
    document = pypdfium2.PdfDocument(data)
    if not 0 <= number < min(len(document), _MOST_PAGES):
        raise IndexError(number)
    found = document[number]
    scale = min(_DPI / 72, _WIDEST / max(found.get_width(), found.get_height(), 1))
    made = io.BytesIO()
    found.render(scale=scale).to_pil().convert("RGB").save(made, "PNG", optimize=False)
    return made.getvalue()
