"""Looks through the texts that applicants will read for what must not be in them.

Pure: texts and names in, findings out. Names are compared folded, without case, accents or script; what belongs to the
application itself is no finding in its own texts, also where somebody else bears the same name.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from workflows.folding import Word, words_of
from workflows.words import _

SHORTEST = 3  # letters of a name of one word: shorter ones are in every text
SHORTEST_SURNAME = 4
ADDRESS = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
LEFT_OVER = re.compile(
    r"\{[^{}\n]*\}|\[[^\]\n]{0,60}\]|<[^<>\n]{1,60}>|\b(?:TODO|TBD|TBC|XXX+)\b|\blorem ipsum\b", re.IGNORECASE
)
EMPTY = ("", "-", "–", ".", "n/a", "none", "idem", "see above")


class What(StrEnum):
    """What was found."""

    EMPTY = "empty"
    LEFT_OVER = "left_over"
    ACRONYM = "acronym"
    ORGANISATION = "organisation"
    PERSON = "person"
    ADDRESS = "address"
    EVALUATOR = "evaluator"


NAMES: Mapping[What, str] = {
    What.EMPTY: _("There are no reasons"),
    What.LEFT_OVER: _("Something is left to fill in"),
    What.ACRONYM: _("The acronym of another application"),
    What.ORGANISATION: _("An organisation of another application"),
    What.PERSON: _("A person of another application"),
    What.ADDRESS: _("An e-mail address of somebody else"),
    What.EVALUATOR: _("The name of an evaluator"),
}


# What is told to who writes a text that goes out in a letter.
UNFIT: Mapping[What, str] = {
    What.EMPTY: _("The applicant reads this: there are no reasons in it."),
    What.LEFT_OVER: _("The applicant reads this: “{words}” is left to fill in."),
    What.ACRONYM: _("The applicant reads this: “{words}” is the acronym of another application."),
    What.ORGANISATION: _("The applicant reads this: “{words}” is an organisation of another application."),
    What.PERSON: _("The applicant reads this: “{words}” is a person of another application."),
    What.ADDRESS: _("The applicant reads this: “{words}” is an e-mail address of somebody else."),
    What.EVALUATOR: _("The applicant reads this: “{words}” is the name of an evaluator."),
}


@dataclass(frozen=True)
class Place:
    """A text that applicants will read. `application` is empty for a text that all of them read."""

    application: str
    place: str
    text: str
    required: bool = False


@dataclass(frozen=True)
class Name:
    """Something an application is known by, or an evaluator: then `owner` is empty.

    `near` names the application in whose texts alone it is looked for: everywhere else it is too common.
    """

    what: What
    text: str
    owner: str = ""
    near: str = ""


@dataclass(frozen=True)
class Finding:
    """One thing found at one place; `key` stays the same as long as the text does."""

    application: str
    place: str
    what: What
    words: str
    key: str


@dataclass(frozen=True)
class _Match:
    start: int
    end: int
    name: Name
    keys: tuple[str, ...]


class Names:
    """All names of a call, ready to be looked for in many texts: each text is read once, however many names there are."""

    def __init__(self, names: Iterable[Name]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], Name]]] = {}
        self._own: dict[str, set[tuple[str, ...]]] = {}
        self._addresses: dict[str, list[Name]] = {}
        for name in names:
            if name.what is What.ADDRESS:
                self._addresses.setdefault(name.text.casefold(), []).append(name)
            else:
                self._add(name)

    def _add(self, name: Name) -> None:
        words = list(words_of(name.text))
        keys = tuple(word.key for word in words)
        if not keys or len("".join(keys)) < SHORTEST:
            return
        if (keys, name) not in (known := self._by_first.setdefault(keys[0], [])):
            known.append((keys, name))
        if name.owner:
            self._own.setdefault(name.owner, set()).add(keys)

    def in_text(self, place: Place) -> Iterator[tuple[What, str]]:
        """Give what is in the text of others: what it is, and the words as they stand there."""
        words = list(words_of(place.text))
        own = self._own.get(place.application, set())
        matches = list(self._matches(place, words))
        inside = [(one.start, one.end) for one in matches if one.keys in own]
        for one in matches:
            if one.keys not in own and not any(start <= one.start and one.end <= end for start, end in inside):
                yield one.name.what, place.text[one.start : one.end]
        for found in ADDRESS.finditer(place.text):
            owners = self._addresses.get(found[0].casefold(), [])
            if owners and all(name.owner != place.application for name in owners):
                yield What.ADDRESS, found[0]

    def _matches(self, place: Place, words: Sequence[Word]) -> Iterator[_Match]:
        for at, word in enumerate(words):
            for keys, name in self._by_first.get(word.key, ()):
                run = words[at : at + len(keys)]
                if tuple(one.key for one in run) != keys or (name.near and name.near != place.application):
                    continue
                start, end = run[0].start, run[-1].end
                if len(keys) > 1 or _is_a_name(place.text[start:end], name.text):
                    yield _Match(start, end, name, keys)


def _is_a_name(found: str, name: str) -> bool:
    """Say whether one word of a text can be the name: "bridge" is a word where the acronym is BRIDGE."""
    return found == name or any(letter.isupper() or letter.isdigit() for letter in found) or not found.isascii()


def surnames(name: str, application: str) -> Iterator[Name]:
    """Give the surname of somebody who evaluated an application, to be looked for in its texts alone."""
    last = name.rsplit(maxsplit=1)[-1] if name.split() else ""
    if len(last) >= SHORTEST_SURNAME:
        yield Name(What.EVALUATOR, last, near=application)


def persons(what: What, name: str, owner: str = "") -> Iterator[Name]:
    """Give the ways in which a person's full name is written: the surname last, and first. One word alone is no name."""
    parts = name.split()
    if len(parts) > 1:
        yield Name(what, name, owner)
        yield Name(what, " ".join((parts[-1], *parts[:-1])), owner)


def findings(places: Iterable[Place], names: Names) -> list[Finding]:
    """Give all that is found, in the order of the places; the same words at one place once."""
    found: dict[str, Finding] = {}
    for place in places:
        for what, words in _at(place, names):
            one = Finding(place.application, place.place, what, words, _key(place, what, words))
            found.setdefault(one.key, one)
    return list(found.values())


def _at(place: Place, names: Names) -> Iterator[tuple[What, str]]:
    if place.required and place.text.strip().casefold() in EMPTY:
        yield What.EMPTY, place.text.strip()
        return
    for left in LEFT_OVER.finditer(place.text):
        yield What.LEFT_OVER, left[0]
    yield from names.in_text(place)


def _key(place: Place, what: What, words: str) -> str:
    told = [place.application, place.place, what.value, words.casefold(), place.text]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()
