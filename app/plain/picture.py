"""A picture without its properties: pixels stay as they are, segments and chunks that speak of people go."""

import io
import struct
from collections.abc import Iterator

from PIL import Image, ImageOps

from app.plain.obstacle import Obstacle

_JPEG, _PNG = b"\xff\xd8", b"\x89PNG\r\n\x1a\n"
_MARKER, _SCAN = 0xFF, 0xDA
_TELLING = {
    0xE1,
    0xED,
    0xFE,
    *range(0xE3, 0xED),
    0xEF,
}  # EXIF and XMP, IPTC, comments, makers' own; not JFIF, ICC, Adobe
_KEPT_CHUNKS = {
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD", b"pHYs", b"acTL",
    b"fcTL", b"fdAT", b"cICP",
}  # fmt: skip
_ORIENTATION, _UPRIGHT = 0x0112, 1
_WIDEST = 1600  # pixels


def plain_jpeg(data: bytes) -> bytes:
    """Take the properties out. A picture that its properties turn is turned for good first."""
    with Image.open(io.BytesIO(data), formats=["JPEG"]) as picture:
        if picture.getexif().get(_ORIENTATION, _UPRIGHT) != _UPRIGHT:
            turned = io.BytesIO()
            ImageOps.exif_transpose(picture).save(turned, "JPEG", quality=95)
            data = turned.getvalue()
    made = without_segments(data)
    with Image.open(io.BytesIO(made), formats=["JPEG"]) as picture:
        picture.load()
        if len(picture.getexif()) or {"exif", "comment", "photoshop", "xmp"} & picture.info.keys():
            raise Obstacle("picture-properties")
    return made


def without_segments(data: bytes) -> bytes:
    """Leave out the segments of a JPEG that tell of people and places; the picture's own bytes are not touched."""
    if not data.startswith(_JPEG):
        raise Obstacle("picture-properties")
    kept, at = [_JPEG], 2
    while at + 4 <= len(data):
        if data[at] != _MARKER:
            raise Obstacle("picture-properties")
        marker, length = data[at + 1], struct.unpack(">H", data[at + 2 : at + 4])[0]
        if marker == _SCAN:
            end = data.rfind(b"\xff\xd9")  # what stands behind the end is no picture
            return b"".join(kept) + data[at : end + 2 if end > at else len(data)]
        if marker not in _TELLING:
            kept.append(data[at : at + 2 + length])
        at += 2 + length
    raise Obstacle("picture-properties")


def plain_png(data: bytes) -> bytes:
    """Keep the chunks that make the picture, and no others."""
    if not data.startswith(_PNG):
        raise Obstacle("picture-properties")
    made = _PNG + b"".join(chunk for name, chunk in _chunks(data) if name in _KEPT_CHUNKS)
    with Image.open(io.BytesIO(made), formats=["PNG"]) as picture:
        picture.load()
        if len(picture.getexif()) or getattr(picture, "text", None):
            raise Obstacle("picture-properties")
    return made


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_PNG)
    while at + 12 <= len(data):
        length = struct.unpack(">I", data[at : at + 4])[0]
        name = data[at + 4 : at + 8]
        yield name, data[at : at + 12 + length]
        if name == b"IEND":
            return
        at += 12 + length


def figure(data: bytes) -> bytes:
    """Draw the picture anew, upright and no larger than a page shows: a PNG of our own, of pixels alone."""
    with Image.open(io.BytesIO(data), formats=["PNG", "JPEG"]) as picture:
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((_WIDEST, _WIDEST))
        drawn = upright.convert("RGBA" if "A" in upright.getbands() or "transparency" in upright.info else "RGB")
        drawn.info.clear()
        made = io.BytesIO()
        drawn.save(made, "PNG")
    return made.getvalue()
