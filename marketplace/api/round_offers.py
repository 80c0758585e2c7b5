"""One round's offers as a shop: searched, filtered and sorted as its page does it."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.api.asking import IdField
from marketplace.api.base import PublicView
from marketplace.api.bodies import Body, asked
from marketplace.api.fields import CodeField
from marketplace.api.offers import OfferSerializer, offer_json
from marketplace.api.paging import page, page_of
from marketplace.api.schema import ROUND_ID
from marketplace.models import Category
from marketplace.queries.choosing import ORDERS, Choosing, Sort, decoded
from marketplace.queries.offer_list import listed_offers
from marketplace.queries.search import WordsRead, read_words
from marketplace.queries.shop import categories, round_page
from marketplace.rules.goods import ALLERGENS, DIETS, StorageClass

Json = dict[str, Any]


class ChoosingQuery(Body):
    """What is looked for. Without `diet` and `without` those of the own household count, unless `own` is false."""

    q = serializers.CharField(required=False, default="", allow_blank=True, max_length=80)
    exactly = serializers.BooleanField(required=False, default=False, help_text="Correct no typing errors.")
    category = serializers.SlugField(required=False, default="", allow_blank=True, max_length=50)
    storage_class = serializers.ChoiceField([one.value for one in StorageClass], required=False, default="")
    fresh = serializers.BooleanField(required=False, default=False, help_text="Only what keeps at most five days.")
    diet = serializers.MultipleChoiceField(
        choices=list(DIETS), required=False, default=set, help_text="Only what is known to suit."
    )
    without = serializers.MultipleChoiceField(
        choices=list(ALLERGENS),
        required=False,
        default=set,
        help_text="Only what is known to hold none, not even traces.",
    )
    own = serializers.BooleanField(required=False, default=True)
    helping = serializers.BooleanField(
        required=False, default=False, help_text="Only what misses few units until a case or a step is full."
    )
    sort = serializers.ChoiceField([one.value for one in Sort], required=False, default=Sort.SHOP.value)
    cursor = serializers.CharField(required=False, default="", allow_blank=True, max_length=600)

    def validate(self, attrs: Json) -> Json:
        sort = Sort(attrs["sort"])
        of_a_key = not attrs["helping"] and sort in ORDERS
        if attrs["cursor"] and of_a_key and decoded(attrs["cursor"], len(ORDERS[sort])) is None:
            raise serializers.ValidationError({"cursor": [_("This cursor leads nowhere; begin with the first page.")]})
        return attrs


class CategoryQuery(Body):
    round = IdField(required=False, help_text="Only those on which this round has something.")


class UnderstoodSerializer(serializers.Serializer[Any]):
    """What a search was understood as: `corrected` words are looked for instead of those that were asked."""

    asked = serializers.CharField(allow_blank=True)
    words = serializers.ListField(child=serializers.CharField())
    corrected = serializers.BooleanField()


class AppliedSerializer(serializers.Serializer[Any]):
    """Diets and allergens that the list was narrowed by; `own`: they are the own household's."""

    diet = serializers.ListField(child=CodeField("Diet", DIETS))
    without = serializers.ListField(child=CodeField("Allergen", ALLERGENS))
    own = serializers.BooleanField()


class RoundOffersSerializer(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = OfferSerializer(many=True)
    understood = UnderstoodSerializer()
    applied = AppliedSerializer()


class ShelfSerializer(serializers.Serializer[Any]):
    """A category, with the drawn motif that stands in for a missing picture."""

    slug = serializers.CharField()
    name = serializers.CharField()
    motif = serializers.CharField()


def choosing_of(query: Json) -> Choosing:
    """What a valid query asks for. One query where words are searched."""
    diets = tuple(diet for diet in DIETS if diet in query["diet"])
    without = tuple(allergen for allergen in ALLERGENS if allergen in query["without"])
    return Choosing(
        words=read_words(query["q"], exactly=query["exactly"]) if query["q"] else WordsRead(),
        category=query["category"],
        storage=query["storage_class"],
        fresh=query["fresh"],
        diets=diets,
        without=without,
        own=query["own"] and not (diets or without),
        helping=query["helping"],
        sort=Sort(query["sort"]),
        after=query["cursor"],
    )


class RoundOffers(PublicView):
    @extend_schema(
        operation_id="round_offers_list",
        tags=["offers"],
        parameters=[ROUND_ID, ChoosingQuery],
        responses=RoundOffersSerializer,
    )
    def get(self, request: Request, round_id: int) -> Response:
        """A round's offers: searched, filtered, sorted, fifty a page."""
        found = round_page(request.user, round_id, choosing_of(asked(request, ChoosingQuery)))
        offers = listed_offers([row.offer.pk for row in found.rows])
        choosing = found.choosing
        words = choosing.words
        return Response(
            {
                **page(request, (offer_json(offer) for offer in offers), found.after),
                "understood": {"asked": words.asked, "words": words.words, "corrected": words.corrected},
                "applied": {
                    "diet": choosing.diets,
                    "without": choosing.without,
                    "own": choosing.own and bool(choosing.diets or choosing.without),
                },
            }
        )


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
