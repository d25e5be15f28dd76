"""Runs in the confined child: a picture that somebody uploaded, made into one that a document may print."""

import io

from PIL import Image, ImageOps, UnidentifiedImageError

PREFIX = "figure-"
_LONGEST = 1800  # pixels: 170 mm at some 270 dpi
_NOTHING = Image.new("RGB", (1, 1), "white")  # a receipt is not held up by a picture that can't be drawn


def printable(content: bytes) -> bytes:
    """Give an upright PNG without transparency, colour profile or anything it says of itself, and not too large."""
    try:
        with Image.open(io.BytesIO(content)) as opened:
            upright = ImageOps.exif_transpose(opened).convert("RGBA")
        ground = Image.new("RGBA", upright.size, "white")
        picture = Image.alpha_composite(ground, upright).convert("RGB")
        picture.thumbnail((_LONGEST, _LONGEST))
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        picture = _NOTHING
    target = io.BytesIO()
    picture.save(target, "PNG")
    return target.getvalue()
