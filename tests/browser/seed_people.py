"""Dora, who uses everything: her group, line, share, standing reservation, wish, question and messages.

She keeps to the largest round, so that what the other tests count stays as it is.
"""

from django.db import transaction

from marketplace import clock
from marketplace.actions.households.invite_to_household import invite_to_household
from marketplace.actions.notices.tell import tell
from marketplace.actions.reserve import reserve
from marketplace.actions.sharing.offer_share import offer_share
from marketplace.actions.standing.keep_standing import keep_standing
from marketplace.actions.start_group import start_group
from marketplace.actions.threads.write import ask
from marketplace.actions.wishes.make_wish import make_wish
from marketplace.models import Claim, Handover, Offer, PickupPointHost, Reservation, Round, User
from marketplace.queries.threads import about_reservation
from marketplace.rules.notices import NoticeKind
from marketplace.rules.threads import Side
from marketplace.rules.wanted import WantedLine


def seed_people(*, dora: User, crowded: Round, closed: Round) -> dict[str, object]:
    """The numbers and tokens of what there is to look at."""
    handover = Handover.objects.select_related("pickup_point").get(round=crowded)
    point = handover.pickup_point
    assert point is not None
    PickupPointHost.objects.create(pickup_point=point, user=dora)
    group = start_group(hub=crowded.hub, name="Rua da Bica", pickup_point=point, welcome="Ring twice.", by=dora)
    offers = list(Offer.objects.filter(window__round=crowded).order_by("pk")[:2])
    wanted = [WantedLine(offer_id=offer.pk, firm=6) for offer in offers]
    held = reserve(round_id=crowded.pk, lines=wanted, request_key="dora", group_id=group.pk, by=dora)
    _, link = offer_share(round_id=crowded.pk, offer_id=offers[0].pk, parts=1, total_parts=2, by=dora)
    keep_standing(hub_id=crowded.hub_id, product_id=offers[1].product_id, wanted=wanted[1], by=dora)
    make_wish(hub_id=crowded.hub_id, text="oat milk", a_week=2, by=dora)
    invite_to_household(email="friend@example.org", by=dora)
    about, side = about_reservation(dora, held.reservation_id, None, clock.now())
    message = ask(about=about, side=side, text="May I come at eight?", asked=Side.HUB, request_key="ask", by=dora)
    facts = {"round": crowded.name, "place": point.name, "currency": "EUR", "total_minor": 2880, "lines": 2}
    with transaction.atomic():
        for kind in (NoticeKind.CLOSED, NoticeKind.READY):
            tell(kind=kind, user_ids=[dora.pk], key="seed", facts=facts, link="/inbox/")
    return {
        "handover": handover.pk,
        "point": point.pk,
        "group": group.pk,
        "invitation": group.invitation,
        "reservation": held.reservation_id,
        "offer": offers[1].pk,
        "share_link": link,
        "thread": message.thread_id,
        "claim": _claim(closed).pk,
    }


def _claim(closed: Round) -> Claim:
    """Of Ana: her goods lie ready, so the row is made directly."""
    held = Reservation.objects.get(round=closed)
    person = held.household.members.get()
    return Claim.objects.create(
        reservation=held,
        kind=Claim.Kind.SPOILED,
        text="Two were soft.",
        request_key="seed",
        by=person,
        made_at=clock.now(),
    )
