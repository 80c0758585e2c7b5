"""What households want of offers, exactly, from the lines."""

from collections.abc import Collection

from django.db.models import Case, CharField, Count, F, QuerySet, Sum, Value, When

from marketplace.models import ReservationLine
from marketplace.rules.clearing.terms import Consent, DemandGroup

CONSENTS = {consent.code: consent for consent in Consent}


def demand_groups(
    offer_ids: Collection[int] | None = None, *, window_id: int | None = None
) -> dict[int, list[DemandGroup]]:
    """The demand groups of some offers, of a window, or of some offers of a window. One statement.

    Lines that wait for their household's agreement to a changed offer do not count (docs/adr/0013). Offers without
    lines are left out. The groups of an offer come in a fixed order (no limit first, rising limits).
    """
    if offer_ids is None and window_id is None:
        raise ValueError("Name the offers or the window.")
    lines = counting(ReservationLine.objects.all())
    if window_id is not None:
        lines = lines.filter(window_id=window_id)
    if offer_ids is not None:
        lines = lines.filter(offer_id__in=offer_ids)
    rows = (
        # Lines without flexible units never use their consent: they are one group, whatever it says.
        lines.annotate(
            use=Case(When(flexible=0, then=Value("case")), default=F("flexible_for"), output_field=CharField())
        )
        .order_by()
        .values_list("offer_id", "max_unit_price_minor", "use", "whole_only")
        .annotate(Sum("firm"), Sum("flexible"), Count("id"))
    )
    groups: dict[int, list[DemandGroup]] = {}
    for offer_id, limit, use, whole_only, firm, flexible, count in rows.iterator(chunk_size=5000):
        group = DemandGroup(limit, CONSENTS[use], whole_only, firm, flexible, count)
        groups.setdefault(offer_id, []).append(group)
    for of_offer in groups.values():
        of_offer.sort(key=_order)
    return groups


def counting(lines: QuerySet[ReservationLine]) -> QuerySet[ReservationLine]:
    """Of these lines, those whose household agreed to the offer as it is."""
    return lines.filter(agreed_version__gte=F("offer__agreement_version"))


def _order(group: DemandGroup) -> tuple[int, Consent, bool]:
    return (-1 if group.limit is None else group.limit, group.flexible_for, group.whole_only)


def stored(groups: Collection[DemandGroup]) -> list[list[object]]:
    """Demand groups as the projection's column holds them."""
    return [[g.limit, g.flexible_for.code, g.whole_only, g.firm, g.flexible, g.lines] for g in groups]


def from_stored(rows: list[list[object]]) -> list[DemandGroup]:
    """Demand groups from the projection's column."""
    return [DemandGroup(row[0], CONSENTS[row[1]], *row[2:]) for row in rows]  # type: ignore[arg-type, index]
