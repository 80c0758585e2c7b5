"""What stands in the way of erasing a person."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace import clock
from marketplace.models import Group, HouseholdMember, HubRole, LineShare, MerchantMember, PickupPointHost, User
from marketplace.queries.households import open_reservations
from marketplace.rules.states import ShareState, WindowState


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One thing to finish first; `link` leads to where, if a page does."""

    text: str
    link: str = ""


def ends_with(user: User) -> list[int]:
    """The households that have nobody else: they go with the person. One query."""
    mine = HouseholdMember.objects.filter(user=user).values("household_id")
    alone = HouseholdMember.objects.filter(household__in=mine).values("household_id").annotate(people=Count("pk"))
    return sorted(alone.filter(people=1).values_list("household_id", flat=True))


def obstacles(user: User) -> list[Obstacle]:
    """What has to end before the person can be erased; empty when nothing does. Seven queries and the clock."""
    going = ends_with(user)
    found = [
        Obstacle(
            _("You hold a reservation in %(round)s: give it back while it is open, or collect it first.")
            % {"round": reservation.round.name},
            reverse("basket", args=[reservation.round_id]),
        )
        for reservation in open_reservations(going)
    ]
    found += [
        Obstacle(
            _("You take part of %(household)s’s %(product)s: give it back while it is open, or collect it first.")
            % {"household": share.reservation.household.name, "product": share.offer.product.name},
            reverse("shares"),
        )
        for share in _open_shares(going)
    ]
    led = Group.objects.filter(host=user).annotate(
        others=Count("memberships", filter=~Q(memberships__household__in=going))
    )
    found += [
        Obstacle(_("You host the group %(group)s: ask somebody else to.") % {"group": group.name})
        for group in led.filter(others__gt=0).order_by("name")
    ]
    found += [
        Obstacle(_("You host %(place)s: ask the hub to name somebody else.") % {"place": host.pickup_point.name})
        for host in PickupPointHost.objects.filter(user=user).select_related("pickup_point").order_by("pk")
    ]
    if user.is_staff or HubRole.objects.filter(user=user).exists() or MerchantMember.objects.filter(user=user).exists():
        found.append(Obstacle(_("You work at a desk: ask to be taken off it first.")))
    return found


def _open_shares(household_ids: list[int]) -> list[LineShare]:
    taken = LineShare.objects.filter(household__in=household_ids, state=ShareState.ACCEPTED.value)
    live = taken.filter(offer__window__state=WindowState.OPEN.value) | taken.filter(
        offer__window__state__in=[WindowState.CLOSED.value, WindowState.RECEIVING.value],
        reservation__handover__ends_at__gt=clock.now(),
    )
    return list(live.select_related("reservation__household", "offer__product").order_by("pk"))
