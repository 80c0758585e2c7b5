"""Robot shoppers and robot merchants: they call the actions that people call, and take no for an answer."""

import logging
from collections import Counter
from dataclasses import dataclass, field, replace
from random import Random
from secrets import token_hex
from threading import Lock

from config.demo import people
from config.demo.shoppers import OnSale, Purpose, Visit
from marketplace.actions.cancel_reservation import cancel_reservation
from marketplace.actions.change_reservation import change_reservation
from marketplace.actions.confirm_purchase_order import confirm_purchase_order
from marketplace.actions.offers.agree_to_change import agree_to_change
from marketplace.actions.offers.change_offer import change_offer
from marketplace.actions.reserve import LineStatus, ReservationAnswer, reserve
from marketplace.errors import MarketError
from marketplace.models import (
    GroupMember,
    Handover,
    Household,
    HouseholdMember,
    Offer,
    PurchaseOrder,
    ReservationLine,
    User,
)
from marketplace.queries.offer_changes import terms_now
from marketplace.queries.shop import standings_of
from marketplace.queries.standings import offer_json
from marketplace.rules.order_answers import LineAnswer
from marketplace.rules.states import OrderState, WindowState
from marketplace.rules.wanted import WantedLine

logger = logging.getLogger(__name__)

# What a helper raises an own line by at most, so that somebody else's case becomes full.
MOST_TO_FILL = 4
SHORT_ORDERS = 0.15
# By how much a merchant's price goes up in the middle of a round, minor units; every so manieth household says nothing.
DEARER, DISAGREEING = 6, 4


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
    """The first so many households that shop, in the order in which they came. Five queries."""
    groups = {
        household: (group, point)
        for household, group, point in GroupMember.objects.order_by("-joined_at").values_list(
            "household_id", "group_id", "group__pickup_point_id"
        )
    }
    handovers = Handover.objects.filter(round_id=round_id).order_by("-pk")
    by_point = dict(handovers.exclude(pickup_point=None).values_list("pickup_point_id", "pk"))
    delivered = handovers.filter(pickup_point=None).values_list("pk", flat=True).first()
    addresses = dict(Household.objects.exclude(address="").values_list("pk", "address"))
    shoppers = []
    for place, (household, user) in enumerate(_first_logins(count)):
        group, point = groups.get(household, (None, None))
        nearest = sorted(by_point.values())[place % len(by_point)]
        # Who orders alone and left an address has it brought.
        brought = delivered if group is None and household in addresses else None
        collected = nearest if point is None else by_point.get(point, nearest)
        shoppers.append(Shopper(user, household, group, brought or collected))
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
    own = ReservationLine.objects.filter(
        reservation__household_id=shopper.household_id,
        reservation__round_id=round_id,
        window__state=WindowState.OPEN.value,
    )
    offers = Offer.objects.filter(lines__in=own).select_related("product", "capacity", "demand")
    missing = {pk: offer_json(pk, now)["missing"] for pk, now in standings_of(offers).items()}
    wanted = {pk: units for pk, units in missing.items() if 1 <= units <= MOST_TO_FILL}
    return tuple(
        WantedLine(
            offer_id=line.offer_id,
            firm=line.firm + wanted[line.offer_id],
            flexible=line.flexible,
            flexible_for=line.flexible_for,
            max_unit_price_minor=line.max_unit_price_minor,
            whole_only=line.whole_only,
        )
        for line in own.filter(offer_id__in=wanted).order_by("pk")[:2]
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


def change_an_offer(round_id: int, for_household: int) -> str:
    """A merchant's price goes up for something that the household reserved; most of the others agree. What was
    changed, or nothing where nothing of the household's can still be changed."""
    own = ReservationLine.objects.filter(
        reservation__household_id=for_household, reservation__round_id=round_id, window__state=WindowState.OPEN.value
    ).values("offer")
    offer = Offer.objects.filter(pk__in=own).select_related("product__merchant", "capacity").order_by("pk").first()
    if offer is None:
        return ""
    member = User.objects.get(email=people.merchant_login(offer.product.merchant.slug))
    before = terms_now(offer)
    dearer = [step._replace(unit_price=step.unit_price + DEARER) for step in before.ladder]
    try:
        change = change_offer(
            offer_id=offer.pk, terms=replace(before, ladder=tuple(dearer)), reason="Feed became dearer", by=member
        )
    except MarketError as refusal:
        logger.info("%s could not be changed: %s", offer, refusal)
        return ""
    if change is None:
        return ""
    others = ReservationLine.objects.filter(offer=offer).exclude(reservation__household=for_household)
    for place, line in enumerate(others.select_related("reservation").order_by("pk")):
        if place % DISAGREEING:
            _agree(round_id, offer.pk, change.version, line.reservation.household_id)
    return offer.product.name


def _agree(round_id: int, offer_id: int, version: int, household_id: int) -> None:
    user = User.objects.filter(households=household_id).order_by("pk").first()
    if user is None:
        return
    try:
        agree_to_change(round_id=round_id, offer_id=offer_id, version=version, household_id=household_id, by=user)
    except MarketError as refusal:
        logger.info("Household %s could not agree: %s", household_id, refusal)


def _told(purpose: Purpose, answer: ReservationAnswer) -> Counter[str]:
    told = Counter({f"{purpose.value} accepted": 1})
    for line in answer.lines:
        if line.status in (LineStatus.REFUSED, LineStatus.REDUCED):
            told[f"lines {line.status.value}: {line.reason.value}"] += 1
    return told
