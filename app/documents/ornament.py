"""The certificate's drawings: the label's mark, and the guilloche drawn by formula. Same input, same text."""

from math import cos, pi, sin

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


def guilloche(width: int, height: int, centre: tuple[float, float], radius: float, *, colour: str, opacity: str) -> str:
    """Draw a ribbon of waves round a circle; all lines have the same wave, each a little further round."""
    lines = "".join(_wave(centre, radius, line / 9) for line in range(9))
    style = f'fill="none" stroke="{colour}" stroke-width=".28" opacity="{opacity}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"><g {style}>{lines}</g></svg>'


def _wave(centre: tuple[float, float], radius: float, phase: float) -> str:
    points = []
    steps = 720
    for step in range(steps):
        turn = 2 * pi * step / steps
        swing = 11 * sin(24 * turn + 2 * pi * phase) * (1 + 0.35 * sin(5 * turn + pi * phase))
        swell = 7 * sin(9 * turn + 2 * pi * phase)
        far = radius + swing + swell
        points.append(f"{centre[0] + far * cos(turn):.2f} {centre[1] + far * sin(turn):.2f}")
    return f'<path d="M{"L".join(points)}z"/>'
