"""A PDF without its properties: document information, XMP, names of annotators and programs, properties of pictures."""

import io

import pikepdf

from app.plain.obstacle import Obstacle
from app.plain.picture import without_segments

_TELLING = ("/Metadata", "/PieceInfo", "/LastModified")
_PATHS = ("/F", "/UF", "/DOS", "/Unix", "/Mac")  # of a file on the maker's computer
_LEAVING = (pikepdf.Name.GoToR, pikepdf.Name.Launch, pikepdf.Name.ImportData)
_OF_ANNOTATIONS = ("/T", "/M", "/CreationDate", "/NM")


def plain_pdf(data: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(data), suppress_warnings=True) as document:
        for thing in document.objects:
            _strip(thing)
        for page in document.pages:
            for annotation in _annotations(page):
                _strip_annotation(annotation)
        if "/Info" in document.trailer:
            del document.trailer["/Info"]
        made = io.BytesIO()
        document.save(made, deterministic_id=True)
    _refuse_what_is_left(made.getvalue())
    return made.getvalue()


def _strip(thing: pikepdf.Object) -> None:
    if not isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        return
    if thing.get("/Type") == pikepdf.Name.Sig or "/ByteRange" in thing:
        raise Obstacle("pdf-signature")
    for key in _TELLING:
        if key in thing:
            del thing[key]
    if thing.get("/Type") == pikepdf.Name.Filespec or thing.get("/S") in _LEAVING:
        _strip_paths(thing)
    if isinstance(thing, pikepdf.Stream) and thing.get("/Filter") in (pikepdf.Name.DCTDecode, [pikepdf.Name.DCTDecode]):
        thing.write(without_segments(thing.read_raw_bytes()), filter=pikepdf.Name.DCTDecode)


def _strip_paths(thing: pikepdf.Dictionary | pikepdf.Stream) -> None:
    """A link to a file elsewhere leads nowhere for its reader, and its path names folders and people."""
    for key in _PATHS:
        if key in thing:
            del thing[key]


def _annotations(page: pikepdf.Page) -> list[pikepdf.Object]:
    found = page.obj.get("/Annots")
    return list(found) if isinstance(found, pikepdf.Array) else []


def _strip_annotation(annotation: pikepdf.Object) -> None:
    """Who wrote a comment and when; the name of a form's field stands under the same key and stays."""
    action = annotation.get("/A") if isinstance(annotation, pikepdf.Dictionary) else None
    if isinstance(action, pikepdf.Dictionary) and action.get("/S") in _LEAVING:
        _strip_paths(action)
    if not isinstance(annotation, pikepdf.Dictionary) or annotation.get("/Subtype") == pikepdf.Name.Widget:
        return
    for key in _OF_ANNOTATIONS:
        if key in annotation:
            del annotation[key]


def _refuse_what_is_left(made: bytes) -> None:
    with pikepdf.open(io.BytesIO(made), suppress_warnings=True) as document:
        if "/Info" in document.trailer or "/Metadata" in document.Root:
            raise Obstacle("pdf-properties")
