"""Requests that a coordinator makes for a household: authorised, marked, and confirmed to the household."""

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.actions.notices.tell import tell
from marketplace.actions.reserving.answer import ReservationAnswer
from marketplace.actions.reserving.place import place
from marketplace.actions.reserving.request import Request
from marketplace.errors import InvalidInput
from marketplace.models import HouseholdMember, Offer, Round, User, Via
from marketplace.queries.on_behalf import household_known_at, round_for_behalf
from marketplace.rules.notices import NoticeKind

# The ways by which a household's word reaches the hub.
SPOKEN = (Via.PHONE.value, Via.PAPER.value)


def place_on_behalf(request: Request, *, by: User) -> ReservationAnswer:
    """Place it as the household would, and tell the household what now stands. The same request again gets the same
    answer and tells nobody twice.

    Raises NotFound where the actor takes no orders at the round's hub or the hub does not know the household,
    InvalidInput for another way than by phone or on paper, and what `reserve` raises; then nothing has changed.
    """
    if request.via not in SPOKEN:
        raise InvalidInput(problems=[{"place": "via", "problem": _("Say whether it came by phone or on paper.")}])
    round_ = round_for_behalf(by, request.round_id)
    household = household_known_at(round_.hub_id, request.household_id or 0)
    with transaction.atomic():
        answer = place(request, by=by)
        _confirm(round_, household.pk, answer, request.via, by)
    return answer


def _confirm(round_: Round, household_id: int, answer: ReservationAnswer, via: str, by: User) -> None:
    names = dict(
        Offer.objects.filter(pk__in=[line.offer_id for line in answer.lines]).values_list("pk", "product__name")
    )
    tell(
        kind=NoticeKind.ON_BEHALF,
        user_ids=HouseholdMember.objects.filter(household=household_id).values_list("user_id", flat=True),
        key=f"reservation:{answer.reservation_id}:{answer.version}",
        facts={
            "round": round_.name,
            "hub": round_.hub.name,
            "via": via,
            "by": by.name,
            "state": answer.state,
            "lines": [{"product": names[line.offer_id], "units": line.firm} for line in answer.lines if line.firm],
            "at_most_minor": answer.at_most_minor,
            "currency": answer.currency,
            "closes_at": answer.closes_at and answer.closes_at.isoformat(),
            "time_zone": round_.hub.time_zone,
        },
        link=f"/rounds/{round_.pk}/basket/",
    )
