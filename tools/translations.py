"""Texts for people: find them all, carry them into the languages, compile what the service loads.

    python tools/translations.py extract          writes app/translations/messages.pot
    python tools/translations.py check            exit 1 if that file is out of date
    python tools/translations.py start LANGUAGE   begins a language: its messages.po
    python tools/translations.py update           carries new texts into every language, and compiles them

English is the language of the source, so the service needs no file for it.
"""

from __future__ import annotations

import copy
import io
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import ruamel.yaml
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "app" / "translations"
TEMPLATE = FOLDER / "messages.pot"
# The markers beside gettext's own: `_` and `plural` of workflows/words.py, Flask-Babel's lazy texts.
KEYWORDS = {**DEFAULT_KEYWORDS, "lazy_gettext": None, "plural": (1, 2)}
TAXONOMY = "app/data/taxonomy.yaml"


@cache
def collect() -> Catalog:
    """Find every text in code and templates, and the names in the shipped lists of codes: once, it takes seconds."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    catalog = Catalog(project=project["name"], version=project["version"], fuzzy=False)
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    found = extract_from_dir(
        ROOT, methods, options, KEYWORDS, ("translators:",), strip_comment_tags=True, directory_filter=_holds_texts
    )
    for name, _line, message, comments, context in found:
        # Without numbers of lines: the file changes when texts do, not whenever code moves.
        catalog.add(message, locations=[(name, 0)], auto_comments=comments, context=context)
    for name in _names_of_codes():
        catalog.add(name, locations=[(TAXONOMY, 0)])
    return catalog


def _holds_texts(folder: str) -> bool:
    path = Path(folder).resolve().relative_to(ROOT)
    return path.parts[:1] in {(), ("app",), ("forms",), ("workflows",), ("templates",)} and path.parts[:2] != (
        "app",
        "static",
    )


def _names_of_codes() -> Iterator[str]:
    yield from _names(ruamel.yaml.YAML(typ="safe").load((ROOT / TAXONOMY).read_text("utf-8")))


def _names(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        if "code" in value and isinstance(value.get("name"), str):
            yield value["name"]
        for inner in value.values():
            yield from _names(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _names(inner)


def template_text() -> str:
    """Give messages.pot: sorted, without times, so that the same texts give the same bytes."""
    out = io.BytesIO()
    write_po(out, collect(), width=100, sort_output=True, no_location=True, omit_header=True)
    head = (
        "# Texts of ESCP-S3 in English, found by tools/translations.py.\n"
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n\n'
    )
    return head + out.getvalue().decode()


def is_up_to_date() -> bool:
    return TEMPLATE.is_file() and TEMPLATE.read_text("utf-8") == template_text()


def extract() -> None:
    FOLDER.mkdir(exist_ok=True)
    TEMPLATE.write_text(template_text(), encoding="utf-8")


def _language_file(language: str) -> Path:
    return FOLDER / language / "LC_MESSAGES" / "messages.po"


def start(language: str) -> None:
    path = _language_file(language)
    if path.exists():
        sys.exit(f"{path.relative_to(ROOT)} is there already")
    path.parent.mkdir(parents=True)
    catalog = copy.deepcopy(collect())
    catalog.locale = language
    _save(path, catalog)


def update() -> None:
    extract()
    fresh = collect()
    for path in sorted(FOLDER.glob("*/LC_MESSAGES/messages.po")):
        with path.open("rb") as file:
            catalog = read_po(file, locale=path.parts[-3])
        catalog.update(fresh, no_fuzzy_matching=True)
        _save(path, catalog)


def _save(path: Path, catalog: Catalog) -> None:
    with path.open("wb") as file:
        write_po(file, catalog, width=100, sort_output=True, no_location=True)
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalog)


def main(words: list[str]) -> None:
    match words:
        case ["extract"]:
            extract()
        case ["check"] if is_up_to_date():
            print("up to date")
        case ["check"]:
            sys.exit("out of date: run python tools/translations.py extract")
        case ["start", language]:
            start(language)
        case ["update"]:
            update()
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
