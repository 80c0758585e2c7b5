"""What one run after the close changed for the households: units and charges before and after it, line by line."""

from dataclasses import dataclass

from marketplace.models import Allocation, ClearingRun, OfferOutcome, ReservationLine, SubstituteAllocation
from marketplace.queries.results import Got, got_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedLine:
    """A line that a run touched. `instead` are the units of other products that it gets now, by the product's name."""

    line_id: int
    reservation_id: int
    household_id: int
    offer_id: int
    product: str
    before: Got
    after: Got
    instead: tuple[tuple[str, int], ...]

    @property
    def fewer(self) -> int:
        """Units less than before; below 0: more."""
        return self.before.quantity - self.after.quantity


def changed_lines(run_id: int) -> list[ChangedLine]:
    """The lines of a run at a confirmation or receipt, in the order of households. Seven queries."""
    run = ClearingRun.objects.get(pk=run_id)
    runs = ClearingRun.objects.filter(window=run.window_id, voided_at__isnull=True, number__lte=run.number)
    numbers = dict(runs.values_list("pk", "number"))
    substitutes = SubstituteAllocation.objects.filter(run__in=numbers).select_related("product")
    touched = {
        *Allocation.objects.filter(run=run).values_list("line_id", flat=True),
        *substitutes.filter(run=run).values_list("line_id", flat=True),
    }
    lines = list(
        ReservationLine.objects.filter(pk__in=touched)
        .select_related("offer__product", "reservation")
        .order_by("reservation__household_id", "offer__product__name", "pk")
    )
    decided = OfferOutcome.objects.filter(run__in=numbers, offer__in={line.offer_id for line in lines})
    outcomes: dict[int, list[OfferOutcome]] = {}
    for outcome in decided.order_by("run__number"):
        outcomes.setdefault(outcome.offer_id, []).append(outcome)
    allocations: dict[int, list[Allocation]] = {}
    for allocation in Allocation.objects.filter(run__in=numbers, line__in=touched).order_by("run__number"):
        allocations.setdefault(allocation.line_id, []).append(allocation)
    instead: dict[int, dict[str, int]] = {}
    for row in substitutes.filter(line__in=touched).order_by("run__number"):
        instead.setdefault(row.line_id, {})[row.product.name] = row.quantity
    return [
        _changed(line, run, outcomes[line.offer_id], allocations.get(line.pk, []), instead.get(line.pk, {}))
        for line in lines
    ]


def _changed(
    line: ReservationLine,
    run: ClearingRun,
    outcomes: list[OfferOutcome],
    allocations: list[Allocation],
    instead: dict[str, int],
) -> ChangedLine:
    earlier = [outcome for outcome in outcomes if outcome.run_id != run.pk]
    before = [allocation for allocation in allocations if allocation.run_id != run.pk]
    return ChangedLine(
        line_id=line.pk,
        reservation_id=line.reservation_id,
        household_id=line.reservation.household_id,
        offer_id=line.offer_id,
        product=line.offer.product.name,
        before=got_of(line, earlier[-1], before[-1] if before else None),
        after=got_of(line, outcomes[-1], allocations[-1] if allocations else None),
        instead=tuple((name, units) for name, units in sorted(instead.items()) if units),
    )
