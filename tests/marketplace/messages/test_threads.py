"""Questions and answers between household, host, hub and merchant: who reads what, and who is waited for."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from marketplace import clock
from marketplace.actions.threads.forget import forget
from marketplace.actions.threads.pass_on import pass_on
from marketplace.actions.threads.read import read
from marketplace.actions.threads.settle import settle
from marketplace.actions.threads.write import MOST_IN_AN_HOUR, ask, write
from marketplace.errors import InvalidInput, NotAllowed, NotFound, RequestKeyReused
from marketplace.models import (
    Household,
    Message,
    Notice,
    Offer,
    PickupPointHost,
    Reservation,
    ReservationLine,
    Thread,
    User,
    WindowSupply,
)
from marketplace.queries.threads import about_reservation, open_questions, seat_for
from marketplace.rules.threads import Side
from tests.factories import (
    NOON,
    make_household,
    make_hub_staff,
    make_merchant_member,
    make_offer,
    make_product,
    make_user,
)
from tests.marketplace.pages_ground import Shop

pytestmark = pytest.mark.django_db


@dataclass
class Talk:
    """A household with one line, its hub's coordinator, its merchant's member and its handover's host."""

    shop: Shop = field(default_factory=Shop)
    offer: Offer = field(init=False)
    household: Household = field(init=False)
    reservation: Reservation = field(init=False)

    def __post_init__(self) -> None:
        self.offer = make_offer(self.shop.window, make_product(self.shop.merchant, "Leeks"))
        self.household = make_household("Ferreira")
        self.ana = self.household.members.get()
        self.handover = self.shop.round.handovers.get()
        self.reservation = Reservation.objects.create(
            round=self.shop.round,
            household=self.household,
            handover=self.handover,
            created_at=NOON,
            changed_at=NOON,
        )
        ReservationLine.objects.create(
            reservation=self.reservation, offer=self.offer, window=self.shop.window, firm=2, placed_at=NOON
        )
        self.coordinator = make_hub_staff(self.shop.hub)
        self.marta = make_merchant_member(self.shop.merchant)
        self.host = make_user("Hugo")
        point = self.handover.pickup_point
        assert point is not None
        PickupPointHost.objects.create(pickup_point=point, user=self.host)

    def asks(
        self, text: str = "Are they washed?", *, line: bool = True, asked: Side | None = None, key: str = "1"
    ) -> Thread:
        """Ana asks."""
        offer_id = self.offer.pk if line else None
        about, side = about_reservation(self.ana, self.reservation.pk, offer_id, clock.now())
        return ask(about=about, side=side, text=text, asked=asked, request_key=key, by=self.ana).thread

    def says(self, who: User, text: str, *, asked: Side | None = None, key: str = "2") -> Message:
        thread = Thread.objects.get()
        return write(seat=seat_for(who, thread.pk, clock.now()), text=text, asked=asked, request_key=key, by=who)


@pytest.fixture
def talk() -> Talk:
    return Talk()


def page(who: User, address: str, *, follow: bool = False) -> Any:
    client = Client()
    client.force_login(who)
    return client.get(address, follow=follow)


def told(user: User) -> list[str]:
    return list(Notice.objects.filter(user=user, kind="message").order_by("pk").values_list("key", flat=True))


def test_a_question_waits_for_the_hub_and_tells_its_coordinator_once(talk: Talk) -> None:
    with clock.frozen(NOON):
        thread = talk.asks()
        talk.asks("Or not?", key="2")
    thread.refresh_from_db()
    assert (thread.waiting_for, thread.waiting_since, thread.state) == ("hub", NOON, "open")
    assert told(talk.coordinator) == [f"thread:{thread.pk}:0"]
    assert told(talk.ana) == told(talk.marta) == told(talk.host) == []


def test_a_question_to_the_merchant_tells_the_merchant(talk: Talk) -> None:
    thread = talk.asks(asked=Side.MERCHANT)
    assert thread.messages.count() == 1
    assert told(talk.marta) == [f"thread:{thread.pk}:0"]
    assert told(talk.coordinator) == []
    notice = Notice.objects.get(user=talk.marta)
    assert notice.facts == {"side": "household", "about": "Leeks", "round": "Thursday's round", "asks": True}


def test_an_answer_ends_the_waiting_and_tells_the_household(talk: Talk) -> None:
    talk.asks(asked=Side.MERCHANT)
    talk.says(talk.marta, "They are.")
    thread = Thread.objects.get()
    assert (thread.waiting_for, thread.waiting_since) == ("", None)
    assert told(talk.ana) == [f"thread:{thread.pk}:{thread.messages.earliest('pk').pk}"]


def test_a_new_message_tells_again_only_after_reading(talk: Talk) -> None:
    thread = talk.asks()
    talk.says(talk.coordinator, "They are.")
    talk.says(talk.coordinator, "And cut.", key="3")
    assert len(told(talk.ana)) == 1
    read(seat=seat_for(talk.ana, thread.pk, clock.now()), by=talk.ana)
    assert Notice.objects.get(user=talk.ana).read_at is not None
    talk.says(talk.coordinator, "And cheap.", key="4")
    assert len(told(talk.ana)) == 2


def test_whoever_is_asked_twice_has_waited_since_the_first_time(talk: Talk) -> None:
    with clock.frozen(NOON):
        talk.asks()
    with clock.frozen(NOON + timedelta(hours=3)):
        talk.asks("Nobody there?", key="2")
    assert Thread.objects.get().waiting_since == NOON


def test_a_double_tap_is_one_message_and_a_key_with_another_text_is_refused(talk: Talk) -> None:
    talk.asks()
    talk.asks()
    assert Message.objects.count() == 1
    with pytest.raises(RequestKeyReused):
        talk.asks("Something else")
    assert Message.objects.count() == 1


@pytest.mark.parametrize("text", ["", " \n ", "x" * 2001])
def test_an_empty_or_endless_text_is_refused_and_opens_nothing(talk: Talk, text: str) -> None:
    with pytest.raises(InvalidInput):
        talk.asks(text)
    assert not Thread.objects.exists()


def test_a_flood_is_refused(talk: Talk) -> None:
    thread = talk.asks()
    Message.objects.bulk_create(
        Message(thread=thread, by=talk.ana, side="household", text="x", at=clock.now(), request_key=f"flood{n}")
        for n in range(MOST_IN_AN_HOUR)
    )
    with pytest.raises(InvalidInput):
        talk.asks("once more", key="2")
    assert Message.objects.count() == MOST_IN_AN_HOUR + 1


def test_a_stranger_of_any_role_finds_nothing(talk: Talk) -> None:
    thread = talk.asks("secret words")
    other = Talk()
    for stranger in (other.ana, other.coordinator, other.marta, other.host):
        with pytest.raises(NotFound):
            seat_for(stranger, thread.pk, clock.now())
        with pytest.raises(NotFound):
            about_reservation(stranger, talk.reservation.pk, None, clock.now())
        addresses = (
            f"/threads/{thread.pk}/",
            f"/threads/{thread.pk}/?as=hub",
            f"/threads/about/{talk.reservation.pk}/",
            f"/threads/about/{talk.reservation.pk}/{talk.offer.pk}/",
        )
        for address in addresses:
            answer = page(stranger, address)
            assert answer.status_code == 404
            assert b"secret" not in answer.content
        client = Client()
        client.force_login(stranger)
        for verb in ("", "settle/", "pass-on/"):
            sent = {"text": "hello", "request_key": "k", "merchant": str(talk.shop.merchant.pk)}
            assert client.post(f"/threads/{thread.pk}/{verb}", sent).status_code == 404
    assert Message.objects.count() == 1
    assert Thread.objects.get().state == "open"


def test_a_merchant_reads_a_number_and_neither_name_nor_address(talk: Talk) -> None:
    Household.objects.filter(pk=talk.household.pk).update(address="Rua Secreta 7")
    thread = talk.asks(asked=Side.MERCHANT)
    talk.says(talk.host, "I wonder too.", key="h")
    for address in (f"/threads/{thread.pk}/", "/desk/marketplace/thread/"):
        text = page(talk.marta, address).content.decode()
        assert f"Household {talk.reservation.pk}" in text
        for private in ("Ferreira", talk.ana.email, talk.ana.name, "Hugo", "Rua Secreta"):
            assert private not in text, f"{private} at {address}"
    facts = str(list(Notice.objects.filter(user=talk.marta).values_list("facts", "link")))
    assert "Ferreira" not in facts


def test_a_hub_may_let_merchants_see_names(talk: Talk) -> None:
    talk.shop.hub.names_shown_to_merchants = True
    talk.shop.hub.save()
    thread = talk.asks(asked=Side.MERCHANT)
    assert "Ferreira" in page(talk.marta, f"/threads/{thread.pk}/").content.decode()


def test_hub_and_host_read_the_name(talk: Talk) -> None:
    thread = talk.asks()
    with clock.frozen(NOON):
        for reader in (talk.coordinator, talk.host):
            assert "Ferreira" in page(reader, f"/threads/{thread.pk}/").content.decode()


def test_a_host_reads_until_a_day_after_the_handover(talk: Talk) -> None:
    thread = talk.asks()
    over = talk.handover.ends_at + timedelta(hours=24)
    assert seat_for(talk.host, thread.pk, over - timedelta(seconds=1)).side is Side.HOST
    with pytest.raises(NotFound):
        seat_for(talk.host, thread.pk, over)


def test_a_question_about_the_whole_order_is_not_the_merchants_until_the_hub_passes_it_on(talk: Talk) -> None:
    with clock.frozen(NOON):
        thread = talk.asks("My name is Ana Ferreira", line=False, asked=Side.MERCHANT)
    thread.refresh_from_db()
    assert thread.waiting_for == "hub"
    with pytest.raises(NotFound):
        seat_for(talk.marta, thread.pk, NOON)
    hub = seat_for(talk.coordinator, thread.pk, NOON)
    with pytest.raises(NotFound):
        pass_on(seat=hub, merchant_id=Talk().shop.merchant.pk, by=talk.coordinator)
    assert WindowSupply.objects.filter(window=talk.shop.window).exists()
    with clock.frozen(NOON + timedelta(minutes=1)):
        assert pass_on(seat=hub, merchant_id=talk.shop.merchant.pk, by=talk.coordinator)
    with clock.frozen(NOON + timedelta(minutes=2)):
        talk.says(talk.coordinator, "Can you tell us?", asked=Side.MERCHANT)
    shown = page(talk.marta, f"/threads/{thread.pk}/").content.decode()
    assert "Can you tell us?" in shown
    assert "Ana Ferreira" not in shown


def test_only_household_and_hub_settle_and_a_new_message_opens_again(talk: Talk) -> None:
    thread = talk.asks(asked=Side.MERCHANT)
    with pytest.raises(NotAllowed):
        settle(seat=seat_for(talk.marta, thread.pk, clock.now()), by=talk.marta)
    assert Thread.objects.get().waiting_for == "merchant"
    seat = seat_for(talk.ana, thread.pk, clock.now())
    assert settle(seat=seat, by=talk.ana)
    assert not settle(seat=seat, by=talk.ana)
    assert Thread.objects.values_list("state", "waiting_for").get() == ("settled", "")
    talk.says(talk.ana, "One more thing.", key="3")
    assert Thread.objects.values_list("state", "waiting_for").get() == ("open", "hub")


def test_the_desk_shows_the_longest_waiting_first(talk: Talk) -> None:
    with clock.frozen(NOON):
        talk.asks(line=False)
    with clock.frozen(NOON - timedelta(hours=5)):
        talk.asks("Older", key="2")
    found = open_questions(talk.coordinator, Side.HUB, NOON).threads
    assert [thread.waiting_since for thread in found] == [NOON - timedelta(hours=5), NOON]
    with clock.frozen(NOON):
        text = page(talk.coordinator, "/hub/marketplace/thread/").content.decode()
    assert "Waits for your answer: asked 5 h ago" in text


def test_a_desk_asks_as_many_queries_for_one_question_as_for_twenty(
    talk: Talk, django_assert_max_num_queries: Any
) -> None:
    talk.asks()

    def queries() -> int:
        client = Client()
        client.force_login(talk.coordinator)
        with django_assert_max_num_queries(14) as counted:
            assert client.get("/hub/marketplace/thread/").status_code == 200
        return len(counted)

    one = queries()
    for n in range(19):
        offer = make_offer(talk.shop.window, make_product(talk.shop.merchant, f"P{n}"))
        Thread.objects.create(
            hub=talk.shop.hub,
            household=talk.household,
            reservation=talk.reservation,
            offer=offer,
            merchant=talk.shop.merchant,
            opened_at=NOON,
            last_at=NOON,
        )
    assert queries() == one


def test_what_is_written_is_text_and_no_link(talk: Talk) -> None:
    thread = talk.asks("<script>alert(1)</script> https://evil.example/x")
    shown = page(talk.coordinator, f"/threads/{thread.pk}/").content.decode()
    assert "&lt;script&gt;" in shown
    assert 'href="https://evil' not in shown


def test_the_text_of_an_erased_person_is_gone_and_the_answers_stay(talk: Talk) -> None:
    thread = talk.asks("I am Ana")
    talk.says(talk.coordinator, "Hello")
    assert forget(user_id=talk.ana.pk) == 1
    assert forget(user_id=talk.ana.pk) == 0
    shown = page(talk.coordinator, f"/threads/{thread.pk}/").content.decode()
    assert "I am Ana" not in shown
    assert "Removed with its writer’s account." in shown
    assert "Hello" in shown


def test_a_refused_message_keeps_what_was_typed(talk: Talk) -> None:
    thread = talk.asks()
    client = Client()
    client.force_login(talk.ana)
    answer = client.post(f"/threads/{thread.pk}/", {"text": "y" * 2001, "request_key": "9", "asked": "hub"})
    assert answer.status_code == 422
    assert "y" * 2001 in answer.content.decode()
    assert "At most 2000 characters; yours has 2001." in answer.content.decode()


def test_asking_about_a_line_goes_to_its_thread_once_there_is_one(talk: Talk) -> None:
    client = Client()
    client.force_login(talk.ana)
    address = f"/threads/about/{talk.reservation.pk}/{talk.offer.pk}/"
    assert "The merchant sees a number, not your name." in client.get(address).content.decode()
    sent = client.post(address, {"text": "Washed?", "asked": "merchant", "request_key": "k1"})
    thread = Thread.objects.get()
    assert sent.headers["Location"] == f"/threads/{thread.pk}/?as=household#newest"
    assert client.get(address).headers["Location"] == f"/threads/{thread.pk}/?as=household"
    assert thread.waiting_for == "merchant"
