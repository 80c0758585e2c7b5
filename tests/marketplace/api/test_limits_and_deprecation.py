"""Every answer says how many more requests are allowed; addresses that are to go say so."""

from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings
from django.urls import URLPattern, path
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIClient

from marketplace.api.addresses import AREAS
from marketplace.api.base import MarketView, PublicView
from marketplace.api.deprecation import Deprecation
from marketplace.api.hubs import Hubs
from tests.factories import make_household, make_hub
from tests.marketplace.api_ground import anybody, client_of, problem

pytestmark = pytest.mark.django_db


class OldList(PublicView):
    """An address that is on its way out."""

    deprecation = Deprecation(since=date(2027, 1, 10), gone_after=date(2027, 7, 31), successor="/api/v1/hubs/")

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        return Response([])


urlpatterns: list[URLPattern] = [path("old/", OldList.as_view())]


@pytest.fixture
def rates(monkeypatch: pytest.MonkeyPatch) -> Any:
    def limit(**names: str) -> None:
        held = settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]
        monkeypatch.setitem(settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES", {**held, **names})

    return limit


def test_reads_and_writes_tell_where_one_stands() -> None:
    hub, ana = make_hub(), client_of(make_household("Ana").members.get())
    read = ana.get("/api/v1/me/")
    assert read["RateLimit-Policy"] == '"read";q=600;w=60'
    assert read["RateLimit"].startswith('"read";r=599;t=')
    written = ana.delete(f"/api/v1/hubs/{hub.slug}/follow/")
    assert written["RateLimit-Policy"] == '"write";q=120;w=60'
    visited = anybody().get("/api/v1/rounds/")
    assert visited["RateLimit-Policy"] == '"visit";q=3000;w=60'
    assert ana.get("/api/v1/inbox/unread/", headers={"If-None-Match": "*"})["RateLimit"].startswith('"read";r=598')


@pytest.mark.slow
def test_who_reads_too_often_is_asked_to_wait_and_nobody_else_is(rates: Any) -> None:
    rates(read="2/min", visit="1/min")
    ana, bo = (client_of(make_household(name).members.get()) for name in ("Ana", "Bo"))
    assert [ana.get("/api/v1/me/").status_code for _ in range(2)] == [200, 200]
    late = ana.get("/api/v1/me/")
    problem(late, 429, "too-many-requests")
    assert 1 <= int(late["Retry-After"]) <= 60
    assert late["RateLimit"].startswith('"read";r=0;t=')
    assert bo.get("/api/v1/me/").status_code == 200
    assert anybody().get("/api/v1/rounds/").status_code == 200
    problem(anybody().get("/api/v1/rounds/"), 429, "too-many-requests")
    assert APIClient(REMOTE_ADDR="198.51.100.7").get("/api/v1/rounds/").status_code == 200


def test_every_address_counts_its_writes_by_a_known_name() -> None:
    views = [view for area in AREAS for view in area.values()]
    assert all(issubclass(view, MarketView) for view in views)
    known = set(settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"])
    assert {name for view in views if issubclass(view, MarketView) for name in view.counts_as} <= known
    assert all(view.counts_as for view in views if issubclass(view, MarketView))


@override_settings(ROOT_URLCONF=__name__)
def test_an_address_that_is_to_go_says_so_in_every_answer() -> None:
    answered = APIClient().get("/old/")
    assert answered.status_code == 200
    assert answered["Deprecation"] == "@1799539200"
    assert answered["Sunset"] == "Sat, 31 Jul 2027 00:00:00 GMT"
    assert answered["Link"] == '</api/v1/hubs/>; rel="successor-version", </api/docs/>; rel="deprecation"'
    refused = APIClient().put("/old/")
    assert (refused.status_code, refused["Deprecation"], refused["Sunset"]) == (
        405,
        answered["Deprecation"],
        answered["Sunset"],
    )


def test_nothing_that_stays_says_that_it_goes() -> None:
    answer = anybody().get("/api/v1/rounds/")
    assert not {"Deprecation", "Sunset", "Link"} & set(answer.headers)


def test_clients_have_at_least_half_a_year() -> None:
    with pytest.raises(ValueError, match="less than 180 days"):
        Deprecation(since=date(2027, 1, 10), gone_after=date(2027, 7, 8), successor="/api/v1/hubs/")


def test_the_description_marks_what_is_to_go() -> None:
    told: dict[str, Any] = SchemaGenerator(patterns=[*urlpatterns, path("hubs/", Hubs.as_view())]).get_schema(
        public=True
    )
    assert told["paths"]["/old/"]["get"]["deprecated"] is True
    assert "deprecated" not in told["paths"]["/hubs/"]["get"]
