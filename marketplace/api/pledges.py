"""While a window is open, for a merchant's own system: the demand of its offers, and what it pledges."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.access import offer_to_change
from marketplace.actions.pledging.pledge_price import pledge_price
from marketplace.actions.pledging.pledge_supply import pledge_supply
from marketplace.actions.pledging.withdraw_pledge import withdraw_pledge
from marketplace.api.asking import path_id
from marketplace.api.base import MarketView, actor
from marketplace.api.bodies import Body, Json, amount_sent, sent
from marketplace.api.fields import CodeField
from marketplace.api.paging import page, page_of
from marketplace.api.schema import OFFER_ID
from marketplace.api.values import amount_or_none, instant
from marketplace.errors import InvalidInput
from marketplace.models import Offer, Pledge
from marketplace.queries.catalogue import merchant_to_edit
from marketplace.queries.merchant_today import RunningOffer, RunningPart, running_parts_of
from marketplace.rules.money import format_minor

MERCHANT_ID = path_id("merchant_id")
_KIND = CodeField("PledgeKind", Pledge.Kind.values)


class ExpectedSerializer(serializers.Serializer[Any]):
    """Units that will probably have to be shipped: exceeded with 90, 50 and 10 per cent."""

    p10 = serializers.IntegerField()
    p50 = serializers.IntegerField()
    p90 = serializers.IntegerField()
    as_of = serializers.DateTimeField()


class PledgeSerializer(serializers.Serializer[Any]):
    """`supply`: up to `units` in all. `price`: from `units` on the hub pays `cost`, households `unit_price`."""

    id = serializers.IntegerField()
    offer_id = serializers.IntegerField()
    kind = CodeField("PledgeKind", Pledge.Kind.values)
    state = CodeField("PledgeState", Pledge.State.values)
    units = serializers.IntegerField()
    cost = serializers.CharField(allow_null=True)
    unit_price = serializers.CharField(allow_null=True)
    reason = serializers.CharField(allow_blank=True)
    at = serializers.DateTimeField()


class OfferDemandSerializer(serializers.Serializer[Any]):
    """An offer's demand, in units. `ordered`: what would be ordered if the window closed now, as `cases` and `loose`
    units of a split one. `waits_for` more units make all sure; `next_missing` more bring `next_price`."""

    offer_id = serializers.IntegerField()
    version = serializers.IntegerField()
    sku = serializers.CharField()
    name = serializers.CharField()
    case = serializers.IntegerField()
    stock = serializers.IntegerField(allow_null=True)
    reserved = serializers.IntegerField()
    sure = serializers.IntegerField()
    waiting = serializers.IntegerField()
    ordered = serializers.IntegerField()
    cases = serializers.IntegerField()
    loose = serializers.IntegerField()
    value = serializers.CharField()
    price_now = serializers.CharField(allow_null=True)
    waits_for = serializers.IntegerField(allow_null=True)
    next_price = serializers.CharField(allow_null=True)
    next_missing = serializers.IntegerField(allow_null=True)
    expected = ExpectedSerializer(allow_null=True, help_text="Null: not known yet.")
    pledges = PledgeSerializer(many=True)


class WindowDemandSerializer(serializers.Serializer[Any]):
    """`orders_due_at`: when the merchant's order is complete; `at_dock_by`: when its goods are due."""

    window_id = serializers.IntegerField()
    name = serializers.CharField()
    round_name = serializers.CharField()
    handover_on = serializers.DateField()
    hub_id = serializers.IntegerField()
    hub_name = serializers.CharField()
    time_zone = serializers.CharField()
    currency = serializers.CharField()
    state = serializers.CharField()
    opens_at = serializers.DateTimeField()
    closes_at = serializers.DateTimeField()
    orders_due_at = serializers.DateTimeField()
    at_dock_by = serializers.DateTimeField()
    value = serializers.CharField()
    minimum_missing = serializers.CharField(allow_null=True)
    offers = OfferDemandSerializer(many=True)


class PledgeBody(Body):
    """A supply needs `units`, a price `units` and `cost`; without `unit_price` households pay as much less as the cost
    falls. `version` is the offer's that was seen."""

    kind = _KIND
    units = serializers.IntegerField(min_value=0, max_value=1_000_000)
    cost = serializers.CharField(max_length=20, required=False)
    unit_price = serializers.CharField(max_length=20, required=False)
    reason = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    version = serializers.IntegerField(min_value=1, max_value=1_000_000_000, required=False)


class WithdrawalBody(Body):
    """Those who reserved read the reason."""

    reason = serializers.CharField(max_length=200)


class Demand(MarketView):
    @extend_schema(
        operation_id="merchant_demand",
        tags=["merchant"],
        parameters=[MERCHANT_ID],
        responses=page_of(WindowDemandSerializer),
    )
    def get(self, request: Request, merchant_id: int) -> Response:
        """The own merchant's windows that are open or announced, with the demand of its offers."""
        merchant = merchant_to_edit(actor(request), merchant_id)
        return Response(page(request, (_part_json(part) for part in running_parts_of([merchant.pk]))))


class Pledges(MarketView):
    @extend_schema(
        operation_id="pledges_list", tags=["merchant"], parameters=[OFFER_ID], responses=page_of(PledgeSerializer)
    )
    def get(self, request: Request, offer_id: int) -> Response:
        """What was pledged for an own offer, the newest first."""
        offer = offer_to_change(actor(request), offer_id)
        rows = Pledge.objects.filter(offer=offer).order_by("-pk")[:100]
        return Response(page(request, (_pledge_json(each, offer) for each in rows)))

    @extend_schema(
        operation_id="pledges_make",
        tags=["merchant"],
        parameters=[OFFER_ID],
        request=PledgeBody,
        responses={201: PledgeSerializer},
    )
    def post(self, request: Request, offer_id: int) -> Response:
        """Pledge more, less, or a lower price: it changes the offer at once, and households hear of it."""
        user = actor(request)
        offer = offer_to_change(user, offer_id)
        body = sent(request, PledgeBody)
        named: Json = {
            "offer_id": offer.pk,
            "units": body["units"],
            "reason": body["reason"],
            "expected_version": body.get("version"),
            "by": user,
        }
        if body["kind"] == Pledge.Kind.SUPPLY:
            return Response(_pledge_json(pledge_supply(**named), offer), status=201)
        cost, price = _prices(body, offer.window.round.hub.currency)
        return Response(_pledge_json(pledge_price(cost=cost, unit_price=price, **named), offer), status=201)


class PledgeWithdrawn(MarketView):
    @extend_schema(
        operation_id="pledges_withdraw",
        tags=["merchant"],
        parameters=[path_id("pledge_id")],
        request=WithdrawalBody,
        responses=PledgeSerializer,
    )
    def post(self, request: Request, pledge_id: int) -> Response:
        """Take a pledge back: what it changed is changed back, by the rules of every change."""
        body = sent(request, WithdrawalBody)
        pledge = withdraw_pledge(pledge_id=pledge_id, reason=body["reason"], by=actor(request))
        return Response(_pledge_json(pledge, pledge.offer))


def _prices(body: Json, currency: str) -> tuple[int, int | None]:
    """Cost and price of a step. Raises ValidationError, InvalidInput without a cost."""
    if "cost" not in body:
        raise InvalidInput(problems=[{"place": "cost", "problem": _("Say what it costs.")}])
    price = amount_sent("unit_price", body["unit_price"], currency) if "unit_price" in body else None
    return amount_sent("cost", body["cost"], currency), price


def _pledge_json(pledge: Pledge, offer: Offer) -> Json:
    currency = offer.window.round.hub.currency
    return {
        "id": pledge.pk,
        "offer_id": pledge.offer_id,
        "kind": pledge.kind,
        "state": pledge.state,
        "units": pledge.units,
        "cost": amount_or_none(pledge.cost_minor, currency),
        "unit_price": amount_or_none(pledge.unit_price_minor, currency),
        "reason": pledge.reason,
        "at": instant(pledge.at),
    }


def _part_json(part: RunningPart) -> Json:
    window, round_, hub = part.window, part.window.round, part.window.round.hub
    missing = None if part.minimum is None else part.minimum.missing_minor
    return {
        "window_id": window.pk,
        "name": window.name,
        "round_name": round_.name,
        "handover_on": round_.handover_on.isoformat(),
        "hub_id": hub.pk,
        "hub_name": hub.name,
        "time_zone": hub.time_zone,
        "currency": hub.currency,
        "state": window.state,
        "opens_at": instant(window.opens_at),
        "closes_at": instant(window.closes_at),
        "orders_due_at": instant(part.deadlines.orders_in),
        "at_dock_by": instant(part.deadlines.at_dock),
        "value": format_minor(part.value_minor, hub.currency),
        "minimum_missing": amount_or_none(missing, hub.currency),
        "offers": [_offer_json(each, part) for each in part.offers],
    }


def _offer_json(row: RunningOffer, part: RunningPart) -> Json:
    offer, now, currency = row.offer, row.now, part.window.round.hub.currency
    offer.window = part.window
    following = now.next_step
    return {
        "offer_id": offer.pk,
        "version": offer.version,
        "sku": offer.product.sku,
        "name": offer.product.name,
        "case": offer.case,
        "stock": None if offer.capacity is None else offer.capacity.limit,
        "reserved": now.reserved,
        "sure": now.sure,
        "waiting": now.waiting,
        "ordered": now.ordered,
        "cases": row.cases,
        "loose": row.loose,
        "value": format_minor(row.value_minor, currency),
        "price_now": amount_or_none(now.price_now, currency),
        "waits_for": now.waits_for,
        "next_price": None if following is None else format_minor(following.unit_price, currency),
        "next_missing": None if following is None else following.missing,
        "expected": None
        if row.signal is None
        else {
            "p10": row.signal.units_p10,
            "p50": row.signal.units_p50,
            "p90": row.signal.units_p90,
            "as_of": instant(row.signal.as_of),
        },
        "pledges": [_pledge_json(each, offer) for each in row.pledges],
    }
