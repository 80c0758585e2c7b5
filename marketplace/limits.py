"""How often one may ask: counted per name and person in the shared cache, the same for pages and API.

Rates stand in REST_FRAMEWORK's DEFAULT_THROTTLE_RATES ("120/min"); None switches one off.
"""

import math
import time
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.core.cache import cache

_SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


@dataclass(frozen=True, slots=True)
class Limit:
    """Where a person stands: `most` in `seconds`, `left` of them, counted anew in `resets_in` seconds."""

    name: str
    most: int
    seconds: int
    left: int
    resets_in: int
    allowed: bool


def take(name: str, who: str) -> Limit | None:
    """Count one request; None where the name has no limit. What is counted is forgotten with its span of time."""
    rate = settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"].get(name)
    if not rate:
        return None
    amount, _, unit = rate.partition("/")
    most, seconds = int(amount), _SECONDS[unit[0]]
    # Spans by the clock of the wall: one counter each, so that counting is one atomic step in every cache.
    now = time.time()
    span, resets_in = int(now // seconds), max(1, math.ceil(seconds - now % seconds))
    used = _count(f"limit-{name}-{who}-{span}", seconds)
    return Limit(name, most, seconds, max(0, most - used), resets_in, used <= most)


def _count(key: str, seconds: int) -> int:
    if cache.add(key, 1, seconds):
        return 1
    try:
        return cache.incr(key)
    except ValueError:  # it was forgotten between the two
        cache.set(key, 1, seconds)
        return 1
