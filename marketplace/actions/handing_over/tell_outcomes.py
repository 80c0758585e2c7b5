"""After a window closed: every household with lines in it gets a pickup code and, once, what became of its lines."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from django.db import transaction

from marketplace.actions.handing_over.give_pickup_codes import give_pickup_codes
from marketplace.actions.handing_over.telling import place_facts
from marketplace.actions.notices.tell import tell
from marketplace.models import ClearingRun, HouseholdMember, OrderingWindow, Reservation
from marketplace.queries.outcomes import Result, results_of
from marketplace.rules.notices import NoticeKind
from marketplace.rules.states import VersionState

# So many reservations are read and told at once: a fixed number of statements for each part, whatever its size.
TOLD_AT_ONCE = 500
# A notice names so many of the lines that were not reached; the page has all.
NAMED_LINES = 5


class _Own(NamedTuple):
    """A reservation of the window, whose it is, and where it is handed over."""

    reservation_id: int
    household_id: int
    handover_id: int


@transaction.atomic
def tell_outcomes(*, window_id: int, run_id: int) -> list[int]:
    """The ids of the users who were told or had been. Nothing where the run was voided since by a reopening.

    Fourteen statements per 500 reservations. Twice is harmless: a notice is told once per run.
    """
    run = ClearingRun.objects.filter(pk=run_id, window=window_id, voided_at__isnull=True).first()
    if run is None:
        return []
    window = OrderingWindow.objects.select_related("round__hub").get(pk=window_id)
    places = {h.pk: place_facts(h) for h in window.round.handovers.select_related("pickup_point")}
    told: list[int] = []
    for part in _parts(window_id):
        results = results_of(dict.fromkeys((own.reservation_id for own in part), 0), window_id=window_id)
        give_pickup_codes(reservation_ids=[pk for pk, result in results.items() if result.units])
        told += _tell(
            window,
            run_id,
            {own.household_id: {**places[own.handover_id], **_summary(results[own.reservation_id])} for own in part},
        )
    return told


def _parts(window_id: int) -> Iterator[Sequence[_Own]]:
    """Those with lines in the window, in parts in the order of their ids."""
    after = 0
    while True:
        rows = Reservation.objects.filter(lines__window=window_id, state=VersionState.PLACED.value, pk__gt=after)
        columns = rows.order_by("pk").distinct().values_list("pk", "household_id", "handover_id")
        part = [_Own(*row) for row in columns[:TOLD_AT_ONCE]]
        if not part:
            return
        yield part
        after = part[-1].reservation_id


def _tell(window: OrderingWindow, run_id: int, summaries: Mapping[int, Mapping[str, Any]]) -> list[int]:
    """Tell the members of households what their summary says; who they are."""
    members = HouseholdMember.objects.filter(household__in=list(summaries), user__is_active=True).order_by("pk")
    facts_of = {user: summaries[household] for user, household in members.values_list("user_id", "household_id")}
    hub = window.round.hub
    tell(
        kind=NoticeKind.CLOSED,
        user_ids=facts_of,
        key=f"run:{run_id}",
        facts={
            "round": window.round.name,
            "window": window.name,
            "hub": hub.name,
            "currency": hub.currency,
            "zone": hub.time_zone,
        },
        facts_of=facts_of,
        link=f"/rounds/{window.round_id}/reservation/",
    )
    return list(facts_of)


def _summary(result: Result) -> dict[str, Any]:
    """Sums in minor units; `total_minor` is goods with deposits; `missed`: lines that got less than asked."""
    missed = [line for line in result.lines if line.got < line.asked]
    return {
        "lines": sum(bool(line.got) for line in result.lines),
        "lost": sum(not line.got for line in result.lines),
        "total_minor": result.charged_minor + result.deposit_minor,
        "deposit_minor": result.deposit_minor,
        "saved_minor": result.saved_minor,
        "missed": [
            {"product": line.product_name, "asked": line.asked, "units": line.got, "reason": line.reason}
            for line in missed[:NAMED_LINES]
        ],
        "missed_count": len(missed),
    }
