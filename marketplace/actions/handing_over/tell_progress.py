"""Tell households that their goods are on the way, or ready: who hosts and routes report it, this tells it."""

from collections.abc import Sequence
from itertools import groupby

from django.db import transaction

from marketplace.actions.handing_over.telling import place_facts
from marketplace.actions.notices.tell import tell
from marketplace.models import HouseholdMember, Reservation
from marketplace.rules.notices import NoticeKind
from marketplace.rules.states import ProgressStep, VersionState

TOLD_STEPS = {ProgressStep.ON_THE_WAY: NoticeKind.ON_THE_WAY, ProgressStep.READY: NoticeKind.READY}


@transaction.atomic
def tell_progress(*, reservation_ids: Sequence[int], step: ProgressStep, at: str, expected_at: str | None) -> int:
    """How many people were told. One query for the reservations, one for the people, and those of `tell` for each
    handover. Steps that nobody needs a message of tell nobody; each is told once per handover.
    """
    kind = TOLD_STEPS.get(step)
    if kind is None:
        return 0
    found = (
        Reservation.objects.filter(pk__in=reservation_ids, state=VersionState.PLACED.value)
        .select_related("handover__pickup_point", "round__hub")
        .order_by("handover_id", "pk")
    )
    told = 0
    for handover_id, group in groupby(found, key=lambda reservation: reservation.handover_id):
        reservations = list(group)
        first = reservations[0]
        households = [reservation.household_id for reservation in reservations]
        members = HouseholdMember.objects.filter(household__in=households, user__is_active=True)
        hub = first.round.hub
        told += tell(
            kind=kind,
            user_ids=members.values_list("user_id", flat=True),
            key=f"handover:{handover_id}",
            facts={
                **place_facts(first.handover),
                "round": first.round.name,
                "hub": hub.name,
                "zone": hub.time_zone,
                "at": at,
                "expected_at": expected_at,
            },
            link=f"/rounds/{first.round_id}/reservation/",
        )
    return told
