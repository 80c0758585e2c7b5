"""The merchant answers a purchase order, whole or line by line. Rules: rules/order_answers.py."""

from collections.abc import Mapping

from django.db import transaction

from marketplace.access import purchase_order_for
from marketplace.actions.orders.answer import write_answer
from marketplace.models import PurchaseOrder, User
from marketplace.rules.order_answers import LineAnswer
from marketplace.rules.orders.changes import Via
from marketplace.rules.roles import Permission


@transaction.atomic
def confirm_purchase_order(
    *,
    order_id: int,
    answers: Mapping[int, LineAnswer] | None = None,
    expected_revision: int | None = None,
    via: Via = Via.DESK,
    reason: str = "",
    by: User,
) -> PurchaseOrder:
    """The answered order, by somebody who may answer for its merchant. Raises NotFound for another merchant's order,
    and what actions/orders/answer.write_answer raises."""
    order = purchase_order_for(by, order_id, Permission.CONFIRM_PURCHASE_ORDERS)
    return write_answer(
        order=order, answers=answers, via=via, expected_revision=expected_revision, reason=reason, by=by
    )
