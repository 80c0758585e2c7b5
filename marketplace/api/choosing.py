"""What somebody wants to see of offers, as a round's page asks for it, and a page of what was found."""

from collections.abc import Iterable
from typing import Any, Final

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request

from marketplace.api.asking import IdField
from marketplace.api.bodies import Body, Json
from marketplace.api.fields import CodeField
from marketplace.api.offer_json import OfferSerializer, offer_json
from marketplace.api.paging import page
from marketplace.queries.choosing import ORDERS, Choosing, Sort, decoded
from marketplace.queries.offer_list import ListedOffer
from marketplace.queries.search import WordsRead, read_words
from marketplace.queries.shop import PAGE_OFFERS
from marketplace.rules.goods import ALLERGENS, DIETS, StorageClass

MOST_A_PAGE: Final = 100


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


class OffersQuery(ChoosingQuery):
    """The same over all rounds, by `search` instead of `q`. `helping` and the order `nearly` need a round or window."""

    q = None  # type: ignore[assignment]  # how the framework leaves out an inherited field
    search = serializers.CharField(required=False, default="", allow_blank=True, max_length=80)
    round = IdField(required=False)
    window = IdField(required=False)
    merchant = IdField(required=False)
    limit = serializers.IntegerField(
        required=False, default=PAGE_OFFERS, min_value=1, help_text=f"How many a page; at most {MOST_A_PAGE}."
    )

    def validate(self, attrs: Json) -> Json:
        if not {"round", "window"} & set(attrs) and (attrs["helping"] or attrs["sort"] == Sort.NEARLY):
            place = "helping" if attrs["helping"] else "sort"
            raise serializers.ValidationError({place: [_("Name a round or a window for this.")]})
        return super().validate({**attrs, "limit": min(attrs["limit"], MOST_A_PAGE)})


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


class OfferPageSerializer(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = OfferSerializer(many=True)
    understood = UnderstoodSerializer()
    applied = AppliedSerializer()


def choosing_of(query: Json) -> Choosing:
    """What a valid query asks for. One query where words are searched."""
    diets = tuple(diet for diet in DIETS if diet in query["diet"])
    without = tuple(allergen for allergen in ALLERGENS if allergen in query["without"])
    words = query.get("search") or query.get("q") or ""
    return Choosing(
        words=read_words(words, exactly=query["exactly"]) if words else WordsRead(),
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


def offer_page_json(request: Request, offers: Iterable[ListedOffer], choosing: Choosing, after: str) -> Json:
    words = choosing.words
    return {
        **page(request, (offer_json(offer) for offer in offers), after),
        "understood": {"asked": words.asked, "words": words.words, "corrected": words.corrected},
        "applied": {
            "diet": choosing.diets,
            "without": choosing.without,
            "own": choosing.own and bool(choosing.diets or choosing.without),
        },
    }
