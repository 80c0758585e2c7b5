"""Tell the households of a run after the close what they get now: before the handover, each only of its own lines."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from marketplace.actions.notices.tell import tell
from marketplace.models import ClearingRun, HouseholdMember, PurchaseOrder, PurchaseOrderLine
from marketplace.queries.orders.shortages import ChangedLine, changed_lines
from marketplace.rules.notices import NoticeKind

# A notice names so many lines; the reservation's page has all.
NAMED_LINES = 5


@transaction.atomic
def tell_shortage(*, run_id: int, order_id: int) -> list[int]:
    """The ids of the reservations that changed. Twice is harmless: each run is told once. Nothing where it was voided
    since. Twelve statements, and those of telling."""
    run = ClearingRun.objects.filter(pk=run_id, voided_at__isnull=True).first()
    if run is None:
        return []
    by_household: dict[int, list[ChangedLine]] = {}
    for line in changed_lines(run_id):
        if line.fewer or line.instead:
            by_household.setdefault(line.household_id, []).append(line)
    if not by_household:
        return []
    order = PurchaseOrder.objects.select_related("merchant", "window__round__hub").get(pk=order_id)
    why = dict(PurchaseOrderLine.objects.filter(order=order).values_list("offer_id", "short_reason"))
    members = HouseholdMember.objects.filter(household__in=list(by_household), user__is_active=True).order_by("pk")
    facts_of = {
        user_id: _facts(by_household[household_id], why)
        for user_id, household_id in members.values_list("user_id", "household_id")
    }
    round_, hub = order.window.round, order.window.round.hub
    tell(
        kind=NoticeKind.CUT,
        user_ids=facts_of,
        key=f"run:{run_id}",
        facts={
            "round": round_.name,
            "hub": hub.name,
            "merchant": order.merchant.name,
            "currency": hub.currency,
            "zone": hub.time_zone,
        },
        facts_of=facts_of,
        link=f"/rounds/{round_.pk}/reservation/",
    )
    return sorted({line.reservation_id for lines in by_household.values() for line in lines})


def _facts(lines: Iterable[ChangedLine], why: dict[int, str]) -> dict[str, Any]:
    """`units` of `asked` (those that it had before); `more` says that units came back."""
    told = [
        {
            "product": line.product,
            "asked": max(line.before.quantity, line.after.quantity),
            "units": line.after.quantity,
            "more": line.fewer < 0,
            "reason": why.get(line.offer_id, "") if line.fewer > 0 else "",
            "substitutes": [{"product": name, "units": units} for name, units in line.instead],
        }
        for line in lines
    ]
    return {"lines": told[:NAMED_LINES], "lines_count": len(told)}
