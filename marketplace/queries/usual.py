"""What a household usually takes, held against what a round offers: what can be added, what is gone, what is dearer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import OuterRef, Subquery

from marketplace import clock
from marketplace.access import PUBLIC_STATES, household_of, round_for
from marketplace.models import Household, Offer, OfferOutcome, Product, ReservationLine, Round, User
from marketplace.queries.reservations import own_lines
from marketplace.queries.shop import announced, standings_of
from marketplace.rules.clearing.standing import OfferStanding
from marketplace.rules.states import WindowState
from marketplace.rules.usual import REMEMBERED_ROUNDS, Taken, Usual, usual


class UsualState(StrEnum):
    """Whether a usual product can be added to this round's basket."""

    READY = "ready"
    HELD = "held"  # it is in the basket already and stays as it is
    GONE = "gone"  # this round does not offer it
    CLOSED = "closed"  # its window takes no reservations now
    SOLD_OUT = "sold_out"  # its cap leaves less than the usual quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class UsualItem:
    """A usual product in this round; prices in minor units per consumer unit.

    `paid_minor` is what was paid when it was last ordered (None: it never was), `at_most_minor` the most that it can
    become now, `now_minor` what it would cost if the window closed now.
    """

    product: Product
    taken: Taken
    rounds: int
    state: UsualState
    offer: Offer | None = None
    paid_minor: int | None = None
    now_minor: int | None = None
    at_most_minor: int | None = None

    @property
    def is_dearer(self) -> bool:
        """Whether the price now is above what was paid the last time."""
        return None not in (self.paid_minor, self.now_minor) and (self.now_minor or 0) > (self.paid_minor or 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class UsualPreview:
    """A household's usual products beside a round, most frequent first."""

    round: Round
    items: tuple[UsualItem, ...]

    @property
    def ready(self) -> tuple[UsualItem, ...]:
        return tuple(item for item in self.items if item.state is UsualState.READY)


def usual_preview(visitor: User, round_id: int, household_id: int | None = None) -> UsualPreview:
    """What the household usually takes at the round's hub, and how it stands in the round. Eight queries, however many
    products there are. Raises NotFound for a round that the visitor may not see."""
    round_ = round_for(visitor, round_id)
    household = household_of(visitor, household_id)
    history, lines = _history(household, round_)
    found = usual(history)
    offers = _offers(round_, [item.product_id for item in found])
    standings = standings_of(offers.values())
    held = set(own_lines(household.pk, round_id))
    paid = _paid(lines)
    products = {
        p.pk: p for p in Product.objects.filter(pk__in=[i.product_id for i in found]).select_related("merchant")
    }
    items = [_item(i, products[i.product_id], offers.get(i.product_id), standings, held, paid) for i in found]
    return UsualPreview(round=round_, items=tuple(items))


def _history(household: Household, round_: Round) -> tuple[list[dict[int, Taken]], list[ReservationLine]]:
    """The household's last rounds at the hub, newest first, and their lines. One query."""
    past = (
        Round.objects.filter(hub_id=round_.hub_id, reservations__household=household)
        .filter(reservations__lines__isnull=False)
        .exclude(pk=round_.pk)
        .order_by("-handover_on", "-pk")
        .values("pk")
        .distinct()[:REMEMBERED_ROUNDS]
    )
    lines = list(
        ReservationLine.objects.filter(reservation__household=household, reservation__round__in=Subquery(past))
        .select_related("offer", "reservation__round")
        .order_by("-reservation__round__handover_on", "-reservation__round_id", "pk")
    )
    rounds: dict[int, dict[int, Taken]] = {}
    for line in lines:
        taken = Taken(line.firm, line.flexible, line.flexible_for, line.max_unit_price_minor, line.whole_only)
        rounds.setdefault(line.reservation.round_id, {})[line.offer.product_id] = taken
    return list(rounds.values()), lines


def _paid(lines: Sequence[ReservationLine]) -> dict[int, int]:
    """Per product, the unit price of the newest of these lines' offers that was ordered. One query."""
    newest = OfferOutcome.objects.filter(offer=OuterRef("offer"), run__voided_at__isnull=True).order_by("-run__number")
    reached = OfferOutcome.objects.filter(offer__in=[line.offer_id for line in lines], unit_price_minor__isnull=False)
    prices = dict(reached.filter(pk=Subquery(newest.values("pk")[:1])).values_list("offer_id", "unit_price_minor"))
    paid: dict[int, int] = {}
    for line in lines:
        price = prices.get(line.offer_id)
        if price is not None:
            paid.setdefault(line.offer.product_id, price)
    return paid


def _offers(round_: Round, product_ids: Sequence[int]) -> dict[int, Offer]:
    """The round's offers of these products; where two windows offer one, the one that closes later. One query."""
    offers = (
        Offer.objects.filter(window__round=round_, window__state__in=PUBLIC_STATES, product__in=product_ids)
        .annotate(clock=clock.expression())
        .select_related("window", "capacity", "demand", "product")
        .order_by("window__closes_at", "pk")
    )
    return {offer.product_id: offer for offer in offers}


def _item(
    found: Usual,
    product: Product,
    offer: Offer | None,
    standings: Mapping[int, OfferStanding],
    held: set[int],
    paid: Mapping[int, int],
) -> UsualItem:
    standing = standings.get(offer.pk) if offer else None
    return UsualItem(
        product=product,
        taken=found.taken,
        rounds=found.rounds,
        state=_state(found, offer, standing, held),
        offer=offer,
        paid_minor=paid.get(product.pk),
        now_minor=(standing.price_now or standing.price_at_most) if standing else None,
        at_most_minor=standing.price_at_most if standing else None,
    )


def _state(found: Usual, offer: Offer | None, standing: OfferStanding | None, held: set[int]) -> UsualState:
    if offer is None or standing is None:
        return UsualState.GONE
    if offer.pk in held:
        return UsualState.HELD
    if not offer.window.takes_reservations(offer.clock):  # type: ignore[attr-defined]
        return UsualState.CLOSED
    if offer.capacity is not None and offer.capacity.limit - offer.capacity.taken < found.taken.firm:
        return UsualState.SOLD_OUT
    return UsualState.READY


def open_rounds() -> list[Round]:
    """Rounds in which something can be reserved now, those that close first before. One query."""
    running = announced().filter(state=WindowState.OPEN.value).select_related("round__hub").order_by("closes_at", "pk")
    return list({w.round_id: w.round for w in running if w.takes_reservations(w.clock)}.values())  # type: ignore[attr-defined]
