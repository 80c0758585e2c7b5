"""How offers stand while their round is open: terms, standings, and the snapshot that pages and sockets share."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from marketplace import clock
from marketplace.access import PUBLIC_STATES
from marketplace.models import Offer, OfferDemand, OrderingWindow, PriceStep
from marketplace.queries.demand import from_stored
from marketplace.rules.clearing.standing import OfferStanding, standing
from marketplace.rules.clearing.terms import DemandGroup, OfferTerms, ShortageRule
from marketplace.rules.clearing.terms import PriceStep as Step

Json = dict[str, Any]


def offer_terms(
    offer_ids: Collection[int] | None = None, *, window_id: int | None = None, round_id: int | None = None
) -> dict[int, OfferTerms]:
    """The terms that the clearing reads, of some offers, of a window or of a round. Two queries.

    Offers without a price step are left out: they cannot be sold.
    """
    offers = _chosen(Offer.objects.order_by("pk"), "", offer_ids, window_id, round_id)
    steps = _chosen(PriceStep.objects.all(), "offer__", offer_ids, window_id, round_id)
    ladders: dict[int, list[Step]] = {}
    for offer_id, *step in steps.order_by("offer_id", "from_quantity").values_list(
        "offer_id", "from_quantity", "cost_minor", "unit_price_minor"
    ):
        ladders.setdefault(offer_id, []).append(Step(*step))
    columns = offers.values_list(
        "pk",
        "product__merchant_id",
        "from_stock",
        "case",
        "multiple",
        "splittable",
        "split_fee_minor",
        "capacity__limit",
        "hub_flexible",
        "shortage_rule",
    )
    return {
        pk: OfferTerms(
            id=pk,
            merchant=None if from_stock else merchant_id,
            case=case,
            ladder=tuple(ladders[pk]),
            multiple=multiple,
            splittable=splittable,
            split_fee=split_fee,
            cap=cap,
            hub_flexible=hub_flexible,
            shortage_rule=ShortageRule(rule),
        )
        for pk, merchant_id, from_stock, case, multiple, splittable, split_fee, cap, hub_flexible, rule in columns
        if pk in ladders
    }


def _chosen(
    rows: QuerySet[Any], path: str, offer_ids: Collection[int] | None, window_id: int | None, round_id: int | None
) -> QuerySet[Any]:
    """The rows of the named offers; `path` leads from the row to its offer."""
    if offer_ids is None and window_id is None and round_id is None:
        raise ValueError("Name the offers, the window or the round.")
    if offer_ids is not None:
        rows = rows.filter(**{f"{path}pk__in" if path else "pk__in": offer_ids})
    if window_id is not None:
        rows = rows.filter(**{f"{path}window_id": window_id})
    if round_id is not None:
        rows = rows.filter(**{f"{path}window__round_id": round_id})
    return rows


def projected_groups(offer_ids: Collection[int]) -> dict[int, list[DemandGroup]]:
    """Demand as it was last told to pages. One query; an offer that is left out has no demand."""
    rows = OfferDemand.objects.filter(pk__in=offer_ids).values_list("pk", "groups")
    return {pk: from_stored(groups) for pk, groups in rows}


def standings(offer_ids: Collection[int], *, terms: Mapping[int, OfferTerms] | None = None) -> dict[int, OfferStanding]:
    """How these offers stand, by the projection of demand. Three queries, one where the terms are given."""
    known = offer_terms(offer_ids) if terms is None else terms
    groups = projected_groups(offer_ids)
    return {pk: standing(offer=known[pk], groups=groups.get(pk, [])) for pk in offer_ids if pk in known}


def offer_json(offer_id: int, now: OfferStanding) -> Json:
    """An offer's public figures as sockets and fragments tell them; realtime.py describes them."""
    following = now.next_step
    return {
        "id": offer_id,
        "reached": now.reached,
        "reason": now.reason.value,
        "reserved": now.reserved,
        "sure": now.sure,
        "waiting": now.waiting,
        "held": now.held_by_limit,
        "waits_for": now.waits_for,
        "missing": now.waits_for or (following.missing if following else 0),
        "ordered": now.ordered,
        "extras": now.extras,
        "now": now.price_now,
        "at_most": now.price_at_most,
        "next_price": following.unit_price if following else None,
        "next_missing": following.missing if following else None,
        "target": now.target,
    }


def _public_windows(round_id: int) -> QuerySet[OrderingWindow, Any]:
    """A round's announced windows with the version of their demand and the clock."""
    newest = OfferDemand.objects.filter(window=OuterRef("pk")).order_by().values("window")
    return (
        OrderingWindow.objects.filter(round_id=round_id, state__in=PUBLIC_STATES)
        .annotate(version=Coalesce(Subquery(newest.annotate(top=Max("version")).values("top")), 0))
        .annotate(clock=clock.expression())
        .order_by("closes_at", "pk")
    )


def _window_json(row: Any) -> Json:
    return {
        "id": row.pk,
        "state": row.state,
        "opens_at": row.opens_at.isoformat(),
        "fills_at": row.fills_at.isoformat(),
        "closes_at": row.closes_at.isoformat(),
        "version": row.version,
    }


def _now(windows: list[Any]) -> datetime:
    return windows[0].clock if windows else clock.now()


def round_versions(round_id: int) -> Json:
    """Where a round's windows stand, without their offers: {"round", "now", "windows"}. One query.

    A client compares it with what it shows; a fragment's ETag is made of it. Who may see the round is the caller's
    question (access.round_for).
    """
    windows = list(_public_windows(round_id))
    return {"round": round_id, "now": _now(windows).isoformat(), "windows": [_window_json(w) for w in windows]}


def live_round(round_id: int) -> Json:
    """The same with each window's name and offers (`offer_json`), in the order of ids. Five queries."""
    windows = list(_public_windows(round_id))
    terms = offer_terms(round_id=round_id)
    rows = OfferDemand.objects.filter(window__in=[w.pk for w in windows]).values_list("pk", "groups")
    groups = {pk: from_stored(stored) for pk, stored in rows}
    by_window: dict[int, list[Json]] = {w.pk: [] for w in windows}
    for offer_id, window_id in _offers_of(windows):
        if offer_id in terms:
            now = standing(offer=terms[offer_id], groups=groups.get(offer_id, []))
            by_window[window_id].append(offer_json(offer_id, now))
    return {
        "round": round_id,
        "now": _now(windows).isoformat(),
        "windows": [{**_window_json(w), "name": w.name, "offers": by_window[w.pk]} for w in windows],
    }


def _offers_of(windows: list[Any]) -> list[tuple[int, int]]:
    return list(Offer.objects.filter(window__in=[w.pk for w in windows]).order_by("pk").values_list("pk", "window_id"))
