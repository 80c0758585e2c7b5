"""Report that something was wrong with what was handed over."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from marketplace import audit, clock
from marketplace.errors import InvalidInput
from marketplace.events import emit
from marketplace.models import Claim, ClaimPhoto, User
from marketplace.queries.claims import Claimable, claimable, require_time
from marketplace.rules.claims import MOST_TEXT, ClaimKind, ClaimState


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedClaim:
    """What a household says. `line_id` None: the order as a whole; `units` None: it cannot be counted."""

    kind: str
    line_id: int | None = None
    units: int | None = None
    text: str = ""


def make_claim(*, round_id: int, wanted: WantedClaim, request_key: str, by: User) -> Claim:
    """The claim, with the pictures that wait under its request key; the same key again gives the first claim.

    Raises NotFound where the household has no reservation, ClaimNotOpen before the handover and after the deadline,
    InvalidInput naming each field.
    """
    found = claimable(by, round_id)
    known = Claim.objects.filter(reservation=found.reservation, request_key=request_key)
    if (before := known.first()) is not None:
        return before
    require_time(found.time, found.reservation.round.hub.time_zone)
    if problems := _problems(found, wanted):
        raise InvalidInput(problems=problems)
    try:
        with transaction.atomic():
            return _write(found, wanted, request_key, by)
    except IntegrityError:  # two taps at once: the other one was first
        return known.get()


def _problems(found: Claimable, wanted: WantedClaim) -> list[dict[str, str]]:
    problems = []
    if wanted.kind not in set(ClaimKind):
        problems.append({"place": "kind", "problem": _("Choose what is wrong.")})
    line = found.line(wanted.line_id) if wanted.line_id is not None else None
    if wanted.line_id is not None and line is None:
        problems.append({"place": "line", "problem": _("Choose one of the things that you got.")})
    if wanted.units is not None and (wanted.units < 1 or (line is not None and wanted.units > line.got)):
        most = line.got if line else 1
        problems.append({"place": "units", "problem": _("Give a number from 1 to %(most)d.") % {"most": most}})
    if len(wanted.text) > MOST_TEXT:
        problems.append({"place": "text", "problem": _("Say it in %(most)d letters or fewer.") % {"most": MOST_TEXT}})
    elif not wanted.text.strip() and (wanted.kind == ClaimKind.OTHER or wanted.line_id is None):
        problems.append({"place": "text", "problem": _("Say in a few words what is wrong.")})
    return problems


def _write(found: Claimable, wanted: WantedClaim, request_key: str, by: User) -> Claim:
    line, now = found.line(wanted.line_id) if wanted.line_id is not None else None, clock.now()
    claim = Claim.objects.create(
        reservation=found.reservation,
        line_id=wanted.line_id,
        kind=wanted.kind,
        units=wanted.units if line else None,
        text=wanted.text.strip(),
        request_key=request_key,
        by=by,
        made_at=now,
    )
    ClaimPhoto.objects.filter(reservation=found.reservation, request_key=request_key, claim=None).update(claim=claim)
    audit.record(kind="claim", object_id=claim.pk, from_state="", to_state=ClaimState.OPEN.value, at=now, by=by)
    emit(
        "claim.made",
        claim_id=claim.pk,
        reservation_id=found.reservation.pk,
        offer_id=line.offer_id if line else None,
        kind=claim.kind,
        units=claim.units,
    )
    return claim
