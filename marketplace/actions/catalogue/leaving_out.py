"""Taking a merchant out of a planned window for a break, and putting it back."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from marketplace.actions.catalogue.offers_from_templates import offers_from_templates
from marketplace.actions.copy_offers import copy_offers
from marketplace.models import (
    Capacity,
    DemandSignal,
    LeftOut,
    Offer,
    OfferChange,
    OrderingWindow,
    PriceStep,
    Supply,
    SupplyBreak,
    WindowSupply,
)
from marketplace.queries.breaks import blocked_supplies


def add_supplies(window: OrderingWindow, supplies: Iterable[Supply], at: datetime) -> list[SupplyBreak]:
    """Give a new window its merchants, without those that have a break; these are noted beside it. The breaks.

    The window's round and hub are at hand. Four queries.
    """
    chosen = list(supplies)
    pauses = blocked_supplies(
        hub=window.round.hub,
        handover_on=window.round.handover_on,
        closes_at=window.closes_at,
        supplies=chosen,
    )
    LeftOut.objects.bulk_create(
        LeftOut(window=window, supply=supply, pause=pauses[supply.pk], at=at)
        for supply in chosen
        if supply.pk in pauses
    )
    WindowSupply.objects.bulk_create(_part(window, supply) for supply in chosen if supply.pk not in pauses)
    return list(pauses.values())


def take_out(part: WindowSupply, pause: SupplyBreak, at: datetime) -> None:
    """Take a merchant and its offers out of a draft: nobody saw them, so nobody is told."""
    offers = Offer.objects.filter(window=part.window_id, product__merchant=part.supply.merchant_id, from_stock=False)
    ids = list(offers.values_list("pk", flat=True))
    spare = list(offers.filter(capacity__isnull=False).values_list("capacity_id", flat=True))
    for table in (OfferChange, PriceStep, DemandSignal):
        table.objects.filter(offer__in=ids).delete()
    Offer.objects.filter(pk__in=ids).delete()
    Capacity.objects.filter(pk__in=spare).delete()
    WindowSupply.objects.filter(pk=part.pk).delete()
    LeftOut.objects.update_or_create(
        window_id=part.window_id, supply_id=part.supply_id, defaults={"pause": pause, "at": at}
    )


def put_back(left: LeftOut) -> bool:
    """Put a merchant back into a draft that it was left out of, with its usual offers; False where another break still
    keeps it out, which is then noted."""
    window, supply = left.window, left.supply
    others = blocked_supplies(
        hub=window.round.hub,
        handover_on=window.round.handover_on,
        closes_at=window.closes_at,
        supplies=[supply],
    )
    if supply.pk in others:
        LeftOut.objects.filter(pk=left.pk).update(pause=others[supply.pk])
        return False
    LeftOut.objects.filter(pk=left.pk).delete()
    WindowSupply.objects.bulk_create([_part(window, supply)], ignore_conflicts=True)
    before = last_window_with(window, supply)
    if before is not None:
        copy_offers(from_window=before, to_window=window)
    offers_from_templates(window=window)
    return True


def last_window_with(window: OrderingWindow, supply: Supply) -> OrderingWindow | None:
    """The latest other window of the hub that had offers of this merchant."""
    found = OrderingWindow.objects.filter(
        round__hub=window.round.hub_id,
        offers__product__merchant=supply.merchant_id,
        offers__from_stock=False,
        closes_at__lt=window.closes_at,
    )
    return found.exclude(pk=window.pk).order_by("-closes_at", "-pk").first()


def _part(window: OrderingWindow, supply: Supply) -> WindowSupply:
    return WindowSupply(
        window=window, supply=supply, orders_due_at=window.closes_at + timedelta(minutes=supply.cut_off_minutes)
    )
