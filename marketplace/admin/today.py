"""The first page of the merchant and the hub desk: what needs somebody now, then what runs."""

from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from marketplace import clock
from marketplace.access import hubs_where, merchants_of, purchase_orders_for
from marketplace.models import OrderingWindow, User
from marketplace.queries.desk import Today, today
from marketplace.rules.roles import Permission


def merchant_today(user: User) -> Today:
    """Over the orders and offers of the user's merchants."""
    mine = merchants_of(user)
    return today(
        orders=purchase_orders_for(user).filter(merchant__in=mine),
        windows=OrderingWindow.objects.filter(supplies__merchant__in=mine).distinct(),
        own_offers=Q(offers__product__merchant__in=mine),
        now=clock.now(),
    )


def hub_today(user: User) -> Today:
    """Over everything of the user's hubs."""
    hubs = hubs_where(user, Permission.SEE_HUB)
    return today(
        orders=purchase_orders_for(user).filter(window__round__hub__in=hubs),
        windows=OrderingWindow.objects.filter(round__hub__in=hubs),
        own_offers=Q(round__hub__in=hubs),
        now=clock.now(),
    )


def first_page(request: HttpRequest, *, site_name: str, lists: list[dict[str, Any]]) -> HttpResponse:
    """The page; `lists` are the site's own lists, from its app list, which is bounded by the person's rights."""
    user = request.user
    if not isinstance(user, User):
        raise Http404
    at_hub = site_name == "hub"
    context = {
        "today": hub_today(user) if at_hub else merchant_today(user),
        "at_hub": at_hub,
        "lists": [model for app in lists for model in app["models"]],
        "orders_url": reverse("admin:marketplace_purchaseorder_changelist", current_app=site_name),
    }
    request.current_app = site_name
    return TemplateResponse(request, "desk/today.html", context)
