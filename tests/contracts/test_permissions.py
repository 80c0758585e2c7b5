"""Every registered address, opened in every foreign role: nothing private of the other world is found or changed.

The addresses come from the URLconf, so that a new one is crawled as soon as it exists; one whose parameters are not
known here fails until somebody says what to fill in.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.contrib.admin import AdminSite
from django.db.models import Model
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from marketplace.admin.sites import Desk, hub_desk, merchant_desk, staff_admin
from marketplace.models import (
    Absence,
    Claim,
    ClaimPhoto,
    DeputyLink,
    Group,
    HouseholdInvitation,
    HubMembership,
    LineShare,
    Message,
    Notice,
    PurchaseOrder,
    PurchaseOrderLine,
    PushSubscription,
    ReservationLine,
    StandingReservation,
    StateChange,
    Thread,
    User,
    VolunteerShift,
    Wish,
)
from marketplace.rules.roles import Role
from tests.contracts.two_worlds import World, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

OURS, THEIRS = "Ours", "Theirs"
SITES: dict[str, Desk] = {"desk/": merchant_desk, "hub/": hub_desk, "admin/": staff_admin}
# What must not change by a foreign request, by the parameter that names it in an address.
PRIVATE: dict[str, type[Model]] = {
    "absence_id": Absence,
    "claim_id": Claim,
    "invitation_id": HouseholdInvitation,
    "link_id": DeputyLink,
    "membership_id": HubMembership,
    "notice_id": Notice,
    "photo_id": ClaimPhoto,
    "share_id": LineShare,
    "shift_id": VolunteerShift,
    "standing_id": StandingReservation,
    "subscription_id": PushSubscription,
    "thread_id": Thread,
    "wish_id": Wish,
}
# Sites that an address of the crawl opens with somebody else's right: none. Static answers carry no rows.
ROWLESS = ("jsi18n", "static", "schema", "docs")


@dataclass(frozen=True)
class Address:
    route: str
    parameters: tuple[str, ...]


def walk(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[Address]:
    for entry in patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from walk(entry.url_patterns, route)
        else:
            yield Address(route, tuple(entry.pattern.regex.groupindex))


def addresses() -> list[Address]:
    return list(walk(get_resolver().url_patterns))


def site_of(route: str) -> tuple[Desk, str] | None:
    """The desk that an address belongs to and the model's name in it."""
    for prefix, site in SITES.items():
        if route.startswith(prefix):
            parts = route.removeprefix(prefix).split("/")
            return site, parts[1] if len(parts) > 1 and parts[0] == "marketplace" else ""
    return None


def foreign_row(site: AdminSite, model_name: str, world: World) -> int:
    """The key of a row of the other world that the desk registers (0 where there is none)."""
    model: type[Model] = apps.get_model("marketplace", model_name)
    owner = world.people[Role.MERCHANT_MEMBER if site is merchant_desk else Role.COORDINATOR]
    registered = site._registry[model]
    row = registered.own_rows(owner).first() if hasattr(registered, "own_rows") else None
    return row.pk if row is not None else 0


def values(address: Address, world: World) -> dict[str, object]:
    """What an address is opened with: the other world's objects. An unknown parameter fails here, on purpose."""
    line = ReservationLine.objects.filter(window=world.open_window).get()
    known: dict[str, object] = {
        **world.things,
        "round_id": world.draft.pk,
        "offer_id": line.offer_id,
        "window_id": world.open_window.pk,
        "order_id": world.order.pk,
        "reservation_id": world.reservation.pk,
        "household_id": world.household.pk,
        "handled_id": 1,
        "merchant_id": world.merchant.pk,
        "group_id": Group.objects.filter(hub=world.hub).get().pk,
        "handover_id": world.reservation.handover_id,
        "point_id": world.reservation.handover.pickup_point_id,
        "token": "nothing",
        "order_line_id": world.order.lines.order_by("pk").values_list("pk", flat=True)[0],
        "signed": "nothing",
        "slug": world.hub.slug,
        "hub_id": world.hub.pk,
        "session_id": 1,
        "person_id": world.people[Role.HOUSEHOLD_MEMBER].pk,
        "kind": "suggestions",
        "member_id": world.people[Role.HOUSEHOLD_MEMBER].pk,
        "pk": world.order.pk if "order" in address.route else world.draft.pk,
        "app_label": "marketplace",
        "content_type_id": 1,
        "url": "nothing/",
        "path": "css/tokens.css",
        "digest": "nothing",
        "name": "site",
        "size": 160,
        "extension": "css",
    }
    desk = site_of(address.route)
    if desk is not None and "object_id" in address.parameters:
        known["object_id"] = foreign_row(desk[0], desk[1], world) if desk[1] else world.order.pk
    missing = [name for name in address.parameters if name not in known]
    assert not missing, f"{address.route}: say in values() what {missing} is filled with"
    return {name: known[name] for name in address.parameters}


def url_of(address: Address, world: World) -> str:
    """The path, filled in; built from the route because several sites share their names."""
    route = address.route
    if route.startswith("^") or "(?P" in route:
        return "/" + route.split("(?P")[0].replace("^", "") + "nothing/"
    for name, value in values(address, world).items():
        for kind in ("int:", "id:", "str:", "slug:", "token:", "path:", "uuid:", ""):
            route = route.replace(f"<{kind}{name}>", str(value))
    return "/" + route.replace("\\", "").replace("$", "").replace("^", "").replace("\\Z", "")


@pytest.fixture
def ours(db: None) -> World:
    return make_world(OURS)


@pytest.fixture
def theirs(db: None) -> World:
    return make_world(THEIRS)


def fingerprint(world: World) -> object:
    """What must not change, whatever a foreigner sends."""
    return (
        PurchaseOrder.objects.filter(pk=world.order.pk).values_list("state", "held_for").get(),
        list(PurchaseOrderLine.objects.filter(order=world.order).values_list("confirmed")),
        list(ReservationLine.objects.filter(reservation=world.reservation).values_list("firm")),
        StateChange.objects.filter(object_id__in=[world.open_window.pk, world.closed_window.pk]).count(),
        sorted(world.round.windows.values_list("state", flat=True)),
        {name: list(model._default_manager.filter(pk=world.things[name]).values()) for name, model in PRIVATE.items()},
        Message.objects.filter(thread=world.things["thread_id"]).count(),
    )


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.PLATFORM_STAFF])
def test_a_foreign_role_finds_and_changes_nothing(role: Role, ours: World, theirs: World, settings: Any) -> None:
    # "Too many requests" would hide what the last addresses of the crawl answer.
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": {}}
    stranger: User = ours.people[role]
    client = Client(raise_request_exception=False)
    client.force_login(stranger)
    before = fingerprint(theirs)
    opened = 0
    for address in addresses():
        if any(part in address.route for part in ROWLESS) or "logout" in address.route:
            continue
        url = url_of(address, theirs)
        for method in ("get", "post"):
            answer = getattr(client, method)(url)
            opened += 1
            assert answer.status_code < 500, f"{method} {url} as {role}"
            text = b"".join(answer.streaming_content) if answer.streaming else answer.content
            assert THEIRS.encode() not in text, f"{method} {url} shows a private name to {role}"
            if site_of(address.route):
                assert THEIRS.upper().encode() not in text, f"{method} {url} shows a foreign name to {role}"
    assert fingerprint(theirs) == before
    assert opened > 100


def test_nobody_enters_a_desk_that_is_not_theirs(ours: World) -> None:
    inside = {
        merchant_desk: {Role.MERCHANT_MEMBER},
        hub_desk: {Role.COORDINATOR, Role.TREASURER, Role.DISPATCHER, Role.ANALYST},
        staff_admin: set(),
    }
    for prefix, site in SITES.items():
        for role, person in ours.people.items():
            client = Client()
            client.force_login(person)
            expected = 200 if role in inside[site] else 404
            answer = client.get(f"/{prefix}", follow=True)
            assert answer.status_code == expected, f"{role} at /{prefix}"


def test_a_visitor_is_sent_to_the_login_page_from_every_desk(ours: World) -> None:
    for prefix in SITES:
        answer = Client().get(f"/{prefix}", follow=True)
        assert answer.redirect_chain[-1][0].startswith("/login/")


def test_the_crawl_would_see_a_leak(ours: World, theirs: World) -> None:
    """The control: the owner of the other world does see the names that the crawl looks for."""
    client = Client()
    client.force_login(theirs.people[Role.COORDINATOR])
    assert THEIRS.encode() in client.get("/hub/marketplace/reservation/").content
    client.force_login(theirs.people[Role.MERCHANT_MEMBER])
    assert THEIRS.upper().encode() in client.get("/desk/marketplace/product/").content


def test_search_and_lookups_of_a_desk_stay_within_own_rows(ours: World, theirs: World) -> None:
    client = Client()
    client.force_login(ours.people[Role.MERCHANT_MEMBER])
    part = THEIRS.upper()[:-1]  # the page may repeat what was asked, never the whole name
    for query in (f"?q={part}", f"?merchant__name__contains={part}", f"?product__merchant__name__contains={part}"):
        for model in ("product", "offer", "purchaseorder"):
            answer = client.get(f"/desk/marketplace/{model}/{query}", follow=True)
            assert THEIRS.upper() not in answer.content.decode(), f"{model}{query}"


def test_the_merchant_form_offers_own_choices_only_and_refuses_a_foreign_one(ours: World, theirs: World) -> None:
    client = Client()
    client.force_login(ours.people[Role.MERCHANT_MEMBER])
    assert THEIRS.upper().encode() not in client.get("/desk/marketplace/product/add/").content
    product = ours.merchant.products.first()
    assert product is not None
    sent = {
        "merchant": theirs.merchant.pk,
        "category": product.category_id,
        "name": "Stolen",
        "sku": "X1",
        "content_amount": 1,
        "content_unit": "H87",
        "storage_class": "ambient",
        "shelf_life_days": 3,
        "tax_class": product.tax_class_id,
        "allergens": "{}",
    }
    answer = client.post("/desk/marketplace/product/add/", sent)
    assert answer.status_code == 200
    assert not theirs.merchant.products.filter(name="Stolen").exists()
