"""Place what a household collects in the next round, through the ordinary course of a reservation."""

from dataclasses import replace

from django.db import transaction

from marketplace import clock
from marketplace.actions.collecting.telling import tell_rest
from marketplace.actions.reserving.answer import ReservationAnswer
from marketplace.actions.reserving.place import place
from marketplace.actions.reserving.request import Request, Verb
from marketplace.errors import MarketError, ReservationChanged
from marketplace.models import CollectedRest, HouseholdMember, Offer, PriceStep, Reservation, ReservationLine, User, Via
from marketplace.queries.collecting import local_day
from marketplace.rules.states import CollectedState, VersionState
from marketplace.rules.wanted import WantedLine


@transaction.atomic
def place_rest(*, rest_id: int, offer_id: int) -> int:
    """Units that were placed in the offer. 0 where the rest waits no longer, the offer is dearer than agreed, or the
    household's own line there has no such limit; then the rest waits for the next round, until its day.

    A refusal (no room, no membership) leaves it waiting too, and the household is told why.
    """
    rest = CollectedRest.objects.select_related("product", "hub", "offer__window__round").get(pk=rest_id)
    offer = Offer.objects.select_related("window__round__hub").get(pk=offer_id)
    now = clock.now()
    if rest.state != CollectedState.WAITING or rest.until < local_day(now, rest.hub.time_zone):
        return 0
    speaker, wish = _speaker(rest), _wish(rest, offer)
    if speaker is None or wish is None or not offer.window.takes_reservations(now):
        return 0
    held = _held_firm(rest, offer)
    try:
        with transaction.atomic():
            answer = _place(rest, offer, wish, speaker)
    except ReservationChanged:
        raise  # somebody of the household was faster: the event is delivered again
    except MarketError as refused:
        tell_rest(rest, "not_placed", units=rest.units, to=offer, reason=refused.code)
        return 0
    placed = _firm(answer, offer) - held
    if placed <= 0:
        tell_rest(rest, "not_placed", units=rest.units, to=offer, reason="stock-short")
        return 0
    _settle(rest, offer, placed)
    tell_rest(rest, "placed", units=placed, to=offer)
    return placed


def _place(rest: CollectedRest, offer: Offer, wish: WantedLine, speaker: User) -> ReservationAnswer:
    reservation = Reservation.objects.filter(household=rest.household_id, round=offer.window.round_id).first()
    return place(
        Request(
            verb=Verb.RESERVE,
            round_id=offer.window.round_id,
            request_key=f"collected:{rest.pk}:{offer.pk}:{rest.units}",
            lines=(wish,),
            household_id=rest.household_id,
            # The line is set, not added to: so it must be the one that was looked at.
            expected_version=reservation.version if reservation else 0,
            for_household=True,
            via=Via.COLLECTED.value,
        ),
        by=speaker,
    )


def _settle(rest: CollectedRest, offer: Offer, placed: int) -> None:
    """Moved; what did not fit goes on waiting."""
    left = max(rest.units - placed, 0)
    waiting = CollectedRest.objects.filter(pk=rest.pk, state=CollectedState.WAITING.value, units=rest.units)
    state = CollectedState.WAITING if left else CollectedState.MOVED
    settled_at = None if left else clock.now()
    waiting.update(state=state.value, units=left, moved_to=offer, settled_at=settled_at)


def _wish(rest: CollectedRest, offer: Offer) -> WantedLine | None:
    """The line with the rest on top; None where it could cost more than was agreed."""
    prices = list(PriceStep.objects.filter(offer=offer).values_list("unit_price_minor", flat=True))
    if not prices or min(prices) > rest.at_most_minor:
        return None
    fresh = WantedLine(
        offer_id=offer.pk,
        firm=rest.units,
        max_unit_price_minor=rest.at_most_minor,
        collect_until=rest.until,
    )
    line = ReservationLine.objects.filter(reservation__household=rest.household_id, offer=offer).first()
    if line is None:
        return fresh
    limit = line.max_unit_price_minor
    if max(prices) > rest.at_most_minor and (limit is None or limit > rest.at_most_minor):
        return None
    return replace(
        fresh,
        firm=line.firm + rest.units,
        flexible=line.flexible,
        flexible_for=line.flexible_for,
        max_unit_price_minor=limit,
        whole_only=line.whole_only,
        substitutes=tuple(line.substitutes),
        collect_until=line.collect_until or rest.until,
    )


def _held_firm(rest: CollectedRest, offer: Offer) -> int:
    lines = ReservationLine.objects.filter(
        reservation__household=rest.household_id, reservation__state=VersionState.PLACED.value, offer=offer
    )
    return lines.values_list("firm", flat=True).first() or 0


def _firm(answer: ReservationAnswer, offer: Offer) -> int:
    return next((line.firm for line in answer.lines if line.offer_id == offer.pk), 0)


def _speaker(rest: CollectedRest) -> User | None:
    """Who of the household stands for it: who belongs to it longest."""
    members = HouseholdMember.objects.filter(household=rest.household_id, user__erased_at__isnull=True)
    member = members.select_related("user").order_by("joined_at", "pk").first()
    return member.user if member else None
