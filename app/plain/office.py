"""An office document without its properties: who made it, for whom, who commented and changed it."""

import io
import re
import zipfile

from app.plain.obstacle import Obstacle
from app.plain.picture import plain_png, without_segments

_PACKAGE = b"http://schemas.openxmlformats.org"
_EMPTY = {
    "docProps/core.xml": b'<cp:coreProperties xmlns:cp="' + _PACKAGE + b'/package/2006/metadata/core-properties"/>',
    "docProps/app.xml": b'<Properties xmlns="' + _PACKAGE + b'/officeDocument/2006/extended-properties"/>',
    "docProps/custom.xml": b'<Properties xmlns="' + _PACKAGE + b'/officeDocument/2006/custom-properties"/>',
}
_HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TAG = re.compile(rb"<[^<>]*>")
# Authors of comments and changes, and the people behind them, in whatever name space.
_NAMING = re.compile(
    rb"(\s(?:\w+:)?(?:author|initials|lastModifiedBy|userName|displayName|userId|providerId|contributor))\s*=\s*"
    rb"(?:\"[^\"]*\"|'[^']*')",
)
_AUTHOR = re.compile(rb"(<(?:\w+:)?author(?:\s[^<>]*)?>)[^<]*(</)")
_BETWEEN_TAGS = re.compile(rb">[^<]+<")
_THUMBNAIL = re.compile(rb"<Relationship\s[^<>]*metadata/thumbnail[^<>]*/>")
# Where the maker's computer keeps the file, its template and what it is linked with.
_ABSOLUTE = re.compile(rb"<(?:\w+:)?absPath\b[^<>]*/>")
_LOCAL_TARGET = re.compile(rb"(\sTarget\s*=\s*)([\"'])(?:file:|[A-Za-z]:[\\/]|\\\\)[^\"'<>]*\2", re.IGNORECASE)
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


def plain_office(data: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            if entry.filename.startswith("_xmlsignatures/"):
                raise Obstacle("office-signature")
            if entry.is_dir() or entry.filename.startswith("docProps/thumbnail"):
                continue
            written = zipfile.ZipInfo(entry.filename, _LONG_AGO)
            written.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(written, _part(entry.filename, source.read(entry)))
    return made.getvalue()


def _part(name: str, content: bytes) -> bytes:
    if name in _EMPTY:
        return _HEAD + _EMPTY[name]
    suffix = name.rpartition(".")[2].lower()
    if suffix in ("jpg", "jpeg"):
        return without_segments(content)
    if suffix == "png":
        return plain_png(content)
    return _xml(name, content) if suffix in ("xml", "rels") else content


def _xml(name: str, content: bytes) -> bytes:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Obstacle("office-encoding")
    content = _ABSOLUTE.sub(b"", content)
    if name.endswith(".rels"):
        content = _LOCAL_TARGET.sub(rb'\1"file:///removed"', content)
    content = _TAG.sub(lambda tag: _NAMING.sub(rb'\1=""', tag[0]), content)
    if "comments" in name.lower():
        content = _AUTHOR.sub(rb"\1\2", content)
    if name.startswith("customXml/") and (b"coverPageProps" in content or b"bibliography" in content):
        content = _BETWEEN_TAGS.sub(b"><", content)
    return _THUMBNAIL.sub(b"", content) if name == "_rels/.rels" else content
