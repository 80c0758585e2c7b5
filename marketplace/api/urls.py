"""The URLs of the API. Paths carry the version; within it there are only additions."""

from allauth.headless.constants import Client
from allauth.headless.urls import build_urlpatterns as headless_addresses
from django.urls import URLPattern, URLResolver, include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from marketplace.api.addresses import AREAS
from marketplace.api.base import UnknownAddress

version_1: list[URLPattern] = [path(address, view.as_view()) for area in AREAS for address, view in area.items()]

# auth/… and account/…: signing in and the account's safety, as allauth describes and serves them to apps.
[versioned] = headless_addresses(Client.APP)
sign_in = versioned.url_patterns if isinstance(versioned, URLResolver) else []

urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/", include((sign_in, "headless"), namespace="headless")),
    path("v1/", include(version_1)),
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("docs/", SpectacularSwaggerView.as_view(url_name="api-schema"), name="api-docs"),
    re_path(r"^.*$", UnknownAddress.as_view(), name="api-unknown"),
]
