"""Threads as each side may read them; a foreign one is "not found".

A person may sit on several sides (a coordinator with a household of its own): `Seat` says on which one it reads.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet

from marketplace.access import hub_roles_with, hubs_where, merchants_of
from marketplace.errors import NotFound
from marketplace.models import (
    HouseholdMember,
    HubRole,
    Merchant,
    MerchantMember,
    Message,
    Offer,
    PickupPointHost,
    PurchaseOrderLine,
    Reservation,
    Thread,
    ThreadRead,
    User,
)
from marketplace.rules.roles import Permission, Role, allows
from marketplace.rules.states import OrderState
from marketplace.rules.threads import Side, ThreadState

PAGE = 30
# A host reads of its handover until a day after it; then it is the hub's again.
HOST_AFTERWARDS = timedelta(hours=24)
_JOINED = (
    "hub",
    "household",
    "merchant",
    "offer__product",
    "order_line__order__merchant",
    "reservation__round",
    "reservation__handover__pickup_point",
)


@dataclass(frozen=True, slots=True)
class Seat:
    """A thread as one person reads it: on which side, and which sides take part at all."""

    thread: Thread
    side: Side
    present: frozenset[Side]


@dataclass(frozen=True, slots=True)
class ThreadPage:
    threads: tuple[Thread, ...]
    following: int | None


def threads_as(user: User, side: Side, now: datetime) -> QuerySet[Thread]:
    """The threads that the person reads on this side."""
    if side is Side.HOUSEHOLD:
        mine = HouseholdMember.objects.filter(user=user).values("household_id")
        return Thread.objects.filter(household__in=mine)
    if side is Side.HUB:
        return Thread.objects.filter(hub__in=hubs_where(user, Permission.ANSWER_HOUSEHOLDS))
    if side is Side.MERCHANT:
        orders = ~Q(order_line__order__held_for="") & Q(order_line__isnull=False)
        return Thread.objects.filter(merchant__in=merchants_of(user), merchant_since__isnull=False).exclude(orders)
    return Thread.objects.filter(reservation__in=_hosted(user, now).values("pk"))


def _hosted(user: User, now: datetime) -> QuerySet[Reservation]:
    points = PickupPointHost.objects.filter(user=user).values("pickup_point_id")
    recent = Reservation.objects.filter(handover__ends_at__gt=now - HOST_AFTERWARDS)
    return recent.filter(Q(handover__pickup_point__in=points) | Q(group__host=user))


def sides_of(user: User, thread_id: int, now: datetime) -> list[Side]:
    """The sides on which the person reads the thread, its own household's first. Four queries."""
    return [side for side in Side if threads_as(user, side, now).filter(pk=thread_id).exists()]


def seat_for(user: User, thread_id: int, now: datetime, side: Side | None = None) -> Seat:
    """The thread as the person may read it, on the named side or its first one. Up to six queries."""
    sides = sides_of(user, thread_id, now)
    if not sides or (side is not None and side not in sides):
        raise NotFound(kind="thread", id=thread_id)
    thread = Thread.objects.select_related(*_JOINED).get(pk=thread_id)
    return Seat(thread, side or sides[0], present_in(thread))


def present_in(thread: Thread) -> frozenset[Side]:
    """The sides that take part."""
    found = {Side.HUB}
    if thread.household_id is not None:
        found.add(Side.HOUSEHOLD)
    if thread.merchant_id is not None and thread.merchant_since is not None:
        found.add(Side.MERCHANT)
    reservation = thread.reservation
    if reservation is not None and (reservation.handover.pickup_point_id or reservation.group_id):
        found.add(Side.HOST)
    return frozenset(found)


def people_of(thread: Thread, side: Side, now: datetime) -> set[int]:
    """Who reads on a side. One query, two for hosts."""
    if side is Side.HOUSEHOLD:
        return set(HouseholdMember.objects.filter(household=thread.household_id).values_list("user_id", flat=True))
    if side is Side.HUB:
        roles = HubRole.objects.filter(hub=thread.hub_id, role__in=hub_roles_with(Permission.ANSWER_HOUSEHOLDS))
        return set(roles.values_list("user_id", flat=True))
    if side is Side.MERCHANT:
        return set(MerchantMember.objects.filter(merchant=thread.merchant_id).values_list("user_id", flat=True))
    reservation = thread.reservation
    if reservation is None or reservation.handover.ends_at <= now - HOST_AFTERWARDS:
        return set()
    hosts = PickupPointHost.objects.filter(pickup_point=reservation.handover.pickup_point_id)
    found = set(hosts.values_list("user_id", flat=True))
    if reservation.group_id is not None and reservation.group is not None:
        found.add(reservation.group.host_id)
    return found


def messages_for(seat: Seat) -> QuerySet[Message]:
    """The messages that the side may read, oldest first: a merchant those since it takes part. One query."""
    found = Message.objects.filter(thread=seat.thread).order_by("pk")
    if seat.side is Side.MERCHANT and seat.thread.merchant_since is not None:
        return found.filter(at__gte=seat.thread.merchant_since)
    return found


def own_threads(user: User, side: Side, now: datetime, *, after: int | None = None) -> ThreadPage:
    """The person's threads on a side, the last written first. Two queries; `after` is the last one of a page."""
    rows = threads_as(user, side, now).select_related(*_JOINED).order_by("-last_at", "-pk")
    last = Thread.objects.filter(pk=after).first() if after is not None else None
    if last is not None:
        rows = rows.filter(Q(last_at__lt=last.last_at) | Q(last_at=last.last_at, pk__lt=last.pk))
    return _page(rows)


def open_questions(user: User, side: Side, now: datetime, *, after: int | None = None) -> ThreadPage:
    """What waits for an answer, the longest first; then what is open and waits for nobody. Two queries."""
    rows = threads_as(user, side, now).filter(state=ThreadState.OPEN.value).select_related(*_JOINED)
    rows = rows.order_by(F("waiting_since").asc(nulls_last=True), "pk")
    last = Thread.objects.filter(pk=after).first() if after is not None else None
    if last is not None and last.waiting_since is not None:
        later = Q(waiting_since__gt=last.waiting_since) | Q(waiting_since=last.waiting_since, pk__gt=last.pk)
        rows = rows.filter(later | Q(waiting_since__isnull=True))
    elif last is not None:
        rows = rows.filter(waiting_since__isnull=True, pk__gt=last.pk)
    return _page(rows)


def _page(rows: QuerySet[Thread]) -> ThreadPage:
    found = list(rows[: PAGE + 1])
    return ThreadPage(tuple(found[:PAGE]), found[PAGE - 1].pk if len(found) > PAGE else None)


@dataclass(frozen=True, slots=True)
class About:
    """What a question is about, before there is a thread: a reservation, its line of an offer, or an order's line."""

    reservation: Reservation | None = None
    offer: Offer | None = None
    order_line: PurchaseOrderLine | None = None


def about_reservation(user: User, reservation_id: int, offer_id: int | None, now: datetime) -> tuple[About, Side]:
    """A reservation (and an offer that it has, or had, a line of) with the side on which the person asks.

    Up to six queries. Raises NotFound for a foreign one, and for an offer that was never in it.
    """
    rows = Reservation.objects.select_related("round__hub", "household", "handover__pickup_point", "group")
    reservation = rows.filter(pk=reservation_id).first()
    side = _side_at(user, reservation, now) if reservation else None
    if reservation is None or side is None:
        raise NotFound(kind="reservation", id=reservation_id)
    if offer_id is None:
        return About(reservation=reservation), side
    offer = Offer.objects.select_related("product__merchant", "window").filter(pk=offer_id).first()
    if offer is None or offer.window.round_id != reservation.round_id or not _had(reservation, offer_id):
        raise NotFound(kind="offer", id=offer_id)
    return About(reservation=reservation, offer=offer), side


def _side_at(user: User, reservation: Reservation, now: datetime) -> Side | None:
    if HouseholdMember.objects.filter(user=user, household=reservation.household_id).exists():
        return Side.HOUSEHOLD
    if hubs_where(user, Permission.ANSWER_HOUSEHOLDS).filter(pk=reservation.round.hub_id).exists():
        return Side.HUB
    return Side.HOST if _hosted(user, now).filter(pk=reservation.pk).exists() else None


def _had(reservation: Reservation, offer_id: int) -> bool:
    """Whether the offer has a line, or had one in some version."""
    if reservation.lines.filter(offer=offer_id).exists():
        return True
    changed: Iterable[list[int]] = reservation.versions.values_list("changed_offers", flat=True)
    return any(offer_id in offers for offers in changed)


def about_order_line(user: User, order_line_id: int) -> tuple[About, Side]:
    """A line of a purchase order with the side on which the person asks: its hub's or its merchant's. Three queries."""
    rows = PurchaseOrderLine.objects.select_related("order__merchant", "order__window__round__hub")
    line = rows.filter(pk=order_line_id).exclude(order__state=OrderState.VOIDED.value).first()
    if line is not None:
        hub_id = line.order.window.round.hub_id
        if hubs_where(user, Permission.ANSWER_HOUSEHOLDS).filter(pk=hub_id).exists():
            return About(order_line=line), Side.HUB
        mine = merchants_of(user).filter(pk=line.order.merchant_id).exists()
        if mine and not line.order.held_for and allows(Role.MERCHANT_MEMBER, Permission.SEE_PURCHASE_ORDERS):
            return About(order_line=line), Side.MERCHANT
    raise NotFound(kind="order_line", id=order_line_id)


def thread_about(about: About) -> Thread | None:
    """The thread that exists about it. One query."""
    if about.order_line is not None:
        return Thread.objects.filter(order_line=about.order_line).first()
    return Thread.objects.filter(reservation=about.reservation, offer=about.offer).first()


def merchants_to_pass_to(thread: Thread) -> QuerySet[Merchant]:
    """The merchants of the round, for a question that is about no goods of one merchant."""
    if thread.reservation is None or thread.merchant_id is not None:
        return Merchant.objects.none()
    windows = thread.reservation.round.windows.values("pk")
    return Merchant.objects.filter(supplies__window_supplies__window__in=windows).distinct().order_by("name")


def last_read(thread: Thread, user_ids: Iterable[int]) -> dict[int, int]:
    """The newest message that each of these people has seen; 0 where none was. One query."""
    wanted = set(user_ids)
    known = dict(ThreadRead.objects.filter(thread=thread, user__in=wanted).values_list("user_id", "message_id"))
    return {user_id: known.get(user_id, 0) for user_id in wanted}
