"""One round's offers as a shop: searched, filtered and sorted as its page does it."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.api.asking import IdField
from marketplace.api.base import PublicView
from marketplace.api.bodies import Body, Json, asked
from marketplace.api.choosing import ChoosingQuery, OfferPageSerializer, choosing_of, offer_page_json
from marketplace.api.paging import page, page_of
from marketplace.api.schema import ROUND_ID
from marketplace.models import Category
from marketplace.queries.offer_list import listed_offers
from marketplace.queries.shop import categories, round_page


class CategoryQuery(Body):
    round = IdField(required=False, help_text="Only those on which this round has something.")


class ShelfSerializer(serializers.Serializer[Any]):
    """A category, with the drawn motif that stands in for a missing picture."""

    slug = serializers.CharField()
    name = serializers.CharField()
    motif = serializers.CharField()


class RoundOffers(PublicView):
    @extend_schema(
        operation_id="round_offers_list",
        tags=["offers"],
        parameters=[ROUND_ID, ChoosingQuery],
        responses=OfferPageSerializer,
    )
    def get(self, request: Request, round_id: int) -> Response:
        """A round's offers: searched, filtered, sorted, fifty a page."""
        found = round_page(request.user, round_id, choosing_of(asked(request, ChoosingQuery)))
        offers = listed_offers([row.offer.pk for row in found.rows])
        return Response(offer_page_json(request, offers, found.choosing, found.after))


class Categories(PublicView):
    @extend_schema(
        operation_id="categories_list",
        tags=["offers"],
        parameters=[CategoryQuery],
        responses=page_of(ShelfSerializer),
    )
    def get(self, request: Request) -> Response:
        """The shelves of the shop, in their order."""
        found = categories(asked(request, CategoryQuery).get("round"))
        return Response(page(request, (_shelf(one) for one in found)))


def _shelf(category: Category) -> Json:
    return {"slug": category.slug, "name": category.name, "motif": category.motif}
