"""The one-tap link of the mail: shows by GET, answers by POST, for one order, until it ends or is taken back."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client

from marketplace import clock
from marketplace.actions.orders.order_link import link_url, revoke_link
from marketplace.actions.send_dispatch import send_due_dispatches
from marketplace.errors import NotAllowed, NotFound
from marketplace.models import OrderChange, OrderLink, PurchaseOrder, StateChange
from marketplace.rules.roles import Role
from tests.factories import make_hub_staff, make_merchant, make_merchant_member
from tests.marketplace.orders.orders_ground import LATER, Ordered

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def here() -> Ordered:
    here = Ordered()
    here.market.line(here.market.offer(here.merchant), 3)
    here.market.line(here.market.offer(here.merchant), 5)
    here.close()
    return here


@pytest.fixture
def path(here: Ordered) -> str:
    """The link as the merchant's mail has it."""
    with clock.frozen(LATER):
        send_due_dispatches()
    [found] = re.findall(rf"{settings.SITE_URL}(/orders/\S+/)", str(mail.outbox[-1].body))
    return str(found)


def opened(path: str, at: Any = LATER) -> Any:
    with clock.frozen(at):
        return Client().get(path)


def posted(path: str, at: Any = LATER, **typed: object) -> Any:
    with clock.frozen(at):
        return Client(enforce_csrf_checks=True).post(path, typed)


def test_looking_at_it_answers_nothing_and_signs_nobody_in(here: Ordered, path: str) -> None:
    page = opened(path)
    assert page.status_code == 200
    assert str(here.order) in page.content.decode()
    assert page["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page["Cache-Control"]
    assert settings.SESSION_COOKIE_NAME not in page.cookies
    assert here.order.state == "issued"
    assert OrderLink.objects.get().opened_at == LATER


def test_one_tap_confirms_everything_as_the_merchant(here: Ordered, path: str) -> None:
    answer = posted(path, whole="1", revision="1")
    assert (answer.status_code, answer["Location"]) == (302, f"{path}?done=answered")
    assert here.order.state == "confirmed"
    change = OrderChange.objects.get()
    assert (change.via, change.by) == ("link", None)
    assert StateChange.objects.filter(kind="purchase_order", to_state="confirmed", by=None).count() == 1


def test_line_by_line_with_a_mistake_keeps_what_was_typed(here: Ordered, path: str) -> None:
    first, second = here.order.lines.order_by("pk")
    typed = {"lines": "1", "revision": "1", f"confirmed-{first.pk}": "3", f"confirmed-{second.pk}": "4"}
    refused = posted(path, **typed)
    assert refused.status_code == 422
    assert "Say why fewer" in refused.content.decode()
    assert 'value="4"' in refused.content.decode()
    assert here.order.state == "issued"
    assert posted(path, **typed, **{f"reason-{second.pk}": "frost"}).status_code == 302
    assert here.order.state == "partly_confirmed"


def test_having_it_is_said_without_an_answer(here: Ordered, path: str) -> None:
    assert posted(path, acknowledge="1").status_code == 302
    assert here.order.state == "acknowledged"


def test_a_page_older_than_the_order_answers_nothing(here: Ordered, path: str) -> None:
    here.answer()
    refused = posted(path, whole="1", revision="1")
    assert (refused.status_code, here.order.revision) == (409, 2)
    assert "changed while you looked" in refused.content.decode()


def test_the_same_mail_sent_again_has_the_same_link(here: Ordered, path: str) -> None:
    with clock.frozen(LATER):
        assert link_url(order_id=here.order.pk, due_at=LATER).endswith(path)


def test_it_ends_when_the_goods_are_due_but_never_within_two_days(here: Ordered, path: str) -> None:
    link = OrderLink.objects.get()
    assert link.valid_until == LATER + timedelta(hours=48)
    assert opened(path, link.valid_until).status_code == 404
    assert posted(path, link.valid_until, whole="1").status_code == 404
    assert here.order.state == "issued"
    with clock.frozen(link.valid_until):
        assert not link_url(order_id=here.order.pk, due_at=LATER).endswith(path)


def test_it_can_be_taken_back_by_who_may_answer_the_order(here: Ordered, path: str) -> None:
    for stranger, error in (
        (make_merchant_member(make_merchant("Padaria")), NotFound),
        (make_hub_staff(here.market.hub, Role.ANALYST), NotAllowed),
    ):
        with pytest.raises(error):
            revoke_link(order_id=here.order.pk, by=stranger)
    with clock.frozen(LATER):
        assert revoke_link(order_id=here.order.pk, by=here.marta) == 1
    assert opened(path).status_code == 404
    assert posted(path, whole="1").status_code == 404
    assert here.order.state == "issued"


def test_it_opens_neither_a_voided_nor_a_held_order(here: Ordered, path: str) -> None:
    PurchaseOrder.objects.update(held_for="coordinator")
    assert opened(path).status_code == 404
    PurchaseOrder.objects.update(held_for="", state="voided")
    assert opened(path).status_code == 404


def test_a_shipped_order_is_shown_and_not_answered(here: Ordered, path: str) -> None:
    here.answer()
    PurchaseOrder.objects.update(state="shipped")
    assert "Send these quantities" not in opened(path).content.decode()
    assert posted(path, whole="1", revision="2").status_code == 409


def test_a_key_without_our_signature_opens_nothing_and_guessing_has_to_wait(here: Ordered, path: str) -> None:
    key = OrderLink.objects.get().key
    assert opened(f"/orders/{key}/").status_code == 404
    assert opened(path[:-3] + "x/").status_code == 404
    for _ in range(20):
        opened("/orders/nothing/")
    assert opened(path).status_code == 429


def test_a_merchant_sees_sums_of_substitutes_and_no_household(here: Ordered, path: str) -> None:
    page = opened(path).content.decode()
    assert "Ana" not in page
