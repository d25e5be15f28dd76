"""The two pieces of geometry the map needs: the projection, and the thinning of a line."""

from math import asin, atanh, cos, radians, sin, sqrt

Point = tuple[float, float]

# ETRS89-LAEA Europe on the ellipsoid GRS 80, as in IOGP guidance note 7-2, method 9820.
_AXIS, _FLATTENING = 6378137.0, 1 / 298.257222101
_ECCENTRICITY2 = _FLATTENING * (2 - _FLATTENING)
_ECCENTRICITY = sqrt(_ECCENTRICITY2)
_LATITUDE0, _LONGITUDE0 = radians(52), radians(10)
_EAST0, _NORTH0 = 4_321_000.0, 3_210_000.0


def _authalic(sine: float) -> float:
    term = sine / (1 - _ECCENTRICITY2 * sine * sine) + atanh(_ECCENTRICITY * sine) / _ECCENTRICITY
    return (1 - _ECCENTRICITY2) * term


_POLE = _authalic(1.0)
_BETA0 = asin(_authalic(sin(_LATITUDE0)) / _POLE)
_RADIUS = _AXIS * sqrt(_POLE / 2)
_SHAPE = _AXIS * cos(_LATITUDE0) / sqrt(1 - _ECCENTRICITY2 * sin(_LATITUDE0) ** 2) / (_RADIUS * cos(_BETA0))


def lambert(longitude: float, latitude: float) -> Point:
    """Project degrees to metres east and north.

    >>> [round(metres) for metres in lambert(5.0, 50.0)]
    [3962799, 2999719]
    """
    beta = asin(_authalic(sin(radians(latitude))) / _POLE)
    turn = radians(longitude) - _LONGITUDE0
    scale = _RADIUS * sqrt(2 / (1 + sin(_BETA0) * sin(beta) + cos(_BETA0) * cos(beta) * cos(turn)))
    east = scale * _SHAPE * cos(beta) * sin(turn)
    north = scale / _SHAPE * (cos(_BETA0) * sin(beta) - sin(_BETA0) * cos(beta) * cos(turn))
    return _EAST0 + east, _NORTH0 + north


def thinned(line: list[Point], tolerance: float) -> list[Point]:
    """Leave out the points whose absence moves the line by less than the tolerance (Douglas and Peucker).

    A closed line is cut at its farthest point first, or it would shrink to nothing.
    """
    if line[0] == line[-1] and len(line) > 3:  # noqa: PLR2004 - the least points a ring can have
        far = max(range(len(line)), key=lambda place: _between(line[0], line[place]))
        return thinned(line[: far + 1], tolerance)[:-1] + thinned(line[far:], tolerance)
    kept = {0, len(line) - 1}
    spans = [(0, len(line) - 1)]
    while spans:
        first, last = spans.pop()
        distances = [(_astray(line[place], line[first], line[last]), place) for place in range(first + 1, last)]
        worst, place = max(distances, default=(0.0, first))
        if worst > tolerance:
            kept.add(place)
            spans += [(first, place), (place, last)]
    return [line[place] for place in sorted(kept)]


def _between(one: Point, other: Point) -> float:
    return sqrt((one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2)


def _astray(point: Point, start: Point, end: Point) -> float:
    length = _between(start, end)
    if not length:
        return _between(point, start)
    return abs((end[0] - start[0]) * (start[1] - point[1]) - (start[0] - point[0]) * (end[1] - start[1])) / length
