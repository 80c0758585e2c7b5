"""Offer parts of a reserved line to another household."""

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from marketplace import audit, clock, locks
from marketplace.access import household_of
from marketplace.actions.households.tokens import token_for
from marketplace.actions.notices.tell import tell
from marketplace.actions.sharing.moving import KIND, check_open, facts_of, link_to, people_of
from marketplace.errors import InvalidInput, NotFound, RequestKeyReused
from marketplace.models import LineShare, Reservation, ReservationLine, User
from marketplace.queries.shares import neighbours
from marketplace.rules.notices import NoticeKind
from marketplace.rules.states import ShareState

MOST_PARTS = 100
_LIVE = (ShareState.OFFERED.value, ShareState.ACCEPTED.value)


@transaction.atomic
def offer_share(
    *,
    round_id: int,
    offer_id: int,
    parts: int,
    total_parts: int,
    to_household_id: int | None = None,
    household_id: int | None = None,
    request_key: str = "",
    by: User,
) -> tuple[LineShare, str]:
    """The offered share and, without `to_household_id`, the token of its link, which is told here and never again. The
    same request key finds the same share again; RequestKeyReused where it was made for something else.

    Raises NotFound (household, line, a household that is in no group of ours), WindowClosed or WindowNotOpen,
    InvalidInput (parts, total_parts, to) where the parts do not leave one to the offerer, do not fit the line's other
    shares, or the household was offered some already.
    """
    own, now = household_of(by, household_id), clock.now()
    line = (
        ReservationLine.objects.select_related("reservation__round__hub", "window__round__hub", "offer__product")
        .filter(reservation__household=own, reservation__round_id=round_id, offer_id=offer_id)
        .first()
    )
    if line is None:
        raise NotFound(kind="line", id=offer_id)
    locks.windows_shared([line.window_id])
    check_open(line.window)
    Reservation.objects.select_for_update().get(pk=line.reservation_id)
    token, hashed = token_for(request_key, kind="share", by=by)
    if request_key and (made := _made_before(line, hashed, to_household_id, (parts, total_parts), request_key)):
        return made, "" if to_household_id is not None else token
    _check(line, own.pk, parts, total_parts, to_household_id)
    by_link = to_household_id is None
    share = LineShare.objects.create(
        reservation_id=line.reservation_id,
        offer_id=offer_id,
        household_id=to_household_id,
        parts=parts,
        total_parts=total_parts,
        token_hash=hashed if by_link else None,
        by=by,
        offered_at=now,
    )
    audit.record(kind=KIND, object_id=share.pk, from_state="", to_state=ShareState.OFFERED.value, at=now, by=by)
    if not by_link:
        tell(
            kind=NoticeKind.INVITATION,
            user_ids=people_of(to_household_id),
            key=f"share:{share.pk}:offered",
            facts=facts_of(share, "share_offered", closes_at=line.window.closes_at),
            link=link_to(share),
        )
    return share, token if by_link else ""


def _made_before(
    line: ReservationLine, hashed: str, to: int | None, parts: tuple[int, int], request_key: str
) -> LineShare | None:
    """What the same request made: by link the share of its token, else the same parts offered to the household."""
    linked = LineShare.objects.filter(token_hash=hashed).first()
    if linked is not None:
        asked = (line.reservation_id, line.offer_id, *parts)
        if to is not None or asked != (linked.reservation_id, linked.offer_id, linked.parts, linked.total_parts):
            raise RequestKeyReused(request_key=request_key)
        return linked
    if to is None:
        return None
    of_line = LineShare.objects.filter(reservation_id=line.reservation_id, offer_id=line.offer_id)
    return of_line.filter(household=to, parts=parts[0], total_parts=parts[1], state__in=_LIVE).first()


def _check(line: ReservationLine, own_id: int, parts: int, total: int, to: int | None) -> None:
    live = LineShare.objects.filter(reservation_id=line.reservation_id, offer_id=line.offer_id, state__in=_LIVE)
    problems = []
    if not 2 <= total <= MOST_PARTS:
        problems.append(
            {"place": "total_parts", "problem": _("Cut it into 2 to %(most)d parts.") % {"most": MOST_PARTS}}
        )
    elif live.exclude(total_parts=total).exists():
        problems.append({"place": "total_parts", "problem": _("It is cut into other parts already; use the same.")})
    taken = live.aggregate(all=Sum("parts"))["all"] or 0
    if parts < 1 or parts + taken >= total:
        problems.append({"place": "parts", "problem": _("At least one part stays yours.")})
    if to is not None:
        if to == own_id or not neighbours(own_id).filter(pk=to).exists():
            raise NotFound(kind="household", id=to)
        if live.filter(household_id=to).exists():
            problems.append({"place": "to", "problem": _("They were asked already.")})
    if problems:
        raise InvalidInput(problems=problems)
