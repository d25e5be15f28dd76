"""The certificate's drawings: the label's mark, and the guilloche drawn by formula. Same input, same text."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from math import cos, pi, sin

_LINES, _STEPS = 9, 540
_MARGIN = 4  # millimetres drawn beyond the window, so that no line ends in sight

MARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-80 -80 160 160"><g fill="none" stroke="#fff">'
    '<circle r="77" stroke-width=".7" opacity=".55"/><circle r="73" stroke-width="1.6" opacity=".75"/>'
    '<g stroke-width="7.5" stroke-linecap="round">{arms}</g></g>{nodes}<circle r="8.5" fill="#fff"/></svg>'
)
_ARM = '<path d="M0 0C-30-2-44-30-26-48C-12-62 14-58 22-44" transform="rotate({turn})"/>'
_NODE = '<circle cx="22" cy="-44" r="9.5" fill="{colour}" transform="rotate({turn})"/>'
_NODES = ((0, "#ffb43a"), (120, "#5ad1c2"), (240, "#8fb4ff"))


def mark() -> str:
    arms = "".join(_ARM.format(turn=turn) for turn, _ in _NODES)
    nodes = "".join(_NODE.format(turn=turn, colour=colour) for turn, colour in _NODES)
    return MARK.format(arms=arms, nodes=nodes)


@dataclass(frozen=True)
class Ribbon:
    """A ribbon of waves round a circle, seen through a window of `width` and `height`; lengths in millimetres."""

    width: int
    height: int
    centre: tuple[float, float]
    radius: float
    colour: str
    opacity: str


def guilloche(ribbon: Ribbon) -> str:
    """Draw the ribbon: all its lines have the same wave, each a little further round."""
    lines = "".join(_path(run) for line in range(_LINES) for run in _seen(_wave(ribbon, line / _LINES), ribbon))
    style = f'fill="none" stroke="{ribbon.colour}" stroke-width=".28" opacity="{ribbon.opacity}"'
    window = f"0 0 {ribbon.width} {ribbon.height}"
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{window}"><g {style}>{lines}</g></svg>'


def _wave(ribbon: Ribbon, phase: float) -> list[tuple[float, float]]:
    points = []
    for step in range(_STEPS + 1):
        turn = 2 * pi * step / _STEPS
        swing = 11 * sin(24 * turn + 2 * pi * phase) * (1 + 0.35 * sin(5 * turn + pi * phase))
        far = ribbon.radius + swing + 7 * sin(9 * turn + 2 * pi * phase)
        points.append((ribbon.centre[0] + far * cos(turn), ribbon.centre[1] + far * sin(turn)))
    return points


def _seen(points: list[tuple[float, float]], ribbon: Ribbon) -> Iterator[list[tuple[float, float]]]:
    """Give the stretches that pass the window: most of the circle lies outside the sheet."""

    def inside(point: tuple[float, float]) -> bool:
        x, y = point
        return -_MARGIN < x < ribbon.width + _MARGIN and -_MARGIN < y < ribbon.height + _MARGIN

    return (list(run) for is_inside, run in groupby(points, key=inside) if is_inside)


def _path(points: list[tuple[float, float]]) -> str:
    return f'<path d="M{"L".join(f"{x:.2f} {y:.2f}" for x, y in points)}"/>'
