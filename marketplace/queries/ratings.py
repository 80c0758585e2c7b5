"""Ratings: what a household may rate, and what a merchant and its visitors see of them all."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Avg, Count, QuerySet

from marketplace.access import merchants_of
from marketplace.models import Rating, Reservation, User
from marketplace.queries.claims import ClaimTime
from marketplace.queries.outcomes import Result
from marketplace.queries.progress import OwnOrder
from marketplace.rules.claims import RATINGS_SHOWN_FROM


@dataclass(frozen=True, slots=True)
class OwnRating:
    """One merchant's goods of a round; `stars` 0 while they are not rated."""

    merchant_id: int
    merchant_name: str
    stars: int
    words: str


@dataclass(frozen=True, slots=True)
class MerchantRating:
    """What visitors are told: the average in tenths of a star (47 is 4.7), of so many ratings."""

    tenths: int
    count: int


def may_rate(order: OwnOrder, time: ClaimTime) -> bool:
    """Whether the goods of an order can be rated: once handed over, or once the handover is over; until the deadline
    of claims."""
    over = order.handed_over or time.now >= order.reservation.handover.ends_at
    return over and not time.is_late


def rated(reservation: Reservation, result: Result) -> tuple[OwnRating, ...]:
    """The merchants of whom the household got something, with what it said of them. One query."""
    said = {rating.merchant_id: rating for rating in Rating.objects.filter(reservation=reservation)}
    merchants = {line.merchant_id: line.merchant_name for line in result.lines if line.got}
    return tuple(
        OwnRating(pk, name, said[pk].stars, said[pk].words) if pk in said else OwnRating(pk, name, 0, "")
        for pk, name in merchants.items()
    )


def merchant_ratings(merchant_ids: Iterable[int]) -> dict[int, MerchantRating]:
    """Averages to show beside offers; a merchant with fewer than five ratings is left out. One query."""
    rows = (
        Rating.objects.filter(merchant__in=list(merchant_ids))
        .order_by()
        .values_list("merchant_id")
        .annotate(average=Avg("stars"), count=Count("pk"))
        .filter(count__gte=RATINGS_SHOWN_FROM)
    )
    # Half a tenth rounds up; an average of stars is no money.
    return {pk: MerchantRating(int(average * 10 + 0.5), count) for pk, average, count in rows}


def ratings_for_merchant(user: User) -> QuerySet[Rating]:
    """The ratings of the user's merchants, for a list without names."""
    return Rating.objects.filter(merchant__in=merchants_of(user)).select_related("merchant", "reservation__round__hub")
