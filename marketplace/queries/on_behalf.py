"""What a coordinator sees who takes an order by phone: the hub's own households and what the round offers."""

from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from marketplace import clock
from marketplace.access import hubs_where
from marketplace.errors import NotFound
from marketplace.models import (
    GroupMember,
    Household,
    HouseholdMember,
    HubMembership,
    Offer,
    Reservation,
    ReservationLine,
    Round,
    User,
)
from marketplace.queries.shop import announced
from marketplace.queries.standings import standings
from marketplace.rules.roles import Permission
from marketplace.rules.states import MembershipState, WindowState

# A search on the phone shows few; who finds none types more of the name.
MOST_FOUND = 20
LEAST_TYPED = 2
_KNOWN_STATES = [s.value for s in (MembershipState.ASKED, MembershipState.TRIAL, MembershipState.MEMBER)]


class FoundHousehold(NamedTuple):
    """A household of the hub with its people's names and addresses."""

    household_id: int
    name: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneRow:
    """An offer of the phone-order form at today's prices, in minor units, with what the household holds of it."""

    offer_id: int
    version: int
    product: str
    merchant: str
    window: str
    price_now_minor: int
    price_at_most_minor: int
    case: int
    firm: int


def round_for_behalf(user: User, round_id: int) -> Round:
    """A round of a hub at which the user takes orders for households. One query."""
    hubs = hubs_where(user, Permission.ORDER_ON_BEHALF)
    found = Round.objects.select_related("hub").filter(pk=round_id, hub__in=hubs).first()
    if found is None:
        raise NotFound(kind="round", id=round_id)
    return found


def households_known_at(hub_id: int) -> QuerySet[Household]:
    """Households that joined the hub or asked to, order in one of its groups, or reserved there before."""
    mine = OuterRef("pk")
    return Household.objects.filter(
        Exists(HubMembership.objects.filter(hub=hub_id, household=mine, state__in=_KNOWN_STATES))
        | Exists(GroupMember.objects.filter(group__hub=hub_id, household=mine))
        | Exists(Reservation.objects.filter(round__hub=hub_id, household=mine)),
        erased_at__isnull=True,
    )


def household_known_at(hub_id: int, household_id: int) -> Household:
    """One of them. Raises NotFound for any other household. One query."""
    found = households_known_at(hub_id).filter(pk=household_id).first()
    if found is None:
        raise NotFound(kind="household", id=household_id)
    return found


def find_households(hub_id: int, typed: str) -> list[FoundHousehold]:
    """The hub's households whose name, or whose people's name or e-mail, has what was typed. Two queries."""
    text = typed.strip()
    if len(text) < LEAST_TYPED:
        return []
    person = HouseholdMember.objects.filter(household=OuterRef("pk")).filter(
        Q(user__name__icontains=text) | Q(user__email__icontains=text)
    )
    found = households_known_at(hub_id).filter(Q(name__icontains=text) | Exists(person)).order_by("name", "pk")
    rows = list(found[:MOST_FOUND].values_list("pk", "name"))
    people: dict[int, list[str]] = {}
    members = HouseholdMember.objects.filter(household__in=[pk for pk, _name in rows]).order_by("joined_at", "pk")
    for household_id, name, email in members.values_list("household", "user__name", "user__email"):
        people.setdefault(household_id, []).append(f"{name} · {email}")
    return [FoundHousehold(pk, name, tuple(people.get(pk, ()))) for pk, name in rows]


def phone_rows(round_id: int, household_id: int) -> list[PhoneRow]:
    """Everything that the round's open windows offer, by merchant and product. Five queries."""
    now = clock.expression()
    windows = announced().filter(round=round_id, state=WindowState.OPEN.value, opens_at__lte=now, closes_at__gt=now)
    offers = list(
        Offer.objects.filter(window__in=windows.values("pk"))
        .select_related("product__merchant", "window")
        .order_by("product__merchant__name", "product__name", "pk")
    )
    stand = standings([offer.pk for offer in offers])
    held = dict(
        ReservationLine.objects.filter(reservation__household=household_id, reservation__round=round_id).values_list(
            "offer_id", "firm"
        )
    )
    return [
        PhoneRow(
            offer_id=offer.pk,
            version=offer.version,
            product=offer.product.name,
            merchant=offer.product.merchant.name,
            window=offer.window.name,
            price_now_minor=stand[offer.pk].price_now or stand[offer.pk].price_at_most,
            price_at_most_minor=stand[offer.pk].price_at_most,
            case=offer.case,
            firm=held.get(offer.pk, 0),
        )
        for offer in offers
        if offer.pk in stand
    ]
