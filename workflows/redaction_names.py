"""Names in a text that tell who applies: found wherever and however they are written, to be proposed to the office.

What is known of a consortium is looked for in all spellings; addresses, links and numbers are found by their form.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from workflows.folding import Word, words_of
from workflows.words import _


class Kind(StrEnum):
    """Why a passage tells who applies."""

    ACRONYM = "acronym"
    ORGANISATION = "organisation"
    PERSON = "person"
    MAIL = "mail"
    WEB = "web"
    ADDRESS = "address"
    NUMBER = "number"


REASONS: Mapping[Kind, str] = {
    Kind.ACRONYM: _("acronym of the application"),
    Kind.ORGANISATION: _("name of an organisation"),
    Kind.PERSON: _("name of a person"),
    Kind.MAIL: _("e-mail address"),
    Kind.WEB: _("web address"),
    Kind.ADDRESS: _("postal address or town"),
    Kind.NUMBER: _("number of an organisation, person or telephone"),
}
IN_PLACE: Mapping[Kind, str] = {
    Kind.ACRONYM: _("[the project]"),
    Kind.ORGANISATION: _("[organisation]"),
    Kind.PERSON: _("[person]"),
    Kind.MAIL: _("[e-mail address]"),
    Kind.WEB: _("[web address]"),
    Kind.ADDRESS: _("[place]"),
    Kind.NUMBER: _("[number]"),
}


@dataclass(frozen=True)
class Known:
    """Something that tells who applies, and what stands in its place: "[Partner 2]"; empty: by its kind."""

    kind: Kind
    text: str
    in_place: str = ""


@dataclass(frozen=True)
class Span:
    """A passage from `start` up to `end`, why it is proposed, and what would stand in its place."""

    start: int
    end: int
    kind: Kind
    in_place: str


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_LEGAL = _set(
    "gmbh mbh ev eg ag kg ohg ug se ltd limited plc llc inc llp srl srls scarl spa sa sas sarl sl slu lda bv nv vof oy oyj"
    " ab as asa aps doo dd zoo sp ood ad eood kft zrt nyrt sro oe ike ae asbl vzw aisbl eeig scrl ry co ooo"
)
_SHORT = 4  # letters: a shorter single word counts only as it is written, such as IT
_LEAST_SURNAME = 3
_LEAST_INITIALS = 3
_MOST_CONSONANTS = 2  # in a row, in most short words
_SMALL_WORDS = _set("of for and the de la le del della di du des et y e und für der die das en van voor i")
_STREET = (
    r"\b[^\W\d_]{2,}(?:straße|strasse|str\.|gasse|weg|platz|allee|laan|straat|utca|gatan|katu|vej)\s+\d+\w?"
    r"|\b(?:[Vv]ia|[Vv]iale|[Pp]iazza|[Rr]ue|[Aa]venue|[Bb]oulevard|[Cc]alle|[Cc]/|[Aa]venida|[Rr]ua|[Pp]raça|[Uu]lica|[Uu]l\."
    r"|[Оо]дос|[Οο]δός|[Уу]л\.)\s+(?:[^\W\d_]+[ .]){0,4}[^\W\d_]+,?\s+\d+\w?"
    r"|\b\d+\w?,?\s+(?:[A-Z][\w'’]+\s){1,3}(?:Street|Road|Avenue|Lane|Square|Drive|Quay)\b"
)
_FORMS: Sequence[tuple[Kind, re.Pattern[str]]] = (
    (Kind.MAIL, re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")),
    (Kind.WEB, re.compile(r"(?:https?://|ftp://|www\.)[^\s<>\"')\]]*[^\s<>\"')\].,;:!?]", re.IGNORECASE)),
    (Kind.WEB, re.compile(r"(?<![\w@.])@[A-Za-z]\w{2,}")),
    (Kind.NUMBER, re.compile(r"(?<![\w-])\d{4}-\d{4}-\d{4}-\d{3}[\dX](?![\w-])")),
    (Kind.NUMBER, re.compile(r"(?<![\w.,])9\d{8}(?![.,]?\w)")),
    (Kind.NUMBER, re.compile(r"(?<!\w)(?:\+|00)[1-9][\d ()/.-]{6,18}\d")),
    (Kind.ADDRESS, re.compile(_STREET)),
)
_POSTCODE = re.compile(r"(?:\b[A-Z]{1,2}[- ])?\b\d{4,5}(?:-\d{3})?\s+$")
Key = tuple[str, ...]


@dataclass(frozen=True)
class _Sought:
    known: Known
    as_written: tuple[str, ...] = ()  # counts only so: a short word that means something else in small letters
    capital: bool = False  # counts only with a capital letter: the name of a person, not the word


def find_names(text: str, known: Iterable[Known], kept: Iterable[str] = ()) -> tuple[Span, ...]:
    """Give the passages that tell who applies, in their order; none overlap, of two the longer stands.

    `kept` are passages that somebody looked at and found harmless, compared as names are.
    """
    known = list(known)
    harmless = {key_of(one) for one in kept}
    found = [*_by_words(text, _sought(known)), *_by_form(text), *_by_domain(text, known)]
    left = [span for span in found if key_of(text[span.start : span.end]) not in harmless]
    return tuple(_without_overlaps(left))


def replaced(text: str, spans: Iterable[Span]) -> str:
    """Give the text with what stands in the place of each passage."""
    for span in sorted(spans, key=lambda one: one.start, reverse=True):
        text = text[: span.start] + span.in_place + text[span.end :]
    return text


def key_of(text: str) -> Key:
    """Give the form by which two passages are the same."""
    return tuple(word.key for word in words_of(text))


def _sought(known: Iterable[Known]) -> Mapping[Key, list[_Sought]]:
    table: dict[Key, list[_Sought]] = defaultdict(list)
    for one in known:
        if one.kind is Kind.PERSON:
            found = _of_person(one)
        elif one.kind in (Kind.MAIL, Kind.WEB):
            continue  # found by their form and their domain
        else:
            found = _of_name(one)
        for key, sought in found:
            if key:
                table[key].append(sought)
    return table


def _of_name(one: Known) -> Iterator[tuple[Key, _Sought]]:
    """The whole name, the name without its legal form, written in one word, and its initials."""
    whole = key_of(one.text)
    bare = _without_legal_form(whole)
    for key in {whole, bare}:
        if len(key) == 1 and len(one.text.strip()) < _SHORT:
            yield key, _Sought(one, as_written=(one.text.strip(), one.text.strip().upper()))
        else:
            yield key, _Sought(one)
        if len(key) > 1:
            yield key_of("".join(key)), _Sought(one)
    letters = [word for word in re.findall(r"[^\W\d_]+", one.text) if word.casefold() not in _SMALL_WORDS]
    initials = "".join(word[0] for word in letters).upper()
    if one.kind is Kind.ORGANISATION and len(initials) >= _LEAST_INITIALS:
        yield key_of(initials), _Sought(one) if _is_no_word(initials) else _Sought(one, as_written=(initials,))
        yield tuple(key_of(letter)[0] for letter in initials if key_of(letter)), _Sought(one, as_written=(initials,))


def _is_no_word(initials: str) -> bool:
    """Say whether initials can hardly be a word of a text, so that they tell the name in small letters too.

    Four letters or more, without a vowel or with three consonants in a row: "ntct", but not "text", "team" or "smart".
    """
    letters = "".join(key_of(initials))
    runs = re.split("[aeiouy]+", letters)
    return len(letters) >= _SHORT and (len(runs) == 1 or max(map(len, runs)) > _MOST_CONSONANTS)


def _without_legal_form(key: Key) -> Key:
    bare = list(key)
    while len(bare) > 1 and (bare[-1] in _LEGAL or len(bare[-1]) == 1):
        bare.pop()
    return tuple(bare) if len("".join(bare)) >= _SHORT else key


def _of_person(one: Known) -> Iterator[tuple[Key, _Sought]]:
    """First and last name in both orders, with an initial, and the last name alone."""
    words = [word for word in words_of(one.text) if len(word.key) > 1]
    keys = tuple(word.key for word in words)
    if not keys:
        return
    first, last = keys[0], keys[-1]
    yield keys, _Sought(one, capital=True)
    if len(keys) > 1:
        initial = next(iter(words_of(one.text[words[0].start]))).key
        for key in ((last, *keys[:-1]), (first, last), (last, first), (initial, last), (last, initial)):
            yield key, _Sought(one, capital=True)
    if len(last) >= _LEAST_SURNAME:
        yield (last,), _Sought(one, capital=True)


def _by_words(text: str, sought: Mapping[Key, list[_Sought]]) -> Iterator[Span]:
    words = list(words_of(text))
    lengths: dict[str, set[int]] = defaultdict(set)
    for key in sought:
        lengths[key[0]].add(len(key))
    for at, word in enumerate(words):
        for length in lengths.get(word.key, ()):
            part = words[at : at + length]
            for one in sought.get(tuple(w.key for w in part), ()):
                if _counts(text, part, one):
                    yield _span(text, part, one.known)


def _counts(text: str, part: Sequence[Word], one: _Sought) -> bool:
    written = text[part[0].start : part[-1].end]
    if one.as_written:
        return written.replace(".", "") in one.as_written
    return not one.capital or not written[0].islower()


def _span(text: str, part: Sequence[Word], known: Known) -> Span:
    start, end = part[0].start, part[-1].end
    if known.kind is Kind.ADDRESS and (code := _POSTCODE.search(text[:start])):
        start = code.start()
    return Span(start, end, known.kind, known.in_place or IN_PLACE[known.kind])


def _by_form(text: str) -> Iterator[Span]:
    for kind, form in _FORMS:
        for found in form.finditer(text):
            yield Span(found.start(), found.end(), kind, IN_PLACE[kind])


def _by_domain(text: str, known: Iterable[Known]) -> Iterator[Span]:
    """A domain of the consortium without anything around it: "see north-cluster.example/news"."""
    domains = {domain_of(one.text) for one in known if one.kind in (Kind.MAIL, Kind.WEB)} - {""}
    for domain in domains:
        for found in re.finditer(
            rf"(?<![\w@-])(?:[\w-]+\.)*{re.escape(domain)}(?![\w-])(?:/[^\s<>\"')\]]*)?", text, re.IGNORECASE
        ):
            yield Span(found.start(), found.end(), Kind.WEB, IN_PLACE[Kind.WEB])


def domain_of(address: str) -> str:
    """Give the domain of an e-mail or web address, without www."""
    rest = address.strip().rpartition("@")[2].partition("://")
    host = (rest[2] or rest[0]).partition("/")[0].partition(":")[0].lower()
    host = host.removeprefix("www.")
    return host if "." in host else ""


def _without_overlaps(found: Iterable[Span]) -> Iterator[Span]:
    taken: list[Span] = []
    for span in sorted(found, key=lambda one: (one.start - one.end, one.start, one.kind)):
        if all(span.end <= other.start or span.start >= other.end for other in taken):
            taken.append(span)
    yield from sorted(taken, key=lambda one: one.start)
