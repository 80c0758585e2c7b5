"""How far two places on Earth are from each other, as the crow flies."""

from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

# Mean radius of the Earth in metres (IUGG).
EARTH_RADIUS = 6_371_008.8


class Point(NamedTuple):
    """WGS 84 degrees."""

    latitude: float
    longitude: float


def is_on_earth(latitude: float, longitude: float) -> bool:
    """Whether these are degrees of a place; false for what is not a number."""
    return -90 <= latitude <= 90 and -180 <= longitude <= 180


def metres_between(here: Point, there: Point) -> float:
    """Great-circle distance in metres on a sphere, at most 0.6 % from the true one. Source: haversine formula."""
    lower, upper = radians(here.latitude), radians(there.latitude)
    half_height, half_width = (upper - lower) / 2, radians(there.longitude - here.longitude) / 2
    chord = sin(half_height) ** 2 + cos(lower) * cos(upper) * sin(half_width) ** 2
    return 2 * EARTH_RADIUS * asin(min(1.0, sqrt(chord)))


def middle_of(points: list[Point]) -> Point:
    """The one of these points that is nearest to their mean, so that it lies on what they draw. Not empty."""
    mean = Point(sum(p.latitude for p in points) / len(points), sum(p.longitude for p in points) / len(points))
    return min(points, key=lambda point: (metres_between(mean, point), point))
