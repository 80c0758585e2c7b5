"""What lists can be narrowed by, declared field by field."""
# mypy: disable-error-code="no-untyped-call"
# django-filter carries no types for its constructors.

from typing import Any

from django import forms
from django.db.models import QuerySet
from django_filters import CharFilter, ChoiceFilter, NumberFilter
from django_filters.rest_framework.filters import BooleanFilter
from django_filters.rest_framework.filterset import FilterSet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from marketplace.access import PUBLIC_STATES
from marketplace.models import Hub, HubMembership, HubNews, OrderingWindow, PurchaseOrder, Round, User
from marketplace.queries.announced import open_now
from marketplace.rules.states import MembershipState, OrderState

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


class HubFilter(FilterSet):
    followed = BooleanFilter(method="by_followed", label="whether one follows it; nobody but who is signed in does")

    class Meta:
        model = Hub
        fields: tuple[str, ...] = ()

    def by_followed(self, hubs: QuerySet[Hub], name: str, value: bool) -> QuerySet[Hub]:
        user = self.request.user if self.request is not None else None
        mine = HubNews.objects.filter(user=user if isinstance(user, User) else None).values("hub")
        return hubs.filter(pk__in=mine) if value else hubs.exclude(pk__in=mine)


class MemberFilter(FilterSet):
    state = ChoiceFilter(choices=[(state.value, state.value) for state in MembershipState])

    class Meta:
        model = HubMembership
        fields: tuple[str, ...] = ()


class WindowFilter(FilterSet):
    round = IdFilter(field_name="round_id")
    state = ChoiceFilter(choices=[(state, state) for state in PUBLIC_STATES])

    class Meta:
        model = OrderingWindow
        fields: tuple[str, ...] = ()


class PurchaseOrderFilter(FilterSet):
    state = ChoiceFilter(choices=[(state.value, state.value) for state in OrderState])
    window = IdFilter(field_name="window_id")
    merchant = IdFilter(field_name="merchant_id")

    class Meta:
        model = PurchaseOrder
        fields: tuple[str, ...] = ()
