"""The map of regions: which shapes a code stands for, and the drawing laid over the base map.

The shapes are NUTS 2 of 2021 (app/data/map.json). A code of another vintage, a code of level 1 or a country is
answered by the shapes it covers; whatever has no shape gets a box with its code at the edge of the map.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypedDict

from markupsafe import escape

CREDIT = "© EuroGeographics for the administrative boundaries"
# Five steps of one blue, from few to many.
STEPS = ("#a9c1ee", "#7ba2e8", "#447ddb", "#0e47cb", "#0a2a73")
_COUNTRY, _NUTS_2 = 2, 4  # letters of a country's code and of one of level 2
_FAR = frozenset({"TR", "IS", "NO0B"})  # left out of the small map of a certificate unless they are lit


class Region(TypedDict):
    country: str
    name: str
    path: str


class Drawing(TypedDict):
    width: int
    height: int
    boxes: dict[str, list[int]]
    regions: dict[str, Region]
    recoded: dict[str, list[str]]
    credit: str


@dataclass(frozen=True)
class Mark:
    """A region to colour: its code, its name in words, what it means there, and its step of blue from 1 to 5."""

    code: str
    name: str
    fact: str = ""
    step: int = 4


@dataclass(frozen=True)
class Box:
    x: int
    y: int
    size: int
    code: str
    colour: str
    title: str


@dataclass(frozen=True)
class Shape:
    path: str
    colour: str
    title: str


@dataclass(frozen=True)
class Overlay:
    """What a page draws over the base map, and the marks themselves for the table beside it."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    shapes: tuple[Shape, ...]
    marks: tuple[Mark, ...]
    credit: str = CREDIT


@cache
def drawing() -> Drawing:
    text = (Path(__file__).parent / "data" / "map.json").read_text(encoding="utf-8")
    loaded: Drawing = json.loads(text)
    return loaded


def shapes_of(code: str) -> tuple[str, ...]:
    """Codes of the map's shapes that make up a region, a region of level 1 or 3, or a country; empty if none."""
    code = {"GR": "EL", "GB": "UK"}.get(code, code)
    drawn, recoded = drawing()["regions"], drawing()["recoded"]
    if code in drawn:
        return (code,)
    if code in recoded:
        return tuple(recoded[code])
    if len(code) < _COUNTRY:
        return ()
    if len(code) > _NUTS_2:
        return shapes_of(code[:_NUTS_2])
    inside = {known for known in drawn if known.startswith(code)}
    if not inside and len(code) < _NUTS_2:
        inside = {end for old, ends in recoded.items() if old.startswith(code) for end in ends}
    return tuple(sorted(inside))


def overlay(marks: Iterable[Mark]) -> Overlay:
    """Lay out the marks. A mark without a shape gets a box below those of the outermost regions."""
    given = tuple(marks)
    shapes: dict[str, Shape] = {}
    boxes: dict[str, Box] = {}
    for mark in given:
        colour = STEPS[max(1, min(mark.step, len(STEPS))) - 1]
        title = f"{mark.name}: {mark.fact}" if mark.fact else mark.name
        codes = shapes_of(mark.code)
        if not codes:
            boxes[mark.code] = _edge_box(mark.code, sum(not shapes_of(code) for code in boxes), colour, title)
        for code in codes:
            if code in drawing()["boxes"]:
                x, y, size, _ = drawing()["boxes"][code]
                boxes[code] = Box(x, y, size, code, colour, title)
            else:
                shapes[code] = Shape(drawing()["regions"][code]["path"], colour, title)
    return Overlay(drawing()["width"], drawing()["height"], tuple(boxes.values()), tuple(shapes.values()), given)


def _edge_box(code: str, place: int, colour: str, title: str) -> Box:
    """Give the box of a region without a shape its place after those of the base map."""
    known = drawing()["boxes"].values()
    left, size = min(box[0] for box in known), next(iter(known))[2]
    step = max(box[0] for box in known) - left
    top = max(box[1] for box in known) + step
    return Box(left + place % 2 * step, top + place // 2 * step, size, code, colour, title)


@dataclass(frozen=True)
class Palette:
    land: str
    border: str
    lit: str
    text: str


CERTIFICATE = Palette(land="#3a5aac", border="#0a2a73", lit="#ffb43a", text="#0a2a73")


def small_map(codes: Sequence[str], palette: Palette = CERTIFICATE) -> str:
    """Draw the small map of a certificate as one SVG; regions in boxes stand in a row below the land."""
    lit = {shape for code in codes for shape in shapes_of(code)}
    boxes = drawing()["boxes"]
    land = [code for code in sorted(drawing()["regions"]) if code not in boxes and _is_near(code, lit)]
    apart = [code for code in sorted(lit) if code in boxes] + sorted({code for code in codes if not shapes_of(code)})
    wide = drawing()["width"] if any(code[:2] == "TR" for code in land) else 1130
    high = drawing()["height"] + (110 if apart else 0)
    left = 0 if any(code[:2] == "IS" for code in land) else 30
    border = f'stroke="{palette.border}" stroke-linejoin="round"'
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{left} 0 {wide - left} {high}">']
    parts += _paths(sorted(set(land) - lit), f'fill="{palette.land}" {border} stroke-width="2.2"')
    parts += _paths(sorted(lit - set(boxes)), f'fill="{palette.lit}" {border} stroke-width="1"')
    parts += [_small_box(code, left + 4 + place * 92, high - 84, palette) for place, code in enumerate(apart)]
    return "".join([*parts, "</svg>"])


def _is_near(code: str, lit: set[str]) -> bool:
    far = code[:2] in _FAR or code in _FAR
    return not far or any(shape[:2] == code[:2] for shape in lit)


def _paths(codes: Sequence[str], style: str) -> list[str]:
    if not codes:
        return []
    return [f'<path d="{"".join(drawing()["regions"][code]["path"] for code in codes)}" {style}/>']


def _small_box(code: str, x: int, y: int, palette: Palette) -> str:
    """Colour the box whole: the islands in it are too small to see. The code tells which it is."""
    text = (
        f'x="{x + 42}" y="{y + 52}" font-size="30" font-family="ESCP Sans" text-anchor="middle" fill="{palette.text}"'
    )
    rect = f'<rect x="{x}" y="{y}" width="84" height="80" rx="8" fill="{palette.lit}"/>'
    return f"{rect}<text {text}>{escape(code)}</text>"
