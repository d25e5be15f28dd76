"""What pages offer to ask: their links with a query, their forms; and how two answers differ."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import unified_diff
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.support.matrix import Place

ATTRIBUTE = re.compile(r'\b(name|value|type|action|method)="([^"]*)"')
TICKED = ("checkbox", "radio")
TOKENS_OF_FORMS = ("csrf_token", "act_id")


@dataclass(frozen=True)
class Asked:
    """A request that can be sent in any world."""

    address: str
    method: str = "GET"
    fields: tuple[tuple[str, str], ...] = ()
    endpoint: str = ""


@dataclass(frozen=True)
class Offers:
    """What a page offers to ask: links with a query, forms with name, value and kind of their fields."""

    links: tuple[str, ...]
    forms: tuple[tuple[str, str, tuple[tuple[str, str, str], ...]], ...]


def offers_of(address: str, page: str) -> Offers:
    """Read our own pages, which are well formed: expressions do, and take a tenth of a parser's time."""
    page = page.partition("<main")[2] or page  # what stands around it is the same everywhere
    links = tuple(unescape(link) for link in re.findall(r'href="(/[^"?]*\?[^"#]*)', page))
    forms = []
    for part in page.split("<form")[1:]:
        head, _end, inside = part.partition("</form")[0].partition(">")
        given = dict(ATTRIBUTE.findall(head))
        fields = tuple(
            (unescape(one["name"]), unescape(one.get("value", "")), one.get("type", tag))
            for tag, text in re.findall(r"<(input|textarea|select)\b([^>]*)>", inside)
            if "name" in (one := dict(ATTRIBUTE.findall(text)))
        )
        forms.append((unescape(given.get("action", address)), given.get("method", "get").upper(), fields))
    return Offers(links, tuple(forms))


def kind_of(address: str, names: Iterable[str] = ()) -> tuple[Any, ...]:
    """Addresses of one kind differ in ids and values only."""
    parts = urlsplit(address)
    path = re.sub(r"[a-z2-7]{26}", "", parts.path)
    return path, frozenset(name for name, _ in parse_qsl(parts.query)), frozenset(names)


def search(address: str, fields: Iterable[tuple[str, str, str]], word: str) -> Asked:
    given = [(name, word if of in ("text", "search") else value) for name, value, of in fields if of not in TICKED]
    return Asked(f"{urlsplit(address).path}?{urlencode(given)}", endpoint="?")


def send(address: str, fields: Iterable[tuple[str, str, str]]) -> Asked:
    sent = tuple((name, value) for name, value, of in fields if name not in TOKENS_OF_FORMS and of not in TICKED)
    return Asked(address, "POST", sent, endpoint="?")


def one_act_of_each(there: list[Place]) -> Iterator[Place]:
    """Leave out what asks before an act, but for one of each noun: they are made alike."""
    seen: set[str] = set()
    for place in there:
        if place.endpoint.startswith("act."):
            if place.noun in seen:
                continue
            seen.add(place.noun)
        yield place


def difference(one: bytes, other: bytes) -> str:
    lines = (text.decode(errors="replace").splitlines() for text in (one, other))
    found = [line[:400] for line in unified_diff(*lines, "as it is", "with it", n=0, lineterm="")]
    return "\n".join(found[:12]) or "other bytes"
