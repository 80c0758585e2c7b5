"""What is read of wishes: a household's own, those of a hub counted by area, and what a merchant may know of them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Max, Min, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from marketplace.access import household_of, wish_for
from marketplace.models import Hub, Reservation, Supply, User, Wish, WishTopic
from marketplace.rules.wishes import LEAST_HOUSEHOLDS, Published, publishable


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWish:
    """A household's wish, and how many households share it: None while they are too few to be told."""

    wish: Wish
    households: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WishedFor:
    """A topic as a hub or a merchant sees it. `a_week`: units a week of those who said how many."""

    topic: WishTopic
    hub: Hub
    published: Published
    a_week: int


def own_wishes(user: User, household_id: int | None = None) -> list[OwnWish]:
    """The household's wishes that were not taken back, newest first. Three queries."""
    household = household_of(user, household_id)
    wishes = list(
        Wish.objects.filter(household=household)
        .exclude(state=Wish.State.WITHDRAWN)
        .select_related("topic__hub", "offered__product", "offered__window")
        .order_by("-since", "-pk")
    )
    return _counted_own(wishes)


def own_wish(user: User, wish_id: int) -> OwnWish:
    """One of them. Three queries."""
    rows = Wish.objects.select_related("topic__hub", "offered__product", "offered__window")
    [found] = _counted_own([rows.get(pk=wish_for(user, wish_id).pk)])
    return found


def _counted_own(wishes: Sequence[Wish]) -> list[OwnWish]:
    living = Wish.objects.filter(topic__in=[wish.topic_id for wish in wishes], state=Wish.State.OPEN)
    counted = dict(living.values_list("topic_id").annotate(Count("household", distinct=True)))
    return [OwnWish(wish=wish, households=_told(counted.get(wish.topic_id, 0))) for wish in wishes]


def _told(households: int) -> int | None:
    return households if households >= LEAST_HOUSEHOLDS else None


def wished_at(hubs: QuerySet[Hub], *, least: int = 1) -> list[WishedFor]:
    """The open wishes of hubs, most wished first, with every area: for those who run the hub. Two queries."""
    return [
        WishedFor(topic=topic, hub=topic.hub, published=Published(sum(areas.values()), False, _all(areas)), a_week=week)
        for topic, areas, week in _counted(hubs)
        if sum(areas.values()) >= least
    ]


def wished_for_merchants(merchant_ids: Sequence[int]) -> list[WishedFor]:
    """What the households of the merchants' hubs wish for, as far as it may be told. Two queries."""
    supplied = Supply.objects.filter(merchant__in=merchant_ids, is_active=True)
    told = []
    for topic, areas, a_week in _counted(Hub.objects.filter(pk__in=supplied.values("hub_id"))):
        published = publishable(areas)
        if published is not None:
            told.append(WishedFor(topic=topic, hub=topic.hub, published=published, a_week=a_week))
    return told


def topics_of(hubs: QuerySet[Hub]) -> QuerySet[WishTopic]:
    """The topics that stand for themselves."""
    return WishTopic.objects.filter(hub__in=hubs, same_as__isnull=True).order_by("name", "pk")


def _all(areas: dict[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(areas.items(), key=lambda pair: (-pair[1], pair[0])))


def _counted(hubs: QuerySet[Hub]) -> list[tuple[WishTopic, dict[str, int], int]]:
    """Per topic: households per area, and units a week. A household's area is its pickup point: the one that it
    prefers, else the one of its newest reservation at the hub; empty where it has neither."""
    used = Reservation.objects.filter(
        household=OuterRef("household"), round__hub=OuterRef("topic__hub"), handover__pickup_point__isnull=False
    ).order_by("-changed_at")
    rows = (
        Wish.objects.filter(topic__hub__in=hubs, state=Wish.State.OPEN)
        .annotate(
            area=Coalesce("household__preferred_point__name", Subquery(used.values("handover__pickup_point__name")[:1]))
        )
        .order_by()
        .values_list("topic_id", "area")
        .annotate(many=Count("household", distinct=True), weeks=Coalesce(Sum("a_week"), 0))
    )
    areas: dict[int, dict[str, int]] = defaultdict(dict)
    weeks: dict[int, int] = defaultdict(int)
    for topic_id, area, households, a_week in rows:
        areas[topic_id][area or ""] = households
        weeks[topic_id] += a_week
    topics = WishTopic.objects.filter(pk__in=areas).select_related("hub")
    found = [(topic, areas[topic.pk], weeks[topic.pk]) for topic in topics]
    return sorted(found, key=lambda one: (-sum(one[1].values()), one[0].name, one[0].pk))


def hubs_of_household(household_id: int) -> list[Hub]:
    """The hubs at which a household may wish: where it ordered or belongs, the newest first; else all. One query."""
    known = Hub.objects.filter(rounds__reservations__household_id=household_id)
    newest = known.annotate(last=Max("rounds__reservations__changed_at")).order_by("-last", "pk")
    return list(newest) or list(Hub.objects.annotate(first=Min("rounds")).order_by("name")[:50])
