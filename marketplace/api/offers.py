"""Offers of all rounds, one of them, and what may come instead of it."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.api.base import PublicView
from marketplace.api.bodies import asked
from marketplace.api.choosing import OfferPageSerializer, OffersQuery, choosing_of, offer_page_json
from marketplace.api.offer_json import OfferDetailSerializer, offer_json
from marketplace.api.paging import page, page_of
from marketplace.api.schema import OFFER_ID
from marketplace.errors import NotFound
from marketplace.models import Offer
from marketplace.queries.offer_list import (
    ListedOffer,
    listed_offers,
    offered_back,
)
from marketplace.queries.offers_found import find_offers
from marketplace.queries.ratings import merchant_ratings
from marketplace.queries.substitutes import substitutes_for
from marketplace.rules.money import format_minor


class SubstituteSerializer(serializers.Serializer[Any]):
    """A product that may come instead, and the most that a unit of it can cost in this round."""

    product_id = serializers.IntegerField()
    name = serializers.CharField()
    merchant = serializers.CharField()
    unit_price_at_most = serializers.CharField()


class Offers(PublicView):
    @extend_schema(operation_id="offers_list", tags=["offers"], parameters=[OffersQuery], responses=OfferPageSerializer)
    def get(self, request: Request) -> Response:
        """Announced offers of all rounds with their prices and how they stand, searched, filtered and sorted."""
        query = asked(request, OffersQuery)
        narrowed = {name: query.get(name) for name in ("round", "window", "merchant")}
        found = find_offers(request.user, choosing_of(query), narrowed, many=query["limit"])
        return Response(offer_page_json(request, found.offers, found.choosing, found.after))


class OneOffer(PublicView):
    @extend_schema(operation_id="offers_get", tags=["offers"], parameters=[OFFER_ID], responses=OfferDetailSerializer)
    def get(self, request: Request, offer_id: int) -> Response:
        """One announced offer with all that is known of it."""
        offer = _one(offer_id)
        rating = merchant_ratings([offer.row["product_merchant_id"]]).get(offer.row["product_merchant_id"])
        stars = rating and {"stars": f"{rating.tenths // 10}.{rating.tenths % 10}", "count": rating.count}
        return Response({**offer_json(offer), "offered_back": offered_back(offer_id), "merchant_rating": stars})


class Substitutes(PublicView):
    @extend_schema(
        operation_id="substitutes_list",
        tags=["offers"],
        parameters=[OFFER_ID],
        responses=page_of(SubstituteSerializer),
    )
    def get(self, request: Request, offer_id: int) -> Response:
        """What a line may name as `substitutes`: the round's other products of the same kind, at most twelve."""
        currency = _one(offer_id).row["currency"]
        found = substitutes_for(Offer.objects.select_related("window", "product").get(pk=offer_id))
        rows = (
            {
                "product_id": one.product_id,
                "name": one.name,
                "merchant": one.merchant,
                "unit_price_at_most": format_minor(one.at_most_minor, currency),
            }
            for one in found
        )
        return Response(page(request, rows))


def _one(offer_id: int) -> ListedOffer:
    found = listed_offers([offer_id])
    if not found:
        raise NotFound(kind="offer", id=offer_id)
    return found[0]
