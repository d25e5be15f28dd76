"""A picture is of the kind it says, whole, and not larger than a screen can show."""

import io
from collections.abc import Mapping

from PIL import Image, UnidentifiedImageError

from app.inspection.finding import Finding
from app.inspection.slots import MOST_PIXELS

Image.MAX_IMAGE_PIXELS = MOST_PIXELS
_MILLION = 1_000_000


def judge_png(data: bytes) -> Mapping[str, int]:
    return _judge(data, "PNG")


def judge_jpeg(data: bytes) -> Mapping[str, int]:
    return _judge(data, "JPEG")


def _judge(data: bytes, kind: str) -> Mapping[str, int]:
    try:
        with Image.open(io.BytesIO(data), formats=[kind]) as picture:
            width, height = picture.size
            if width * height > MOST_PIXELS:
                raise Finding("file-too-many-pixels", width=width, height=height, most=MOST_PIXELS // _MILLION)
            picture.load()
    except UnidentifiedImageError as fault:
        raise Finding("file-not-what-it-says", kind=kind) from fault
    except Image.DecompressionBombError as fault:
        raise Finding("file-too-many-pixels", width=0, height=0, most=MOST_PIXELS // _MILLION) from fault
    except (OSError, SyntaxError, ValueError, EOFError) as fault:
        raise Finding("file-unreadable") from fault
    return {"pages": 1}
