"""Another process in the tests of the whole house: python -m tests.realtime.steps.

It reads steps from standard input, one a line (`["reserve_units", 1, 3]`), and answers each with one line of JSON.
"""

import json
import sys
import time
from datetime import timedelta

import django

django.setup()

from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from marketplace import relay  # noqa: E402
from marketplace.actions.reserve import reserve  # noqa: E402
from marketplace.events import emit, on  # noqa: E402
from marketplace.models import Category, HandledEvent, Offer, OutboxEvent  # noqa: E402
from marketplace.rules.wanted import WantedLine  # noqa: E402
from tests import factories  # noqa: E402


def seed() -> dict[str, int]:
    """An open round with one offer."""
    now = timezone.now()
    round_ = factories.make_round(factories.make_hub())
    factories.make_handover(round_)
    hours = timedelta(hours=1)
    window = factories.make_window(round_, opens_at=now - hours, closes_at=now + 5 * hours)
    offer = factories.make_offer(window, factories.make_product(factories.make_merchant()), case=6)
    return {"round": round_.pk, "window": window.pk, "offer": offer.pk}


def reserve_units(offer_id: int, firm: int) -> float:
    """A new household reserves; when it was told that it had."""
    offer = Offer.objects.select_related("window").get(pk=offer_id)
    person = factories.make_user(f"ana-{time.time_ns()}")  # the factories count per process
    factories.make_household(user=person)
    wanted = [WantedLine(offer_id=offer_id, firm=firm)]
    reserve(round_id=offer.window.round_id, lines=wanted, request_key=f"key-{person.pk}", by=person)
    return time.time()


def tell_opened(window_id: int, round_id: int) -> int:
    """Tell that the window opened; the event."""
    with transaction.atomic():
        return emit("window.opened", window_id=window_id, round_id=round_id).pk


def tell_quietly(window_id: int, round_id: int) -> int:
    """The same, with the wake-up lost on the way."""
    with transaction.atomic():
        event = emit("window.opened", window_id=window_id, round_id=round_id)
        connection.run_on_commit.clear()
    return event.pk


def deliver_and_hang(event_id: int) -> None:
    """Deliver with a handler that writes, says so and never comes back."""

    def hang(**_: object) -> None:
        Category.objects.create(slug="half-done", name="Half done")
        print(json.dumps("in the middle"), flush=True)
        time.sleep(60)

    on("window.opened", name="hang")(hang)
    relay.deliver(event_id)


def deliver_and_finish(event_id: int) -> list[object]:
    """Sweep with the same handler, working: what it left, and what is noted about it."""

    def finish(**_: object) -> None:
        Category.objects.create(slug="half-done", name="Done")

    on("window.opened", name="hang")(finish)
    deadline = time.monotonic() + 20
    while not OutboxEvent.objects.filter(pk=event_id, settled_at__isnull=False).exists():
        assert time.monotonic() < deadline
        relay.deliver_pending()
        time.sleep(0.2)
    row = HandledEvent.objects.get(event=event_id, handler="hang")
    return [list(Category.objects.filter(slug="half-done").values_list("name", flat=True)), row.state, row.attempts]


STEPS = (seed, reserve_units, tell_opened, tell_quietly, deliver_and_hang, deliver_and_finish)

if __name__ == "__main__":
    by_name = {function.__name__: function for function in STEPS}
    for line in sys.stdin:
        name, *numbers = json.loads(line)
        print(json.dumps(by_name[name](*numbers)), flush=True)
