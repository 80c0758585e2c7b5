"""Addresses of the API. Paths carry the version; within it there are only additions."""

from allauth.headless.constants import Client
from allauth.headless.urls import build_urlpatterns as headless_addresses
from django.urls import URLPattern, URLResolver, include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

import marketplace.api.converters  # noqa: F401 - registers <id:> and <token:>
from marketplace.api import (
    accounts,
    offers,
    purchase_orders,
    reservations,
    rounds,
    sockets,
    windows,
)
from marketplace.api.base import UnknownAddress

version_1: list[URLPattern | URLResolver] = [
    path("socket-ticket/", sockets.SocketTicket.as_view(), name="api-socket-ticket"),
    path("me/", accounts.Me.as_view(), name="api-me"),
    path("rounds/", rounds.Rounds.as_view(), name="api-rounds"),
    path("rounds/<id:round_id>/", rounds.OneRound.as_view(), name="api-round"),
    path("rounds/<id:round_id>/reservation/", reservations.OwnReservation.as_view(), name="api-reservation"),
    path("", include("marketplace.api.own_addresses")),
    path("windows/", windows.Windows.as_view(), name="api-windows"),
    path("windows/<id:window_id>/", windows.OneWindow.as_view(), name="api-window"),
    path("offers/", offers.Offers.as_view(), name="api-offers"),
    path("offers/<id:offer_id>/", offers.OneOffer.as_view(), name="api-offer"),
    path("purchase-orders/", purchase_orders.PurchaseOrders.as_view(), name="api-purchase-orders"),
    path("purchase-orders/<id:order_id>/", purchase_orders.OnePurchaseOrder.as_view(), name="api-purchase-order"),
    path(
        "purchase-orders/<id:order_id>/confirm/",
        purchase_orders.Confirmation.as_view(),
        name="api-purchase-order-confirm",
    ),
]

# auth/… and account/…: signing in and the account's safety, as allauth describes and serves them to apps.
[versioned] = headless_addresses(Client.APP)
sign_in = versioned.url_patterns if isinstance(versioned, URLResolver) else []

urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/", include((sign_in, "headless"), namespace="headless")),
    path("v1/", include(version_1)),
    path("v1/", include("marketplace.api.people_addresses")),
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("docs/", SpectacularSwaggerView.as_view(url_name="api-schema"), name="api-docs"),
    re_path(r"^.*$", UnknownAddress.as_view(), name="api-unknown"),
]
