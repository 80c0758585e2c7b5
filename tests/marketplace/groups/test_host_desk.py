"""The coordinator says who hosts a point."""

import pytest

from marketplace.actions.hosting.remove_point_host import remove_point_host
from marketplace.actions.hosting.set_point_host import set_point_host
from marketplace.errors import NotFound
from marketplace.models import PickupPointHost
from tests.factories import make_hub_staff
from tests.marketplace.groups.ground import Place, browser, person

pytestmark = pytest.mark.django_db


def hosts(place: Place) -> list[tuple[str, bool]]:
    found = PickupPointHost.objects.filter(pickup_point=place.handover.pickup_point).order_by("pk")
    return list(found.values_list("user__name", "is_deputy"))


def test_a_deputy_is_set_by_the_address_and_taken_off_again() -> None:
    place, dora = Place(), person("Dora")
    desk = browser(make_hub_staff(place.market.hub))
    sent = {"pickup_point": place.handover.pickup_point_id, "email": dora.email.upper(), "is_deputy": "on"}
    assert desk.post("/hub/marketplace/pickuppointhost/add/", sent).status_code == 302
    assert hosts(place) == [("Hugo", False), ("Dora", True)]
    made = PickupPointHost.objects.get(user=dora)
    desk.post(f"/hub/marketplace/pickuppointhost/{made.pk}/delete/", {"post": "yes"})
    assert hosts(place) == [("Hugo", False)]


def test_an_address_without_an_account_is_said_beside_the_field() -> None:
    place = Place()
    sent = {"pickup_point": place.handover.pickup_point_id, "email": "nobody@example.org"}
    answer = browser(make_hub_staff(place.market.hub)).post("/hub/marketplace/pickuppointhost/add/", sent)
    assert answer.status_code == 200
    assert "Nobody has an account with this address yet." in answer.content.decode()
    assert hosts(place) == [("Hugo", False)]


def test_another_hubs_coordinator_finds_nothing_to_set() -> None:
    place, dora = Place(), person("Dora")
    other = make_hub_staff(Place().market.hub)
    assert place.handover.pickup_point_id is not None
    with pytest.raises(NotFound):
        set_point_host(point_id=place.handover.pickup_point_id, email=dora.email, is_deputy=True, by=other)
    with pytest.raises(NotFound):
        remove_point_host(host_id=PickupPointHost.objects.get(user=place.host).pk, by=other)
    assert hosts(place) == [("Hugo", False)]
