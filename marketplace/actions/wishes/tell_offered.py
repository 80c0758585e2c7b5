"""Tell offered: when a window opens, tell the households whose wish it answers."""

from collections import defaultdict

from django.db import transaction
from django.urls import reverse

from marketplace import clock
from marketplace.actions.notices.tell import tell
from marketplace.models import HouseholdMember, Offer, OrderingWindow, Wish
from marketplace.rules.notices import NoticeKind
from marketplace.rules.wishes import answers


@transaction.atomic
def tell_offered(*, window_id: int) -> int:
    """Mark the hub's open wishes that an offer of this window answers, and tell their households; how many wishes.

    Harmless twice: a wish is told by one offer at a time. Statements: three, and a few per offer that answers any.
    """
    window = OrderingWindow.objects.select_related("round__hub").get(pk=window_id)
    wishes: dict[str, list[Wish]] = defaultdict(list)
    for wish in Wish.objects.filter(topic__hub_id=window.round.hub_id, state=Wish.State.OPEN).select_related("topic"):
        wishes[wish.topic.key].append(wish)
    if not wishes:
        return 0
    told = 0
    for offer in Offer.objects.filter(window=window).select_related("product").order_by("pk"):
        words = offer.product.search_text.split()
        for key in [key for key in wishes if answers(key, words)]:
            found = [wish for wish in wishes[key] if offer.product_id not in wish.not_these]
            told += _tell(window, offer, found)
            wishes[key] = [wish for wish in wishes[key] if wish not in found]
    return told


def _tell(window: OrderingWindow, offer: Offer, wishes: list[Wish]) -> int:
    mine = Wish.objects.filter(pk__in=[wish.pk for wish in wishes], state=Wish.State.OPEN)
    marked = mine.update(state=Wish.State.OFFERED, offered=offer, told_at=clock.now())
    households = [wish.household_id for wish in wishes]
    tell(
        kind=NoticeKind.WISH,
        user_ids=HouseholdMember.objects.filter(household__in=households).values_list("user_id", flat=True),
        key=f"offer:{offer.pk}",
        facts={
            "product": offer.product.name,
            "round": window.round.name,
            "hub": window.round.hub.name,
            "closes_at": window.closes_at.isoformat(),
            "until": window.closes_at.isoformat(),
            "zone": window.round.hub.time_zone,
        },
        link=reverse("offer", args=[window.round_id, offer.pk]),
    )
    return marked
