"""What may be uploaded where: the kinds of file there are, and the limits of one slot of a call."""

from dataclasses import dataclass

MEGA = 10**6  # as pages show sizes: a limit of 10 MB reads 10 MB

MIME_TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

MOST_PAGES = 200
MOST_PIXELS = 50_000_000
MOST_OF_AN_APPLICATION = 100 * MEGA  # bytes of all its files together
MOST_OF_AN_ACCOUNT = 500 * MEGA


@dataclass(frozen=True)
class Slot:
    """The limits of one place for files. A call that says nothing means pdf, 10 MB."""

    kinds: tuple[str, ...] = ("pdf",)
    most_bytes: int = 10 * MEGA
    most_pages: int = MOST_PAGES

    def __post_init__(self) -> None:
        if unknown := set(self.kinds) - set(MIME_TYPES):
            raise ValueError(f"unknown kinds of file: {', '.join(sorted(unknown))}")


def kind_of_name(name: str) -> str:
    """Give the kind a file's name claims, in lower case; empty if it claims none."""
    _, dot, extension = name.rpartition(".")
    extension = extension.strip().lower()
    return {"jpeg": "jpg"}.get(extension, extension) if dot else ""
