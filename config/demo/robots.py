"""Robot shoppers and robot merchants: they call the actions that people call, and take no for an answer."""

import logging
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from secrets import token_hex
from threading import Lock

from config.demo.shoppers import OnSale, Purpose, Visit
from marketplace.actions.cancel_reservation import cancel_reservation
from marketplace.actions.change_reservation import change_reservation
from marketplace.actions.confirm_purchase_order import confirm_purchase_order
from marketplace.actions.reserve import LineStatus, ReservationAnswer, reserve
from marketplace.errors import MarketError
from marketplace.models import (
    GroupMember,
    Handover,
    HouseholdMember,
    Offer,
    PurchaseOrder,
    ReservationLine,
    User,
)
from marketplace.queries.standings import live_round
from marketplace.rules.order_answers import LineAnswer
from marketplace.rules.states import OrderState
from marketplace.rules.wanted import WantedLine

logger = logging.getLogger(__name__)

# What a helper raises an own line by at most, so that somebody else's case becomes full.
MOST_TO_FILL = 4
SHORT_ORDERS = 0.15


@dataclass(frozen=True, slots=True)
class Shopper:
    """A household's first login, and where it fetches its goods."""

    user: User
    household_id: int
    group_id: int | None
    handover_id: int


@dataclass(slots=True)
class Robots:
    """The shoppers of one round. `visit` may be called from several threads."""

    round_id: int
    shoppers: list[Shopper]
    seen: Counter[str] = field(default_factory=Counter)
    # Of the request keys: the robots of another start are other askers.
    name: str = field(default_factory=lambda: f"robots-{token_hex(4)}")
    _guard: Lock = field(default_factory=Lock)

    def visit(self, visit: Visit, number: int) -> None:
        """Do what the visit is for, once per number; a refusal is counted by its code."""
        shopper = self.shoppers[visit.household]
        key = f"{self.name}-{number}"
        try:
            answer = self._act(visit, shopper, key)
        except MarketError as refusal:
            self._count(Counter({f"{visit.purpose.value} refused: {refusal.code}": 1}))
            return
        if answer is not None:
            self._count(_told(visit.purpose, answer))

    def _act(self, visit: Visit, shopper: Shopper, key: str) -> ReservationAnswer | None:
        if visit.purpose is Purpose.RESERVE:
            return reserve(
                round_id=self.round_id,
                lines=visit.lines,
                request_key=key,
                handover_id=shopper.handover_id,
                group_id=shopper.group_id,
                by=shopper.user,
            )
        if visit.purpose is Purpose.CANCEL:
            return cancel_reservation(round_id=self.round_id, request_key=key, by=shopper.user)
        lines = visit.lines if visit.purpose is Purpose.CHANGE else lines_to_fill(self.round_id, shopper)
        if not lines:
            return None
        return change_reservation(round_id=self.round_id, lines=lines, request_key=key, by=shopper.user)

    def _count(self, seen: Counter[str]) -> None:
        with self._guard:
            self.seen += seen


def shoppers_of(round_id: int, count: int) -> list[Shopper]:
    """The first so many households that shop, in the order in which they came. Three queries."""
    groups = {
        household: (group, point)
        for household, group, point in GroupMember.objects.order_by("-joined_at").values_list(
            "household_id", "group_id", "group__pickup_point_id"
        )
    }
    handovers = list(Handover.objects.filter(round_id=round_id).order_by("pk"))
    by_point = {handover.pickup_point_id: handover.pk for handover in handovers}
    shoppers = []
    for place, (household, user) in enumerate(_first_logins(count)):
        group, point = groups.get(household, (None, None))
        nearest = handovers[place % len(handovers)].pk
        shoppers.append(Shopper(user, household, group, by_point.get(point, nearest)))
    return shoppers


def first_logins(count: int) -> list[User]:
    """One person of each of the first so many households that shop. One query."""
    return [user for _, user in _first_logins(count)]


def _first_logins(count: int) -> list[tuple[int, User]]:
    logins = HouseholdMember.objects.filter(user__hub_roles=None, user__merchant_memberships=None, user__is_staff=False)
    firsts: dict[int, User] = {}
    for login in logins.select_related("user").order_by("household_id", "joined_at", "pk"):
        firsts.setdefault(login.household_id, login.user)
    return list(firsts.items())[:count]


def on_sale(round_id: int) -> dict[str, OnSale]:
    """The offers of a round by SKU. Two queries."""
    offers = Offer.objects.filter(window__round_id=round_id).select_related("product").prefetch_related("steps")
    return {
        offer.product.sku: OnSale(offer.pk, tuple(step.unit_price_minor for step in offer.steps.all()))
        for offer in offers
    }


def lines_to_fill(round_id: int, shopper: Shopper) -> tuple[WantedLine, ...]:
    """Up to two own lines of windows still open, raised by what their offers miss, as the page shows it."""
    missing = {
        offer["id"]: offer["missing"]
        for window in live_round(round_id)["windows"]
        if window["state"] == "open"
        for offer in window["offers"]
        if 1 <= offer["missing"] <= MOST_TO_FILL
    }
    own = ReservationLine.objects.filter(
        reservation__household_id=shopper.household_id, reservation__round_id=round_id, offer_id__in=missing
    )
    return tuple(
        WantedLine(
            offer_id=line.offer_id,
            firm=line.firm + missing[line.offer_id],
            flexible=line.flexible,
            flexible_for=line.flexible_for,
            max_unit_price_minor=line.max_unit_price_minor,
            whole_only=line.whole_only,
        )
        for line in own.order_by("pk")[:2]
    )


def confirm_orders(round_id: int, draw: Random) -> Counter[str]:
    """The merchants answer what they got: most send all, some come short of one line."""
    answered: Counter[str] = Counter()
    orders = PurchaseOrder.objects.filter(window__round_id=round_id, state=OrderState.ISSUED.value)
    for order in orders.select_related("merchant").prefetch_related("lines").order_by("pk"):
        member = User.objects.filter(merchant_memberships__merchant=order.merchant).first()
        if member is None:
            continue
        answers = {line.pk: LineAnswer(line.ordered) for line in order.lines.all()}
        if draw.random() < SHORT_ORDERS:
            line = draw.choice(list(order.lines.all()))
            answers[line.pk] = LineAnswer(max(0, line.ordered - line.case), "Sold out since Monday")
        try:
            answered[confirm_purchase_order(order_id=order.pk, answers=answers, by=member).state] += 1
        except MarketError as refusal:
            logger.info("%s could not be confirmed: %s", order, refusal)
            answered[refusal.code] += 1
    return answered


def _told(purpose: Purpose, answer: ReservationAnswer) -> Counter[str]:
    told = Counter({f"{purpose.value} accepted": 1})
    for line in answer.lines:
        if line.status in (LineStatus.REFUSED, LineStatus.REDUCED):
            told[f"lines {line.status.value}: {line.reason.value}"] += 1
    return told
