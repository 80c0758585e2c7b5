"""Claims: whether a problem can be reported, the household's own ones, and those that wait for a hub's answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet, Sum

from marketplace import clock
from marketplace.access import households_of, hubs_where, merchants_of, reservation_for
from marketplace.errors import ClaimNotOpen, NotFound
from marketplace.models import Claim, ClaimPhoto, Reservation, User
from marketplace.queries.outcomes import LineResult, results_of
from marketplace.queries.progress import steps_of
from marketplace.rules.claims import ClaimState, claim_deadline
from marketplace.rules.progress import StepFact
from marketplace.rules.roles import Permission
from marketplace.rules.states import ProgressStep

_BARE_PHOTOS = Prefetch("photos", queryset=ClaimPhoto.objects.defer("content").order_by("pk"))


@dataclass(frozen=True, slots=True)
class ClaimTime:
    """From when until when problems can be reported."""

    opens_at: datetime
    deadline: datetime
    now: datetime

    @property
    def is_open(self) -> bool:
        return self.opens_at <= self.now < self.deadline

    @property
    def is_late(self) -> bool:
        return self.now >= self.deadline


@dataclass(frozen=True, slots=True)
class Claimable:
    """What a household may report a problem of: the lines of which it got something."""

    reservation: Reservation
    lines: tuple[LineResult, ...]
    time: ClaimTime

    def line(self, line_id: int) -> LineResult | None:
        return next((line for line in self.lines if line.line_id == line_id), None)


def claim_time(reservation: Reservation, steps: Mapping[ProgressStep, StepFact], now: datetime) -> ClaimTime:
    """From the handover (or when it happened earlier) until so many days after its end, as the hub says. No query."""
    handover, handed = reservation.handover, steps.get(ProgressStep.HANDED_OVER)
    opens_at = min(handover.starts_at, handed.at) if handed else handover.starts_at
    return ClaimTime(opens_at, claim_deadline(handover.ends_at, reservation.round.hub.claim_days), now)


def claimable(user: User, round_id: int) -> Claimable:
    """The reservation with what can be claimed. Seven queries; eight on PostgreSQL, whose clock is one.

    Raises NotFound where the household never reserved.
    """
    reservation = reservation_for(user, round_id)
    lines = results_of({reservation.pk: 0})[reservation.pk].lines
    time = claim_time(reservation, steps_of(reservation.pk), clock.now())
    return Claimable(reservation, tuple(line for line in lines if line.got), time)


def require_time(time: ClaimTime, zone: str) -> None:
    """Raise ClaimNotOpen before the handover and after the deadline."""
    if not time.is_open:
        raise ClaimNotOpen(opens_at=time.opens_at, deadline=time.deadline, late=time.is_late, time_zone=zone)


def claims_of(reservation: Reservation) -> list[Claim]:
    """A reservation's claims, newest first, with their pictures' keys. Two queries."""
    claims = Claim.objects.filter(reservation=reservation).select_related("line__offer__product")
    return list(claims.prefetch_related(_BARE_PHOTOS).order_by("-pk"))


def own_claims(user: User) -> QuerySet[Claim]:
    """The claims of the user's households, with what a list shows; one more query brings their pictures' keys."""
    mine = Claim.objects.filter(reservation__household__in=households_of(user).values("pk"))
    rows = mine.select_related("reservation__round__hub", "line__offer__product")
    return rows.prefetch_related(_BARE_PHOTOS)


def own_claim(user: User, claim_id: int) -> Claim:
    """A claim of one of the user's households, with pictures' keys, line and hub. Two queries."""
    mine = Claim.objects.filter(reservation__household__in=households_of(user).values("pk"))
    return _one(mine, claim_id)


def claims_for_hub(user: User, permission: Permission = Permission.ANSWER_HOUSEHOLDS) -> QuerySet[Claim]:
    """The claims at hubs whose households the user answers, with all that a list shows."""
    return Claim.objects.filter(reservation__round__hub__in=hubs_where(user, permission)).select_related(
        "reservation__household", "reservation__round__hub", "reservation__handover", "line__offer__product__merchant"
    )


def claims_for_merchant(user: User) -> QuerySet[Claim]:
    """The claims about goods of the user's merchants; who shows them shows no names."""
    mine = Claim.objects.filter(line__offer__product__merchant__in=merchants_of(user))
    return mine.select_related("reservation__round__hub", "line__offer__product__merchant")


def claim_for_hub(user: User, claim_id: int) -> Claim:
    """A claim that the user may answer, with pictures' keys. Two queries. Raises NotFound for a foreign one."""
    return _one(claims_for_hub(user), claim_id)


def _one(claims: QuerySet[Claim], claim_id: int) -> Claim:
    found = (
        claims.select_related("reservation__round__hub", "reservation__handover", "line__offer__product__merchant")
        .prefetch_related(_BARE_PHOTOS)
        .filter(pk=claim_id)
        .first()
    )
    if found is None:
        raise NotFound(kind="claim", id=claim_id)
    return found


def photo_for(user: User, photo_id: int) -> ClaimPhoto:
    """A picture of a claim for its household, the hub that answers, and the merchant of the line. Up to three queries.

    One that waits for its claim is its household's alone. Raises NotFound for everybody else.
    """
    household = ClaimPhoto.objects.filter(pk=photo_id, reservation__household__in=households_of(user).values("pk"))
    of_claims = ClaimPhoto.objects.filter(pk=photo_id)
    hub = of_claims.filter(claim__in=claims_for_hub(user).values("pk"))
    merchant = of_claims.filter(claim__in=claims_for_merchant(user).values("pk"))
    for allowed in (household, hub, merchant):
        found = allowed.first()
        if found is not None:
            return found
    raise NotFound(kind="photo", id=photo_id)


def waiting_photos(reservation: Reservation, request_key: str) -> list[ClaimPhoto]:
    """The pictures that a form has collected already, without their content. One query."""
    waiting = ClaimPhoto.objects.filter(reservation=reservation, request_key=request_key, claim=None)
    return list(waiting.defer("content").order_by("pk"))


def accepted_so_far(claim: Claim) -> int:
    """What was accepted already of the claim's line (of the whole order, where it has none), in minor units."""
    of = Q(line=claim.line_id) if claim.line_id else Q()
    accepted = Claim.objects.filter(of, reservation=claim.reservation_id, state=ClaimState.ACCEPTED.value)
    total: int | None = accepted.exclude(pk=claim.pk).aggregate(total=Sum("accepted_minor"))["total"]
    return total or 0


def charge_of(claim: Claim) -> int:
    """What the household pays for what the claim is about, in minor units: a line, or the whole order. Four queries."""
    lines: Sequence[LineResult] = results_of({claim.reservation_id: 0})[claim.reservation_id].lines
    return sum(line.charged_minor for line in lines if claim.line_id in (None, line.line_id))
