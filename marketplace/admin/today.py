"""The first page of the merchant and the hub desk: what needs somebody now, then what runs."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketplace import clock
from marketplace.access import hubs_where, merchants_of, purchase_orders_for
from marketplace.models import OrderingWindow, User
from marketplace.queries.desk import Today, today
from marketplace.queries.desk_waiting import Waiting, waiting_at_hub, waiting_at_merchant
from marketplace.rules.roles import Permission
from marketplace.words import left_words


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
    at_hub, now = site_name == "hub", clock.now()
    waiting = waiting_at_hub(user, now) if at_hub else waiting_at_merchant(user, now)
    context = {
        "waiting": [
            {
                "words": _waiting_words(one, now),
                "url": reverse(f"admin:marketplace_{one.model}_changelist", current_app=site_name),
            }
            for one in waiting
        ],
        "today": hub_today(user) if at_hub else merchant_today(user),
        "at_hub": at_hub,
        "lists": [model for app in lists for model in app["models"]],
        "orders_url": reverse("admin:marketplace_purchaseorder_changelist", current_app=site_name),
    }
    request.current_app = site_name
    return TemplateResponse(request, "desk/today.html", context)


def _waiting_words(one: Waiting, now: datetime) -> str:
    """How many wait, and for how long the longest one has."""
    named = {
        "claim": ngettext("%(n)d reported problem", "%(n)d reported problems", one.many),
        "thread": ngettext("%(n)d question", "%(n)d questions", one.many),
        "hubmembership": ngettext("%(n)d household asks to join", "%(n)d households ask to join", one.many),
    }
    since = left_words(max(60, int((now - one.since).total_seconds())))
    return _("%(what)s, the oldest for %(time)s") % {"what": named[one.model] % {"n": one.many}, "time": since}
