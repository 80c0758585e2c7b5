"""One row of everything private that an address may name: what the crawl of foreign roles asks for."""

import hashlib
from datetime import date, timedelta

from marketplace.models import (
    Absence,
    Claim,
    ClaimPhoto,
    DeputyLink,
    Household,
    HouseholdInvitation,
    HubMembership,
    LineShare,
    Message,
    Notice,
    PushSubscription,
    Reservation,
    ReservationLine,
    ShiftVolunteer,
    StandingReservation,
    Thread,
    User,
    VolunteerShift,
    Wish,
    WishTopic,
)
from marketplace.rules.notices import NoticeKind
from marketplace.rules.states import MembershipState
from marketplace.rules.threads import Side
from tests.factories import NOON


def make_private_things(name: str, reservation: Reservation, line: ReservationLine) -> dict[str, int]:
    """The rows, by the parameter that names them in an address; every text in them begins with `name`."""
    household, by = reservation.household, reservation.household.members.get()
    hub = reservation.round.hub
    topic = WishTopic.objects.create(hub=hub, key=f"{name.lower()} wish", name=f"{name} wish")
    standing = StandingReservation.objects.create(
        household=household, hub=hub, product=line.offer.product, firm=1, by=by, since=NOON
    )
    return {
        "standing_id": standing.pk,
        "absence_id": Absence.objects.create(
            household=household, starts_on=date(2030, 1, 1), ends_on=date(2030, 1, 2)
        ).pk,
        "wish_id": Wish.objects.create(topic=topic, household=household, text=f"{name} wish", by=by, since=NOON).pk,
        "notice_id": Notice.objects.create(
            user=by, kind=NoticeKind.GROUP, key="x", facts={"group": f"{name} group"}, created_at=NOON
        ).pk,
        "subscription_id": PushSubscription.objects.create(
            user=by, endpoint=f"https://push.example.org/{name}", p256dh="x", auth="x", device=name, created_at=NOON
        ).pk,
        "membership_id": HubMembership.objects.create(
            household=household, hub=hub, state=MembershipState.ASKED, message=f"{name} asks", asked_at=NOON
        ).pk,
        **_between_people(name, reservation, line, household, by),
        **_at_the_handover(name, reservation, household, by),
    }


def _between_people(
    name: str, reservation: Reservation, line: ReservationLine, household: Household, by: User
) -> dict[str, int]:
    claim = Claim.objects.create(
        reservation=reservation, line=line, kind=Claim.Kind.DAMAGED, text=f"{name} claim", request_key=name, by=by,
        made_at=NOON,
    )  # fmt: skip
    photo = ClaimPhoto.objects.create(
        reservation=reservation, request_key=name, claim=claim, content=name.encode(), width=1, height=1, added_at=NOON
    )
    thread = Thread.objects.create(
        hub=reservation.round.hub, household=household, reservation=reservation, waiting_for=Side.HUB.value,
        waiting_since=NOON, opened_at=NOON, last_at=NOON,
    )  # fmt: skip
    Message.objects.create(
        thread=thread, by=by, side=Side.HOUSEHOLD.value, text=f"{name} question", at=NOON, request_key=name
    )
    share = LineShare.objects.create(
        reservation=reservation, offer=line.offer, household=household, parts=1, total_parts=2, by=by, offered_at=NOON
    )
    invitation = HouseholdInvitation.objects.create(
        household=household, by=by, email=f"{name.lower()}@example.org", token_hash=_hash(f"{name} household"),
        created_at=NOON, expires_at=NOON + timedelta(days=3650),
    )  # fmt: skip
    return {
        "claim_id": claim.pk,
        "photo_id": photo.pk,
        "thread_id": thread.pk,
        "share_id": share.pk,
        "invitation_id": invitation.pk,
    }


def _at_the_handover(name: str, reservation: Reservation, household: Household, by: User) -> dict[str, int]:
    handover = reservation.handover
    shift = VolunteerShift.objects.create(
        handover=handover, task=f"{name} shift", starts_at=handover.starts_at, ends_at=handover.ends_at
    )
    ShiftVolunteer.objects.create(shift=shift, user=by, household=household, signed_at=NOON)
    link = DeputyLink.objects.create(
        handover=handover, name=f"{name} deputy", token_hash=_hash(f"{name} deputy"), made_by=by, made_at=NOON,
        valid_from=NOON, valid_until=NOON + timedelta(days=3650),
    )  # fmt: skip
    return {"shift_id": shift.pk, "link_id": link.pk}


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
