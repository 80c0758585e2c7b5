"""After a close: tell households which of their lines were released, since they did not agree to a change."""

from itertools import groupby

from django.db import transaction
from django.db.models import F

from marketplace.actions.notices.tell import tell
from marketplace.models import ClearingRun, HouseholdMember, OrderingWindow, ReservationLine
from marketplace.rules.notices import NoticeKind


@transaction.atomic
def tell_released(*, window_id: int, run_id: int) -> int:
    """How many people were told; nobody where the closing was undone meanwhile."""
    if not ClearingRun.objects.filter(pk=run_id, voided_at__isnull=True).exists():
        return 0
    window = OrderingWindow.objects.select_related("round__hub").get(pk=window_id)
    released = (
        ReservationLine.objects.filter(window=window, agreed_version__lt=F("offer__agreement_version"))
        .order_by("reservation_id", "offer__product__name", "pk")
        .values_list("reservation__household", "offer__product__name", "firm")
    )
    told = 0
    for household_id, lines in groupby(released, lambda line: line[0]):
        told += tell(
            kind=NoticeKind.RELEASED,
            user_ids=HouseholdMember.objects.filter(household=household_id).values_list("user_id", flat=True),
            key=f"run:{run_id}",
            facts={
                "round": window.round.name,
                "lines": [{"product": product, "units": firm} for _household, product, firm in lines],
                "time_zone": window.round.hub.time_zone,
            },
            link=f"/rounds/{window.round_id}/reservation/",
        )
    return told
