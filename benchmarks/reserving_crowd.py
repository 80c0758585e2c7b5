"""One process of the reserving benchmark's crowd: some clients in threads, each reserving as fast as it is answered.

python -m benchmarks.reserving_crowd many|one CLIENTS SECONDS NUMBER     (benchmarks.reserving starts it)
"""

import json
import os
import random
import sys
import time
from threading import Thread
from typing import Any

from benchmarks.reserving_data import HOT_OFFER_ID, ROUND_ID, Size

# The people at the end of the list belong to the other half of the benchmark.
PEOPLE_PER_CLIENT = 150


class Client(Thread):
    """Reserves for one household after the other."""

    def __init__(self, *, kind: str, number: int, until: float) -> None:
        super().__init__(daemon=True)
        self.kind, self.number, self.until = kind, number, until
        self.took_ms: list[float] = []
        self.deadlocks = 0
        self.held: dict[tuple[int, int], int] = {}  # units per household and offer, as last told
        self.errors: list[str] = []

    def run(self) -> None:
        from django.db import connection

        from marketplace.models import User

        chance = random.Random(self.number)
        # "one" asks as the later people, so that each of its reservations is a household's first too.
        half = Size().people // 2 - 500 if self.kind == "one" else 0
        first = half + self.number * PEOPLE_PER_CLIENT
        people = list(User.objects.order_by("pk")[first : first + PEOPLE_PER_CLIENT])
        turn = 0
        while time.time() < self.until:
            self._reserve(people[turn % len(people)], chance, f"{self.kind}-{self.number}-{turn}")
            turn += 1
        connection.close()

    def _reserve(self, person: Any, chance: random.Random, key: str) -> None:
        from django.db import DatabaseError

        from marketplace.actions.reserve import reserve
        from marketplace.rules.wanted import WantedLine

        offers = [HOT_OFFER_ID] if self.kind == "one" else chance.sample(range(2, Size().offers + 1), 3)
        started = time.perf_counter()
        try:
            answer = reserve(
                round_id=ROUND_ID,
                lines=[WantedLine(offer_id=offer, firm=1) for offer in offers],
                request_key=key,
                by=person,
            )
        except DatabaseError as error:
            self.deadlocks += "deadlock" in str(error)
            self.errors.append(str(error)[:100])
            return
        self.took_ms.append(round((time.perf_counter() - started) * 1000, 2))
        self.held.update({(answer.reservation_id, line.offer_id): line.firm for line in answer.lines})


def audit(kind: str, accepted: int) -> dict[str, int]:
    """What the books say afterwards."""
    from django.db.models import Sum
    from django.db.models.functions import Coalesce

    from marketplace.models import Offer, ReservationLine, ReservationVersion

    offers = Offer.objects.filter(pk=HOT_OFFER_ID) if kind == "one" else Offer.objects.exclude(pk=HOT_OFFER_ID)
    counted = offers.annotate(units=Coalesce(Sum("lines__firm"), 0)).values_list(
        "units", "capacity__taken", "capacity__limit"
    )
    ours = ReservationVersion.objects.filter(request_key__startswith=f"{kind}-").values("reservation")
    stored = ReservationLine.objects.filter(reservation__in=ours).aggregate(units=Coalesce(Sum("firm"), 0))["units"]
    books = list(counted)
    return {
        "oversold": sum(max(units - limit, 0) for units, _, limit in books),
        "miscounted": sum(units != taken for units, taken, _ in books),
        "lost": accepted - stored,
        "units": sum(units for units, _, _ in books),
    }


def main() -> None:
    kind, clients, seconds, number = sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4])
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
    import django

    django.setup()
    started = time.time()
    crowd = [Client(kind=kind, number=number * clients + n, until=started + seconds) for n in range(clients)]
    for client in crowd:
        client.start()
    for client in crowd:
        client.join()
    told = {
        "seconds": time.time() - started,
        "took_ms": [ms for client in crowd for ms in client.took_ms],
        "accepted": sum(units for client in crowd for units in client.held.values()),
        "deadlocks": sum(client.deadlocks for client in crowd),
        "errors": [error for client in crowd for error in client.errors],
    }
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
