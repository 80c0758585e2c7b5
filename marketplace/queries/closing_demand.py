"""What closing reads of a window's reservations: sums per offer, and lines where sums are not enough."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime

from django.db import connection
from django.db.models import Case, CharField, Count, F, QuerySet, Sum, TextField, Value, When
from django.db.models.functions import Cast

from marketplace.models import Allocation, ClearingRun, Offer, OrderingWindow, ReservationLine
from marketplace.queries.demand import counting
from marketplace.rules.clearing.terms import Consent, DemandGroup, Id, Line, Raise

# Who took extras in this many closings of the hub comes later (docs/domain.md, "Closing").
REMEMBERED_WINDOWS = 8

# Room for the groups of a window of a million lines, with much to spare.
SUMMING_MEMORY = "64MB"

_CONSENT = {consent.code: consent for consent in Consent}


def demand_of(lines: QuerySet[ReservationLine]) -> dict[Id, list[DemandGroup]]:
    """The demand per offer, limit, use and all-or-nothing, in no particular order. One statement (and a setting)."""
    _sum_in_memory()
    rows = (
        lines
        # Lines without flexible units never use their consent: they are one group, whatever it says.
        .annotate(use=Case(When(flexible=0, then=Value("case")), default=F("flexible_for"), output_field=CharField()))
        .order_by()
        .values_list("offer_id", "max_unit_price_minor", "use", "whole_only")
        .annotate(Sum("firm"), Sum("flexible"), Count("pk"))
    )
    demand: dict[Id, list[DemandGroup]] = {}
    for offer_id, limit, use, whole_only, firm, flexible, count in rows:
        group = DemandGroup(limit, _CONSENT[use], whole_only, firm, flexible, count)
        demand.setdefault(offer_id, []).append(group)
    return demand


def lines_that_count(window_id: int) -> QuerySet[ReservationLine]:
    """The lines of a window whose households agreed to the offers as they are. One small statement: where no offer
    changed for the worse, which is nearly always, the lines are read without a look at their offers."""
    lines = ReservationLine.objects.filter(window_id=window_id)
    return counting(lines) if asks_agreement(window_id) else lines


def asks_agreement(window_id: int) -> bool:
    """Whether some offer of the window changed so that lines need their households' agreement. One statement."""
    return Offer.objects.filter(window_id=window_id, agreement_version__gt=1).exists()


def released_lines(window_id: int, offer_ids: Collection[Id]) -> list[int]:
    """Lines of these offers that go without, since their households did not agree to a change. Two statements, one
    where nothing asked for an agreement."""
    if not asks_agreement(window_id):
        return []
    lines = ReservationLine.objects.filter(window_id=window_id, agreed_version__lt=F("offer__agreement_version"))
    of_these = set(offer_ids)
    rows = lines.order_by("pk").values_list("pk", "offer_id")
    return [line_id for line_id, offer_id in rows if offer_id in of_these]


def _sum_in_memory() -> None:
    """Give the sums of a large window room until the transaction ends: the database's own setting would have it sort a
    million lines on disk, which takes much longer than summing them in a table."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('work_mem', %s, true) "
                "WHERE pg_size_bytes(current_setting('work_mem')) < pg_size_bytes(%s)",
                [SUMMING_MEMORY, SUMMING_MEMORY],
            )


class WindowLines:
    """Loads the lines of given offers of one window (the rules' LineSource). One statement per load.

    The first load that meets flexible units also reads who took extras before: one more statement per closing.
    """

    def __init__(self, window: OrderingWindow, lines: QuerySet[ReservationLine]) -> None:
        """`lines` are the window's lines that count (`lines_that_count`)."""
        self._window = window
        self._extra_taken: dict[int, int] | None = None
        self._counting = lines

    def __call__(self, offer_ids: Sequence[Id], /, *, flexible_only: bool) -> Mapping[Id, Sequence[Line]]:
        """The lines per offer, in no particular order."""
        found: dict[Id, list[Line]] = {offer_id: [] for offer_id in offer_ids}
        lines = self._counting.filter(offer_id__in=offer_ids)
        if flexible_only:
            lines = lines.filter(flexible__gt=0)
        rows = lines.order_by().values_list(
            # As texts: a driver's instants and JSON take longer than everything else about a line.
            *("pk", "reservation_id", Cast("placed_at", TextField()), Cast("raised", TextField()), "offer_id"),
            *("firm", "flexible", "flexible_for", "max_unit_price_minor", "whole_only"),
        )
        for line_id, reservation_id, placed_at, raised, offer_id, firm, flexible, use, limit, whole_only in rows:
            found[offer_id].append(
                Line(
                    line_id,
                    # A household has one reservation in the round, so here that names the household as well.
                    reservation_id,
                    _instant(placed_at),
                    () if raised == "[]" else _raises(raised),
                    offer_id,
                    firm,
                    flexible,
                    _CONSENT[use],
                    limit,
                    whole_only,
                    self.extra_taken(reservation_id) if flexible else 0,
                )
            )
        return found

    def extra_taken(self, reservation_id: int) -> int:
        """Units of extra that the reservation's household took in the hub's last closings."""
        if self._extra_taken is None:
            self._extra_taken = extra_taken_of(self._window)
        return self._extra_taken.get(reservation_id, 0)


def line_of(row: ReservationLine) -> Line:
    """A loaded line as the clearing reads it; who took extras before plays no part."""
    return Line(
        row.pk,
        row.reservation_id,
        row.placed_at,
        tuple(Raise(datetime.fromisoformat(part["at"]), part["by"]) for part in row.raised),
        row.offer_id,
        row.firm,
        row.flexible,
        _CONSENT[row.flexible_for],
        row.max_unit_price_minor,
        row.whole_only,
        0,
    )


def extra_taken_of(window: OrderingWindow) -> dict[int, int]:
    """Per reservation of the window's round, the extras that its household took in the last eight windows that the
    hub closed (by their deadlines, without this one). Households that took none are left out. One statement."""
    runs = (
        ClearingRun.objects.filter(
            window__round__hub_id=window.round.hub_id, kind=ClearingRun.Kind.CLOSE, voided_at__isnull=True
        )
        .exclude(window=window)
        .order_by("-closes_at", "-pk")[:REMEMBERED_WINDOWS]
    )
    rows = (
        Allocation.objects.filter(
            run__in=runs.values("pk"), extra__gt=0, line__reservation__household__reservations__round_id=window.round_id
        )
        .order_by()
        .values_list("line__reservation__household__reservations__pk")
        .annotate(Sum("extra"))
    )
    return dict(rows)


def _raises(text: str) -> tuple[Raise, ...]:
    """The later parts of a line's firm quantity, from their JSON text."""
    return tuple(Raise(_instant(part["at"]), part["by"]) for part in json.loads(text))


def _instant(text: str) -> datetime:
    """An instant from ISO 8601 text. SQLite keeps instants in UTC and leaves that out."""
    read = datetime.fromisoformat(text)
    return read if read.tzinfo is not None else read.replace(tzinfo=UTC)
