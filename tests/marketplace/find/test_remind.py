"""Being reminded of an opening: by a notice that one asks for and takes back, and by a calendar file."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from icalendar import Calendar

from marketplace import clock
from marketplace.actions.reserve import reserve
from marketplace.models import HubNews, OpeningReminder, OrderingWindow
from marketplace.rules.states import WindowState
from marketplace.rules.wanted import WantedLine
from tests.factories import NOON, make_handover, make_hub, make_round, make_user, make_window
from tests.marketplace.pages_ground import Shop, signed_in

pytestmark = pytest.mark.django_db
OPENS_AT = NOON + timedelta(hours=20)


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.frozen(NOON):
        yield


@pytest.fixture
def coming() -> OrderingWindow:
    round_ = make_round(make_hub(), "Sunday's round")
    make_handover(round_)
    return make_window(round_, opens_at=OPENS_AT, closes_at=OPENS_AT + timedelta(hours=30), state=WindowState.SCHEDULED)


def test_asking_twice_takes_it_back(coming: OrderingWindow) -> None:
    client, user = signed_in()
    assert client.post(f"/windows/{coming.pk}/remind/")["Location"] == "/"
    assert OpeningReminder.objects.get().user == user
    assert client.get("/").context["coming"][0].reminded
    client.post(f"/windows/{coming.pk}/remind/")
    assert not OpeningReminder.objects.exists()


def test_a_visitor_is_asked_to_sign_in(coming: OrderingWindow) -> None:
    answer = Client().post(f"/windows/{coming.pk}/remind/")
    assert answer["Location"].startswith("/login/")
    assert not OpeningReminder.objects.exists()


@pytest.mark.parametrize(("state", "status"), [(WindowState.OPEN, 409), (WindowState.DRAFT, 404)])
def test_of_an_opening_that_is_over_or_secret_nobody_is_reminded(state: WindowState, status: int) -> None:
    client, _user = signed_in()
    window = make_window(make_round(make_hub()), state=state)
    assert client.post(f"/windows/{window.pk}/remind/").status_code == status
    assert not OpeningReminder.objects.exists()


def test_where_it_leads_back_is_an_address_of_this_site(coming: OrderingWindow) -> None:
    client, _user = signed_in()
    answer = client.post(f"/windows/{coming.pk}/remind/", {"next": "https://evil.example/"})
    assert answer["Location"] == "/"


def events(client: Client, window: OrderingWindow) -> dict[str, object]:
    answer = client.get(f"/windows/{window.pk}/calendar.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = Calendar.from_ical(answer.content)
    assert str(calendar["x-wr-timezone"]) == "Europe/Lisbon"
    return {str(event["uid"]).split("@")[0]: event for event in calendar.walk("VEVENT")}


def test_the_calendar_has_opening_closing_and_handover_in_utc_with_alarms(coming: OrderingWindow) -> None:
    found = events(Client(), coming)
    keys = [f"window-{coming.pk}-opens", f"window-{coming.pk}-closes", f"round-{coming.round_id}-handover"]
    assert list(found) == keys
    opens, closes, handover = (found[key] for key in keys)
    assert opens["dtstart"].dt == OPENS_AT  # type: ignore[index]
    assert closes["dtend"].dt == coming.closes_at  # type: ignore[index]
    assert handover["dtstart"].dt == datetime(2026, 11, 26, 17, 0, tzinfo=UTC)  # type: ignore[index]
    assert b"DTSTART:20261123T080000Z" in opens.to_ical()  # type: ignore[attr-defined]
    assert "Lisbon time" in str(opens["description"])  # type: ignore[index]
    assert str(handover["location"]).endswith("Rua das Flores 12")  # type: ignore[index]
    assert all(len(event.walk("VALARM")) == 1 for event in found.values())  # type: ignore[attr-defined]
    assert list(events(Client(), coming)) == keys, "the same for ever"


def test_of_several_places_the_households_own_is_told() -> None:
    shop = Shop()
    offer, other = shop.offer(), make_handover(shop.round)
    assert list(events(Client(), shop.window)) == [f"window-{shop.window.pk}-closes"]
    client, user = signed_in()
    line = WantedLine(offer_id=offer.pk, firm=1)
    reserve(round_id=shop.round.pk, lines=[line], request_key="k", handover_id=other.pk, by=user)
    found = events(client, shop.window)[f"round-{shop.round.pk}-handover"]
    assert str(found["location"]).startswith(f"{other.pickup_point}, ")  # type: ignore[index]


def test_a_draft_window_has_no_calendar() -> None:
    window = make_window(make_round(make_hub()), state=WindowState.DRAFT)
    assert Client().get(f"/windows/{window.pk}/calendar.ics").status_code == 404


def test_who_follows_a_hub_is_told_of_its_openings_until_no_longer(client: Client) -> None:
    hub, ana = make_hub(), make_user("Ana")
    make_window(make_round(hub))
    client.force_login(ana)
    for _twice in range(2):
        assert client.post(f"/hubs/{hub.slug}/follow/", {"wanted": "1"}).status_code == 302
        assert list(HubNews.objects.values_list("user", "hub")) == [(ana.pk, hub.pk)]
    client.post(f"/hubs/{hub.slug}/follow/")
    assert not HubNews.objects.exists()


def test_a_hub_that_has_announced_nothing_is_followed_by_nobody(client: Client) -> None:
    hub = make_hub()
    client.force_login(make_user("Ana"))
    assert client.post(f"/hubs/{hub.slug}/follow/", {"wanted": "1"}).status_code == 404
    assert not HubNews.objects.exists()
