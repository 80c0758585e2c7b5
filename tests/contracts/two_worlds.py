"""Two hubs with everything a hub has, of which neither may see anything private of the other."""

from dataclasses import dataclass
from datetime import timedelta

from marketplace import clock
from marketplace.actions.close_window import close_window
from marketplace.actions.start_group import start_group
from marketplace.models import (
    Household,
    Hub,
    JoinPolicy,
    Merchant,
    OrderingWindow,
    PurchaseOrder,
    Reservation,
    ReservationLine,
    Round,
    User,
)
from marketplace.rules.roles import HUB_ROLES, Role
from marketplace.rules.states import WindowState
from tests.contracts.private_things import make_private_things
from tests.factories import (
    NOON,
    make_handover,
    make_household,
    make_hub,
    make_hub_staff,
    make_merchant,
    make_merchant_member,
    make_offer,
    make_product,
    make_round,
    make_supply,
    make_window,
)


@dataclass
class World:
    """One hub's whole world; every private name in it begins with `name`, every public one with its capitals."""

    name: str
    hub: Hub
    merchant: Merchant
    round: Round
    draft: Round
    open_window: OrderingWindow
    closed_window: OrderingWindow
    order: PurchaseOrder
    reservation: Reservation
    household: Household
    people: dict[Role, User]
    things: dict[str, int]


def make_world(name: str) -> World:
    """A round with an open and a closed window, a draft round, an order, a group, people in every role."""
    public = name.upper()
    hub = make_hub(public)
    # Anybody may join an open hub and then rightly sees what its members see.
    Hub.objects.filter(pk=hub.pk).update(join_policy=JoinPolicy.APPROVAL)
    merchant = make_merchant(public)
    supply = make_supply(merchant, hub)
    round_ = make_round(hub, f"{public} round")
    handover = make_handover(round_)
    closed = make_window(round_, [supply], name=f"{public} larder", closes_at=NOON)
    opened = make_window(round_, [supply], name=f"{public} fresh", closes_at=NOON + timedelta(days=3650))
    offers = [make_offer(window, make_product(merchant, f"{public} tomatoes")) for window in (closed, opened)]
    household = make_household(f"{name} household")
    reservation = Reservation.objects.create(
        household=household, round=round_, handover=handover, created_at=NOON, changed_at=NOON
    )
    for offer in offers:
        ReservationLine.objects.create(
            reservation=reservation, offer=offer, window=offer.window, firm=3, placed_at=NOON - timedelta(hours=1)
        )
    with clock.frozen(NOON + timedelta(minutes=1)):
        assert close_window(window_id=closed.pk) is not None
    draft = make_round(hub, f"{name} draft")
    make_window(draft, [supply], state=WindowState.DRAFT, name=f"{name} draft window")
    people = {role: make_hub_staff(hub, role, f"{name} {role.value}") for role in HUB_ROLES}
    people[Role.HOUSEHOLD_MEMBER] = household.members.get()
    people[Role.MERCHANT_MEMBER] = make_merchant_member(merchant, f"{name} member")
    people[Role.HOST] = make_household(f"{name} host").members.get()
    start_group(hub=hub, name=f"{name} group", pickup_point=None, by=people[Role.HOST])
    line = ReservationLine.objects.get(reservation=reservation, window=opened)
    return World(
        name=name,
        hub=hub,
        merchant=merchant,
        round=round_,
        draft=draft,
        open_window=opened,
        closed_window=closed,
        order=PurchaseOrder.objects.get(window=closed),
        reservation=reservation,
        household=household,
        people=people,
        things=make_private_things(name, reservation, line),
    )
