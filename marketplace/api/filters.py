"""What lists can be narrowed by, declared field by field."""
# mypy: disable-error-code="no-untyped-call"
# django-filter carries no types for its constructors.

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django_filters import CharFilter, ChoiceFilter, NumberFilter
from django_filters.rest_framework.filters import BooleanFilter
from django_filters.rest_framework.filterset import FilterSet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from marketplace.access import PUBLIC_STATES
from marketplace.models import Offer, OrderingWindow, PurchaseOrder, Round
from marketplace.queries.announced import open_now
from marketplace.rules.goods import FRESH_DAYS, StorageClass
from marketplace.rules.states import OrderState

MOST_ID = 2**63 - 1


@extend_schema_field(OpenApiTypes.INT64)
class IdFilter(NumberFilter):
    """The id of something; what is no id is a mistake, not an empty list. Never looks the thing up."""

    field_class = forms.IntegerField  # type: ignore[assignment]  # the base's reads decimals

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, min_value=1, max_value=MOST_ID, **named)

    def get_max_validator(self) -> None:
        return None


class RoundFilter(FilterSet):
    hub = CharFilter(field_name="hub__slug", label="short name of the hub")
    open = BooleanFilter(method="by_open", label="whether one of its windows takes reservations now")

    class Meta:
        model = Round
        fields: tuple[str, ...] = ()

    def by_open(self, rounds: QuerySet[Round], name: str, value: bool) -> QuerySet[Round]:
        return rounds.filter(open_now() if value else ~open_now())


class WindowFilter(FilterSet):
    round = IdFilter(field_name="round_id")
    state = ChoiceFilter(choices=[(state, state) for state in PUBLIC_STATES])

    class Meta:
        model = OrderingWindow
        fields: tuple[str, ...] = ()


class OfferFilter(FilterSet):
    round = IdFilter(field_name="window__round_id")
    window = IdFilter(field_name="window_id")
    merchant = IdFilter(field_name="product__merchant_id")
    category = CharFilter(field_name="product__category__slug", label="short name of the category")
    storage_class = ChoiceFilter(
        field_name="product__storage_class", choices=[(kind.value, kind.value) for kind in StorageClass]
    )
    fresh = BooleanFilter(method="by_fresh", label="whether it keeps at most five days")
    search = CharFilter(method="by_words", label="part of the product's or the merchant's name")

    class Meta:
        model = Offer
        fields: tuple[str, ...] = ()

    def by_fresh(self, offers: QuerySet[Offer, Any], name: str, value: bool) -> QuerySet[Offer, Any]:
        keeps_short = Q(product__shelf_life_days__lte=FRESH_DAYS)
        return offers.filter(keeps_short if value else ~keeps_short)

    def by_words(self, offers: QuerySet[Offer, Any], name: str, value: str) -> QuerySet[Offer, Any]:
        """Every word must occur."""
        for word in value.split()[:5]:
            offers = offers.filter(Q(product__name__icontains=word) | Q(product__merchant__name__icontains=word))
        return offers


class PurchaseOrderFilter(FilterSet):
    state = ChoiceFilter(choices=[(state.value, state.value) for state in OrderState])
    window = IdFilter(field_name="window_id")
    merchant = IdFilter(field_name="merchant_id")

    class Meta:
        model = PurchaseOrder
        fields: tuple[str, ...] = ()
