"""What the walk needs beside the browser's seed: a group with two places near it, a short round, and the next one.

Run in the server's environment: `first()` and `following()` print numbers as JSON.
"""

import json
from datetime import timedelta

from marketplace import clock
from marketplace.actions.start_group import start_group
from marketplace.models import Handover, Hub, OrderingWindow, PickupPoint, Product, Round, Supply, User
from tests.factories import make_offer, make_window

PRODUCTS = ("Vine tomatoes", "Rye sourdough", "Honey")


def first() -> None:
    """A group of Bela's, and a round in which four make the lower price."""
    hub = Hub.objects.get(slug="ribeira")
    library = PickupPoint.objects.create(hub=hub, name="Library", address="Largo da Biblioteca 3, Lisboa")
    group = start_group(hub=hub, name="Evening table", pickup_point=library, by=User.objects.get(name="Bela"))
    round_id, offers = _round(hub, library, "Friday's round")
    print(json.dumps({"round": round_id, "offers": offers, "invitation": group.invitation, "place": library.name}))


def following() -> None:
    """The next round, with the same products."""
    hub = Hub.objects.get(slug="ribeira")
    round_id, offers = _round(hub, PickupPoint.objects.get(name="Library"), "The Friday after")
    print(json.dumps({"round": round_id, "offers": offers}))


def close_in(round_id: int, seconds: int) -> None:
    soon = clock.now() + timedelta(seconds=seconds)
    OrderingWindow.objects.filter(round_id=round_id).update(fills_at=soon, closes_at=soon)


def _round(hub: Hub, library: PickupPoint, name: str) -> tuple[int, dict[str, int]]:
    now = clock.now()
    made = Round.objects.create(hub=hub, name=name, handover_on=(now + timedelta(days=3)).date())
    for point in (PickupPoint.objects.get(hub=hub, name="Rua das Flores"), library):
        starts_at = now + timedelta(days=3)
        Handover.objects.create(
            round=made, pickup_point=point, starts_at=starts_at, ends_at=starts_at + timedelta(hours=2)
        )
    supplies = list(Supply.objects.filter(hub=hub))
    window = make_window(
        made, supplies, opens_at=now - timedelta(hours=1), closes_at=now + timedelta(hours=3), name="All"
    )
    offers = {}
    for product in Product.objects.filter(name__in=PRODUCTS):
        # Of honey so many are needed that it is not reached: its outcome has to say so.
        ladder = ((40, 195, 240),) if product.name == "Honey" else ((2, 195, 240), (4, 170, 210))
        offers[product.name] = make_offer(window, product, case=2, ladder=ladder).pk
    return made.pk, offers
