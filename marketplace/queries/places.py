"""Places without a map service: the visitor's own, streets by name, pickup points by distance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from marketplace.access import PUBLIC_STATES
from marketplace.models import Handover, Household, Hub, OrderingWindow, PickupPoint, Street, User
from marketplace.queries.shop import Visitor, household_id_of
from marketplace.rules.distance import Point, is_on_earth, metres_between
from marketplace.rules.folding import words_of
from marketplace.rules.spelling import begins_like

SESSION_KEY = "place"
MOST_STREETS = 12
# Streets looked through for a mistyped name: a large city has about ten thousand.
_LOOKED_THROUGH = 20_000


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody is looking from: a point on Earth, a pickup point of choice, or both; `words` says it."""

    words: str = ""
    point: Point | None = None
    pickup_point_id: int | None = None

    @property
    def is_known(self) -> bool:
        return self.point is not None or self.pickup_point_id is not None


@dataclass(frozen=True, slots=True)
class PointNearby:
    """A pickup point, and how many metres away it is; None where one of the two places is not known."""

    point: PickupPoint
    metres: float | None


def place_of(visitor: Visitor, session: Mapping[str, Any]) -> Place:
    """The place of the user's household, or what a visitor chose in this session. One query for a user."""
    if isinstance(visitor, User):
        found = Household.objects.filter(pk=household_id_of(visitor)).select_related("preferred_point").first()
        return place_of_household(found) if found else Place()
    kept = session.get(SESSION_KEY)
    if not isinstance(kept, dict):
        return Place()
    point = _point(kept.get("latitude"), kept.get("longitude"))
    return Place(str(kept.get("words", "")), point, kept.get("pickup_point_id"))


def place_of_household(household: Household) -> Place:
    """The household's place; its preferred point stands in for a home that it did not tell."""
    chosen = household.preferred_point
    home = _point(household.latitude, household.longitude)
    there = _point(chosen.latitude, chosen.longitude) if chosen else None
    words = household.address or (chosen.name if chosen else "")
    return Place(words.replace("\n", ", "), home or there, chosen.pk if chosen else None)


def _point(latitude: object, longitude: object) -> Point | None:
    if isinstance(latitude, float | int) and isinstance(longitude, float | int) and is_on_earth(latitude, longitude):
        return Point(float(latitude), float(longitude))
    return None


def metres_to(here: Point | None, point: PickupPoint | None) -> float | None:
    """How far a pickup point is; None where one of the two places is not known."""
    there = _point(point.latitude, point.longitude) if point else None
    return metres_between(here, there) if here and there else None


def points_nearby(place: Place) -> list[PointNearby]:
    """The pickup points in use of hubs that have announced rounds, nearest first, then by name. One query."""
    announced = OrderingWindow.objects.filter(state__in=PUBLIC_STATES).values("round__hub")
    points = PickupPoint.objects.filter(is_active=True, hub__in=announced).select_related("hub").order_by("name", "pk")
    nearby = [PointNearby(point, metres_to(place.point, point)) for point in points[:500]]
    return sorted(nearby, key=lambda found: (found.metres is None, found.metres or 0.0))


def public_point(point_id: int) -> PickupPoint | None:
    """A pickup point that anybody may choose. One query."""
    return PickupPoint.objects.filter(pk=point_id, is_active=True).first()


def street(street_id: int) -> Street | None:
    """An imported street. One query."""
    return Street.objects.filter(pk=street_id).first()


def streets_named(text: str, here: Point | None = None) -> list[Street]:
    """Streets whose words begin with the typed ones; where there is none, one typing error a word is forgiven. Nearest
    first where a place is known. Up to two queries.
    """
    words = [word for word in words_of(text)[:6] if not word.isdecimal() or len(word) > 3]
    if not words:
        return []
    every = Q()
    for word in words:
        every &= Q(folded__contains=f" {word}")
    found = list(Street.objects.filter(every)[:200]) or _mistyped(words)
    return _in_order(found, words, here)[:MOST_STREETS]


def _mistyped(words: Sequence[str]) -> list[Street]:
    """Streets that are meant when each word may hold one typing error."""
    first = words[0]
    likely = Q(folded__contains=f" {first[0]}") | Q(folded__contains=f" {first[1:2] or first[0]}")
    looked_through = Street.objects.filter(likely).values_list("pk", "folded")[:_LOOKED_THROUGH]
    meant = [pk for pk, text in looked_through if all(any(begins_like(w, o) for o in text.split()) for w in words)]
    return list(Street.objects.filter(pk__in=meant[:200]))


def _in_order(found: list[Street], words: Sequence[str], here: Point | None) -> list[Street]:
    """Those that begin with the first word first, then the nearest, then by name."""

    def order(one: Street) -> tuple[bool, float, str, str]:
        away = metres_between(here, Point(one.latitude, one.longitude)) if here else 0.0
        return not one.folded.startswith(f" {words[0]}"), away, one.name, one.town

    return sorted(found, key=order)


def streets_of(hub: Hub) -> QuerySet[Street]:
    """The streets that a hub imported."""
    return Street.objects.filter(hub=hub)


def handovers_by_round(round_ids: Sequence[int]) -> dict[int, list[Handover]]:
    """Where and when these rounds are handed over. One query."""
    found: dict[int, list[Handover]] = {}
    for handover in Handover.objects.filter(round_id__in=round_ids).select_related("pickup_point", "capacity"):
        found.setdefault(handover.round_id, []).append(handover)
    return found
