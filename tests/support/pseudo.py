"""A language made by the tests: every text of the service in brackets, so that what nobody can translate stands out."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from babel.messages.mofile import write_mo

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
import translations

LANGUAGE = "el"  # a language with months and a plural of its own
_INNERMOST = re.compile(r"⟦[^⟦⟧]*⟧")
_WORD = re.compile(r"[^\W\d_]{2,}")


def make(folder: Path) -> Path:
    """Write the catalogue beneath a folder, as `tools/translations.py` compiles one; give the folder."""
    catalogue = translations.collect()
    catalogue.locale = LANGUAGE
    for message in catalogue:
        if not message.id:
            continue
        texts = message.id if isinstance(message.id, tuple) else (message.id,)
        marked = tuple(f"⟦{text}⟧" for text in texts)
        message.string = marked if isinstance(message.id, tuple) else marked[0]
    path = folder / LANGUAGE / "LC_MESSAGES" / "messages.mo"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_mo(file, catalogue)
    return folder


def untranslated(text: str) -> list[str]:
    """List the words that stand outside every bracket: what was translated and put in is taken out, from within."""
    while _INNERMOST.search(text):
        text = _INNERMOST.sub("", text)
    return _WORD.findall(text)
