"""The one-tap link of a purchase order's mail: signed, for one order, until the goods are due, revocable.

Opening it shows the order; only posting from its page answers. Nobody is signed in by it.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.db import transaction

from marketplace import clock
from marketplace.access import purchase_order_for
from marketplace.actions.orders.acknowledge_order import acknowledge
from marketplace.actions.orders.answer import write_answer
from marketplace.errors import NotFound
from marketplace.models import OrderLink, PurchaseOrder, User
from marketplace.rules.order_answers import LineAnswer
from marketplace.rules.orders.changes import Via
from marketplace.rules.roles import Permission
from marketplace.rules.states import OrderState

_SALT = "windrow.order-link"
# An order that goes out late still has to be answered.
AT_LEAST = timedelta(hours=48)


def link_url(*, order_id: int, due_at: datetime) -> str:
    """The whole address for the order's mail: the link in force, or a new one until the goods are `due_at` the dock."""
    return f"{settings.SITE_URL}/orders/{_token(_link(order_id, due_at))}/"


@transaction.atomic
def _link(order_id: int, due_at: datetime) -> OrderLink:
    now = clock.now()
    # Of two mails at once the second waits here, and finds the first one's link.
    PurchaseOrder.objects.select_for_update(of=("self",)).get(pk=order_id)
    found = OrderLink.objects.filter(order=order_id, revoked_at__isnull=True).first()
    if found is not None and found.valid_until > now:
        return found
    if found is not None:
        OrderLink.objects.filter(pk=found.pk).update(revoked_at=now)
    return OrderLink.objects.create(
        order_id=order_id, key=secrets.token_urlsafe(18), made_at=now, valid_until=max(due_at, now + AT_LEAST)
    )


def _token(link: OrderLink) -> str:
    return signing.Signer(salt=_SALT, sep=".").sign(link.key)


def open_link(token: str) -> OrderLink:
    """The link in force, with its order. One query. Raises NotFound for anything that we did not sign, that is over,
    was taken back, or whose order is void or held."""
    try:
        key = signing.Signer(salt=_SALT, sep=".").unsign(token)
    except signing.BadSignature as unreadable:
        raise NotFound(kind="link", id=token[:20]) from unreadable
    link = (
        OrderLink.objects.select_related("order__merchant", "order__window__round__hub")
        .filter(key=key, revoked_at__isnull=True, valid_until__gt=clock.now(), order__held_for="")
        .exclude(order__state=OrderState.VOIDED.value)
        .first()
    )
    if link is None:
        raise NotFound(kind="link", id=token[:20])
    return link


def note_opened(link: OrderLink) -> None:
    """Keep the first time: the mail was read."""
    if link.opened_at is None:
        OrderLink.objects.filter(pk=link.pk, opened_at__isnull=True).update(opened_at=clock.now())


@transaction.atomic
def answer_by_link(
    *, token: str, answers: Mapping[int, LineAnswer] | None, expected_revision: int | None = None
) -> PurchaseOrder:
    """The answered order. Raises NotFound as `open_link`, and what `write_answer` raises."""
    order = open_link(token).order
    return write_answer(order=order, answers=answers, via=Via.LINK, expected_revision=expected_revision, by=None)


@transaction.atomic
def acknowledge_by_link(*, token: str) -> PurchaseOrder:
    """The acknowledged order. Raises NotFound as `open_link`, OrderNotOpen where it was answered."""
    return acknowledge(open_link(token).order, by=None)


@transaction.atomic
def revoke_link(*, order_id: int, by: User) -> int:
    """Take the order's link back; the next mail brings a new one. How many were in force (0 or 1).

    Raises NotFound for a foreign order, NotAllowed where the user may not answer it.
    """
    order = purchase_order_for(by, order_id, Permission.CONFIRM_PURCHASE_ORDERS)
    return OrderLink.objects.filter(order=order, revoked_at__isnull=True).update(revoked_at=clock.now())
