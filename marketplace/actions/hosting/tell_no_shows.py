"""Tell households whose goods nobody collected, once the tap can no longer be taken back."""

from django.db import transaction

from marketplace import clock
from marketplace.actions.notices.tell import tell
from marketplace.models import HandOutTick, HouseholdMember
from marketplace.queries.hosting import counting_tick, ticks_of
from marketplace.rules.hand_out import UNDO_WITHIN, TickKind
from marketplace.rules.notices import NoticeKind


def tell_no_shows() -> int:
    """How many households were told. One that fails never stops the others; twice at once tells nobody twice."""
    due = HandOutTick.objects.filter(kind=TickKind.NO_SHOW.value, told_at=None, at__lt=clock.now() - UNDO_WITHIN)
    return sum(_tell(pk) for pk in due.order_by("at", "pk").values_list("pk", flat=True)[:200])


@transaction.atomic
def _tell(tick_id: int) -> bool:
    now = clock.now()
    if not HandOutTick.objects.filter(pk=tick_id, told_at=None).update(told_at=now):
        return False
    tick = HandOutTick.objects.select_related(
        "reservation__household", "reservation__round__hub", "handover__pickup_point"
    ).get(pk=tick_id)
    reservation, hub = tick.reservation, tick.reservation.round.hub
    counting = counting_tick(ticks_of([reservation.pk]).get(reservation.pk, []))
    if counting is None or counting.pk != tick.pk:
        return False  # taken back, or somebody came after all
    people = HouseholdMember.objects.filter(household=reservation.household_id, user__is_active=True)
    told = tell(
        kind=NoticeKind.NO_SHOW,
        user_ids=people.values_list("user_id", flat=True),
        key=f"reservation:{reservation.pk}",
        facts={
            "round": reservation.round.name,
            "point": tick.handover.pickup_point.name if tick.handover.pickup_point else "",
            "rule": hub.no_show_rule,
            "hub": hub.name,
            "hub_email": hub.email,
            "at": tick.at.isoformat(),
            "zone": hub.time_zone,
        },
        link=f"/rounds/{reservation.round_id}/reservation/",
    )
    return bool(told)
