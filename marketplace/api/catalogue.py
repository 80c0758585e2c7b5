"""A merchant's catalogue for its own system: looking at it, and price lists with the same rules as at the desk."""

import json
from collections.abc import Mapping
from itertools import islice
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.actions.catalogue.drop_price_list import drop_price_list
from marketplace.actions.catalogue.read_price_list import read_price_list
from marketplace.actions.catalogue.take_price_list import take_price_list
from marketplace.api.asking import path_id
from marketplace.api.base import MarketView, actor
from marketplace.api.bodies import Body, Json, asked, sent
from marketplace.api.catalogue_json import (
    CatalogueProductSerializer,
    PriceListSerializer,
    TakenListSerializer,
    price_list_json,
    product_json,
)
from marketplace.api.paging import page, page_of
from marketplace.models import CatalogueChange, OfferTemplate
from marketplace.models import Offer as OfferRow
from marketplace.queries.catalogue import catalogue_of, currencies_of, merchant_to_edit, price_list_for
from marketplace.rules.catalogue.columns import STEPS
from marketplace.rules.catalogue.options import ROWS, ListOptions
from marketplace.rules.goods import StorageClass, UnitCode

_MOST_PRODUCTS = 3_000
_PER_PAGE = 100
MERCHANT_ID = path_id("merchant_id")
IMPORT_ID = path_id("import_id")
CURRENCY = OpenApiParameter(
    "currency", OpenApiTypes.STR, description="Of which the prices are; else the one of most of the merchant's hubs."
)


class StepBody(Body):
    from_quantity = serializers.IntegerField(min_value=1, max_value=1_000_000)
    cost = serializers.CharField(max_length=20)
    price = serializers.CharField(max_length=20)


class ProductBody(Body):
    """A product by its article number. What is not named stays as it is, or is as usual for a new product; null or an
    empty text empties what may be empty. Amounts are decimal texts."""

    sku = serializers.CharField(max_length=40)
    name = serializers.CharField(max_length=200, required=False)
    description = serializers.CharField(max_length=2_000, required=False, allow_blank=True)
    category = serializers.CharField(max_length=80, required=False)
    gtin = serializers.CharField(max_length=20, required=False, allow_blank=True, allow_null=True)
    pack = serializers.CharField(max_length=200, required=False, allow_blank=True)
    content = serializers.IntegerField(min_value=1, max_value=1_000_000, required=False)
    unit = serializers.ChoiceField(choices=[unit.value for unit in UnitCode], required=False)
    weighed = serializers.BooleanField(required=False)
    storage = serializers.ChoiceField(choices=[storage.value for storage in StorageClass], required=False)
    shelf_life_days = serializers.IntegerField(min_value=1, max_value=3_650, required=False)
    allergens = serializers.DictField(child=serializers.CharField(max_length=20), required=False)
    diets = serializers.DictField(child=serializers.CharField(max_length=20), required=False)
    deposit = serializers.CharField(max_length=80, required=False, allow_blank=True, allow_null=True)
    tax = serializers.CharField(max_length=80, required=False)
    active = serializers.BooleanField(required=False)
    regular = serializers.BooleanField(required=False)
    case = serializers.IntegerField(min_value=1, max_value=1_000_000, required=False)
    split = serializers.BooleanField(required=False)
    multiple = serializers.IntegerField(min_value=1, max_value=1_000_000, required=False)
    split_fee = serializers.CharField(max_length=20, required=False)
    hub_extra = serializers.IntegerField(min_value=0, max_value=1_000_000, required=False)
    shortage = serializers.ChoiceField(choices=OfferRow.ShortageRule.values, required=False)
    stock = serializers.IntegerField(min_value=0, max_value=1_000_000, required=False, allow_null=True)
    stock_rule = serializers.ChoiceField(choices=OfferTemplate.StockRule.values, required=False)
    ladder = StepBody(many=True, required=False)


class PriceListBody(Body):
    """`whole`: products that the list does not name are no longer sold. `leave_out`: products that are refused are left
    out instead of stopping the whole list."""

    currency = serializers.CharField(max_length=3, required=False)
    products = ProductBody(many=True, allow_empty=False, max_length=_MOST_PRODUCTS)  # type: ignore[call-arg]
    whole = serializers.BooleanField(default=False)
    leave_out = serializers.BooleanField(default=False)


class TakingBody(Body):
    """`fingerprint` of the difference that was looked at. `drafts`: offers of windows that are not announced yet take
    the new terms too."""

    fingerprint = serializers.CharField(max_length=64)
    drafts = serializers.BooleanField(default=True)


class CatalogueQuery(Body):
    currency = serializers.CharField(max_length=3, required=False)
    cursor = serializers.CharField(max_length=60, required=False, default="", allow_blank=True)


class Products(MarketView):
    @extend_schema(
        operation_id="catalogue_list",
        tags=["merchant"],
        parameters=[MERCHANT_ID, CURRENCY, OpenApiParameter("cursor", OpenApiTypes.STR)],
        responses=page_of(CatalogueProductSerializer),
    )
    def get(self, request: Request, merchant_id: int) -> Response:
        """The own merchant's products with their usual terms, by article number."""
        merchant = merchant_to_edit(actor(request), merchant_id)
        query = asked(request, CatalogueQuery)
        currency = _currency(merchant.pk, query.get("currency"))
        catalogue = sorted(catalogue_of(merchant.pk, currency).items())
        following = ((sku, each) for sku, each in catalogue if sku > query["cursor"])
        found = list(islice(following, _PER_PAGE + 1))
        rows = [product_json(sku, each.id, each.values, currency, on_offer=each.promised) for sku, each in found]
        after = found[_PER_PAGE - 1][0] if len(found) > _PER_PAGE else ""
        return Response(page(request, rows[:_PER_PAGE], after))


class PriceLists(MarketView):
    counts_as = ("upload",)

    @extend_schema(
        operation_id="price_lists_read",
        tags=["merchant"],
        parameters=[MERCHANT_ID],
        request=PriceListBody,
        responses={201: PriceListSerializer},
    )
    def post(self, request: Request, merchant_id: int) -> Response:
        """Read a list in: what it would change is answered, and nothing is changed before it is taken."""
        user = actor(request)
        merchant = merchant_to_edit(user, merchant_id)
        body = sent(request, PriceListBody)
        shown = read_price_list(
            merchant_id=merchant.pk,
            content=json.dumps([_texts(row) for row in body["products"]]).encode(),
            file_name="",
            options=ListOptions(
                format=ROWS,
                currency=_currency(merchant.pk, body.get("currency")),
                whole=body["whole"],
                leave_out=body["leave_out"],
            ),
            via=CatalogueChange.Via.API,
            by=user,
        )
        return Response(price_list_json(shown), status=201)


class OnePriceList(MarketView):
    @extend_schema(
        operation_id="price_lists_get", tags=["merchant"], parameters=[IMPORT_ID], responses=PriceListSerializer
    )
    def get(self, request: Request, import_id: int) -> Response:
        """A list that was read in, with what it would change."""
        return Response(price_list_json(price_list_for(actor(request), import_id)))


class PriceListTaken(MarketView):
    @extend_schema(
        operation_id="price_lists_take",
        tags=["merchant"],
        parameters=[IMPORT_ID],
        request=TakingBody,
        responses=TakenListSerializer,
    )
    def post(self, request: Request, import_id: int) -> Response:
        """Take exactly what was shown, all of it or nothing; a catalogue that changed in between is a conflict, and the
        list then shows the difference anew."""
        body = sent(request, TakingBody)
        taken = take_price_list(
            import_id=import_id, fingerprint=body["fingerprint"], drafts_too=body["drafts"], by=actor(request)
        )
        told = {"new": taken.new, "changed": taken.changed, "gone": taken.gone, "offers": taken.offers}
        return Response({"id": taken.import_id, **told})


class PriceListDropped(MarketView):
    @extend_schema(
        operation_id="price_lists_drop",
        tags=["merchant"],
        parameters=[IMPORT_ID],
        request=None,
        responses=PriceListSerializer,
    )
    def post(self, request: Request, import_id: int) -> Response:
        """Put a list away that is not taken."""
        user = actor(request)
        drop_price_list(import_id=import_id, by=user)
        return Response(price_list_json(price_list_for(user, import_id)))


def _currency(merchant_id: int, named: str | None) -> str:
    """The named currency, else the one of most hubs; what is none of the merchant's is refused by the action."""
    return named or next(iter(currencies_of(merchant_id)), "")


def _texts(row: Json) -> dict[str, str]:
    """A product as a row of texts under our columns."""
    found = {name: _text(value) for name, value in row.items() if name != "ladder"}
    for step, told in enumerate(row.get("ladder", ())[:STEPS], 1):
        found[f"from_{step}"] = str(told["from_quantity"])
        found[f"cost_{step}"], found[f"price_{step}"] = _text(told["cost"]), _text(told["price"])
    return found


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return "; ".join(f"{code}: {state}" for code, state in value.items())
    # A lone half of a pair of code units is no character that a database could keep.
    return str(value).encode("utf-8", "replace").decode()
