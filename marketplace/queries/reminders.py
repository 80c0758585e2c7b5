"""Who is to be reminded of a window before it closes."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from marketplace.models import (
    HouseholdMember,
    HubNews,
    Notice,
    NoticeHours,
    OpeningReminder,
    OrderingWindow,
    ReservationLine,
    User,
)
from marketplace.queries.standings import standings
from marketplace.rules.notice_times import Hours
from marketplace.rules.notices import NoticeKind
from marketplace.rules.states import WindowState

DEFAULT_HOURS = 4
# Products named in one notice.
NAMED = 3

Waiting = tuple[tuple[str, int], ...]


def closing_soon(after: datetime, until: datetime) -> QuerySet[OrderingWindow]:
    """Open windows that close in this span, with round and hub. One query."""
    due = OrderingWindow.objects.filter(state=WindowState.OPEN.value, closes_at__gt=after, closes_at__lte=until)
    return due.select_related("round__hub").order_by("closes_at", "pk")


def filling_now(now: datetime) -> QuerySet[OrderingWindow]:
    """Open windows in their last stretch, with round and hub. One query."""
    filling = OrderingWindow.objects.filter(state=WindowState.OPEN.value, fills_at__lte=now, closes_at__gt=now)
    return filling.select_related("round__hub").order_by("closes_at", "pk")


def who_may_be_reminded(window: OrderingWindow, *, key: str) -> list[tuple[int, int, Hours]]:
    """People who follow the hub or asked for this window, have nothing reserved in it and were not reminded yet: who,
    how many hours before, and when they may be disturbed. Two queries.
    """
    mine = ReservationLine.objects.filter(window=window, reservation__household__memberships__user=OuterRef("pk"))
    told = Notice.objects.filter(user=OuterRef("pk"), kind=NoticeKind.CLOSES_SOON, key=key)
    follows = HubNews.objects.filter(user=OuterRef("pk"), hub=window.round.hub_id)
    asked = OpeningReminder.objects.filter(user=OuterRef("pk"), window=window)
    people = User.objects.filter(Q(Exists(follows)) | Q(Exists(asked)), ~Exists(mine), ~Exists(told), is_active=True)
    ids = list(people.order_by("pk").values_list("pk", flat=True))
    wishes = {row.pk: row for row in NoticeHours.objects.filter(user__in=people.values("pk"))}
    found = []
    for user_id in ids:
        wish = wishes.get(user_id)
        if wish is None:
            found.append((user_id, DEFAULT_HOURS, Hours()))
        else:
            hours = Hours(wish.time_zone, wish.quiet_from, wish.quiet_until, wish.digest_at)
            found.append((user_id, wish.hours_before_close or DEFAULT_HOURS, hours))
    return found


def waiting_households(window: OrderingWindow, *, key: str) -> list[tuple[Waiting, list[int]]]:
    """What still waits for how many more units, and the people who wait for just that. Six queries.

    Where a case stays open the latest units wait, as the close would have it (docs/domain.md, "Who gets it").
    """
    names = dict(window.offers.order_by("pk").values_list("pk", "product__name"))
    missing = {
        offer_id: (now.waiting, now.waits_for)
        for offer_id, now in standings(names).items()
        if now.waiting and now.waits_for
    }
    if not missing:
        return []
    waits: dict[int, list[int]] = {}
    left = {offer_id: waiting for offer_id, (waiting, _more) in missing.items()}
    lines = ReservationLine.objects.filter(window=window, offer__in=missing).order_by("-placed_at", "-pk")
    for offer_id, household_id, firm in lines.values_list("offer_id", "reservation__household_id", "firm"):
        if left[offer_id] > 0:
            waits.setdefault(household_id, []).append(offer_id)
            left[offer_id] -= firm
    more = {offer_id: waits_for for offer_id, (_waiting, waits_for) in missing.items()}
    return _by_what(waits, names, more, _not_told(waits, key))


def _not_told(household_ids: Iterable[int], key: str) -> dict[int, list[int]]:
    """The people of these households who were not told yet."""
    told = Notice.objects.filter(user=OuterRef("user"), kind=NoticeKind.UNITS_WAIT, key=key)
    rows = HouseholdMember.objects.filter(~Exists(told), household__in=list(household_ids), user__is_active=True)
    people: dict[int, list[int]] = {}
    for household_id, user_id in rows.values_list("household_id", "user_id"):
        people.setdefault(household_id, []).append(user_id)
    return people


def _by_what(
    waits: dict[int, list[int]], names: dict[int, str], more: dict[int, int], people: dict[int, list[int]]
) -> list[tuple[Waiting, list[int]]]:
    grouped: dict[Waiting, list[int]] = {}
    for household_id, offer_ids in waits.items():
        if household_id in people:
            nearest = sorted(set(offer_ids), key=lambda pk: (more[pk], names[pk], pk))[:NAMED]
            items = tuple((names[pk], more[pk]) for pk in nearest)
            grouped.setdefault(items, []).extend(people[household_id])
    return sorted(grouped.items())
