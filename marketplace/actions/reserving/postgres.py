"""Reserving on PostgreSQL: one statement per step (docs/benchmarks.md has what that saves).

The tables are those of models/; portable.py says the same in the ORM, and one set of tests runs on both.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models.sql import Query

from marketplace import clock
from marketplace.actions.reserving.context import (
    Context,
    HandoverFacts,
    HeldLine,
    HeldReservation,
    OfferFacts,
    StoredAnswer,
    Who,
    terms_of,
)
from marketplace.actions.reserving.request import Request
from marketplace.actions.reserving.writing import Want, Writing
from marketplace.errors import NotFound, ReservationChanged
from marketplace.models import OrderingWindow, Reservation, User
from marketplace.queries.demand import from_stored
from marketplace.rules.states import WindowState

# First keys of two-key advisory locks, beside locks.WINDOW_LOCKS. A household is held before any window, an offer
# after the windows and before the counters: nobody who holds a later one waits for an earlier one.
HOUSEHOLD_LOCKS = 0x484F55  # "HOU"
OFFER_LOCKS = 0x4F4646  # "OFF"
# Second keys are 32 bits wide; two ids that meet there only wait for each other.
KEYS = 2**31 - 1

WHO = """
SELECT m.household_id,
       ARRAY(SELECT w.id FROM marketplace_orderingwindow w
             WHERE w.round_id = %(round)s
               AND ((%(all)s AND w.state = %(open)s)
                    OR w.id IN (SELECT o.window_id FROM marketplace_offer o WHERE o.id = ANY(%(offers)s::bigint[])))),
       pg_advisory_xact_lock(%(class)s, (m.household_id %% %(keys)s)::int)
FROM marketplace_householdmember m
WHERE m.user_id = %(user)s AND (%(household)s::bigint IS NULL OR m.household_id = %(household)s)
ORDER BY m.joined_at, m.household_id
LIMIT 1
"""

CONTEXT = """
WITH own AS MATERIALIZED (
    SELECT l.offer_id, l.window_id, l.firm, l.flexible, l.flexible_for, l.max_unit_price_minor, l.whole_only,
           l.placed_at, l.raised
    FROM marketplace_reservation v JOIN marketplace_reservationline l ON l.reservation_id = v.id
    WHERE v.household_id = %(household)s AND v.round_id = %(round)s
)
SELECT {clock}, r.hub_id, h.currency, json_build_object(
    'windows', (SELECT json_agg(json_build_array(w.id, w.state, w.opens_at, w.fills_at, w.closes_at))
        FROM marketplace_orderingwindow w WHERE w.round_id = r.id),
    'offers', (SELECT json_agg(json_build_array(o.id, o.window_id, o.capacity_id, o."case", o.splittable, o.multiple,
            o.split_fee_minor, o.hub_flexible, o.shortage_rule, c."limit",
            (SELECT json_agg(json_build_array(s.from_quantity, s.cost_minor, s.unit_price_minor)
                    ORDER BY s.from_quantity) FROM marketplace_pricestep s WHERE s.offer_id = o.id),
            d.groups))
        FROM marketplace_offer o
        JOIN marketplace_orderingwindow w ON w.id = o.window_id AND w.round_id = r.id
        LEFT JOIN marketplace_capacity c ON c.id = o.capacity_id
        LEFT JOIN marketplace_offerdemand d ON d.offer_id = o.id
        WHERE o.id = ANY(%(offers)s::bigint[] || ARRAY(SELECT own.offer_id FROM own))),
    'handovers', (SELECT json_agg(json_build_array(p.id, p.pickup_point_id, p.capacity_id, c."limit")
                          ORDER BY p.starts_at, p.id)
        FROM marketplace_handover p LEFT JOIN marketplace_capacity c ON c.id = p.capacity_id WHERE p.round_id = r.id),
    'group', (SELECT json_build_array(g.pickup_point_id)
        FROM marketplace_group g JOIN marketplace_groupmember m ON m.group_id = g.id
        WHERE g.id = coalesce(%(group)s::bigint, (SELECT v.group_id FROM marketplace_reservation v
                WHERE v.household_id = %(household)s AND v.round_id = r.id))
          AND g.hub_id = r.hub_id AND m.household_id = %(household)s),
    'reservation', (SELECT json_build_array(v.id, v.version, v.state, v.handover_id, v.group_id)
        FROM marketplace_reservation v WHERE v.household_id = %(household)s AND v.round_id = r.id),
    'lines', (SELECT json_agg(json_build_array(own.offer_id, own.window_id, own.firm, own.flexible, own.flexible_for,
            own.max_unit_price_minor, own.whole_only, own.placed_at, own.raised)) FROM own),
    'stored', (SELECT json_build_array(v.reservation_id, v.request_hash, v.answer)
        FROM marketplace_reservationversion v WHERE v.household_id = %(household)s AND v.request_key = %(key)s)
)::text
FROM marketplace_round r JOIN marketplace_hub h ON h.id = r.hub_id
WHERE r.id = %(round)s
"""

# The new count is made from the locked row. Made from c, the snapshot's row, it would be right in the end too, but
# checked against the limit once with the snapshot's count, and refused if others gave units back meanwhile.
TAKE = """
WITH locked AS MATERIALIZED (
    SELECT c.id, c."limit", c.taken FROM marketplace_capacity c
    WHERE c.id = ANY(%(ids)s::bigint[]) ORDER BY c.id FOR NO KEY UPDATE
), granted AS MATERIALIZED (
    SELECT l.id, l.taken, CASE WHEN w.units <= 0 OR w.units <= l."limit" - l.taken THEN w.units
                               WHEN w.whole THEN 0 ELSE greatest(l."limit" - l.taken, 0) END AS units
    FROM locked l
    JOIN unnest(%(ids)s::bigint[], %(units)s::bigint[], %(whole)s::boolean[]) AS w(id, units, whole) ON w.id = l.id
)
UPDATE marketplace_capacity c SET taken = g.taken + g.units FROM granted g
WHERE c.id = g.id AND g.units <> 0
RETURNING c.id, g.units
"""

WRITE = """
WITH written AS (
    INSERT INTO marketplace_reservation AS v
        (round_id, household_id, handover_id, group_id, state, version, created_at, changed_at)
    VALUES (%(round)s, %(household)s, %(handover)s, %(group)s, %(state)s, %(version)s, %(at)s, %(at)s)
    ON CONFLICT (household_id, round_id) DO UPDATE
        SET handover_id = excluded.handover_id, group_id = excluded.group_id, state = excluded.state,
            version = excluded.version, changed_at = excluded.changed_at
        WHERE v.version = excluded.version - 1
    RETURNING id
), gone AS (
    DELETE FROM marketplace_reservationline l USING written
    WHERE l.reservation_id = written.id AND l.offer_id = ANY(%(gone)s::bigint[])
    RETURNING l.id
), unallocated AS (
    DELETE FROM marketplace_allocation a USING gone WHERE a.line_id = gone.id
), put AS (
    INSERT INTO marketplace_reservationline
        (reservation_id, offer_id, window_id, firm, flexible, flexible_for, max_unit_price_minor, whole_only,
         placed_at, raised)
    SELECT written.id, x.o, x.w, x.firm, x.flexible, x.use, x."limit", x.whole, x.at, x.raised
    FROM written, json_to_recordset(%(put)s) AS x(o bigint, w bigint, firm int, flexible int, use text,
        "limit" bigint, whole boolean, at timestamptz, raised jsonb)
    ON CONFLICT (reservation_id, offer_id) DO UPDATE
        SET firm = excluded.firm, flexible = excluded.flexible, flexible_for = excluded.flexible_for,
            max_unit_price_minor = excluded.max_unit_price_minor, whole_only = excluded.whole_only,
            raised = excluded.raised
)
INSERT INTO marketplace_reservationversion
    (reservation_id, number, state, household_id, request_key, request_hash, lines, answer, changed_offers, by_id,
     placed_at)
SELECT written.id, %(version)s, %(state)s, %(household)s, %(key)s, %(hash)s, %(lines)s::jsonb, %(answer)s::jsonb,
       %(changed)s::jsonb, %(user)s, %(at)s
FROM written
RETURNING reservation_id
"""


def who(request: Request, by: User) -> Who:
    """As access.household_of finds it; the household is locked, since two of its devices may ask at once."""
    with connection.cursor() as cursor:
        cursor.execute(
            WHO,
            {
                "round": request.round_id,
                "all": request.concerns_all_windows,
                "open": WindowState.OPEN.value,
                "offers": [wanted.offer_id for wanted in request.lines],
                "class": HOUSEHOLD_LOCKS,
                "keys": KEYS,
                "user": by.pk,
                "household": request.household_id,
            },
        )
        row = cursor.fetchone()
    if row is None:
        raise NotFound(kind="household", id=request.household_id)
    return Who(row[0], row[1])


def context(request: Request, who: Who) -> Context:
    """One statement, after the locks; the lists travel as one JSON text."""
    clock_sql, clock_params = _clock()
    with connection.cursor() as cursor:
        cursor.execute(
            CONTEXT.format(clock=clock_sql),
            {
                **clock_params,
                "round": request.round_id,
                "household": who.household_id,
                "offers": [wanted.offer_id for wanted in request.lines],
                "group": request.group_id,
                "key": request.request_key,
            },
        )
        row = cursor.fetchone()
    if row is None:
        raise NotFound(kind="round", id=request.round_id)
    now, hub_id, currency, text = row
    told = json.loads(text)
    return Context(
        now=now,
        hub_id=hub_id,
        currency=currency,
        windows={w[0]: _window(request.round_id, *w) for w in told["windows"] or ()},
        locked=frozenset(who.window_ids),
        offers={o[0]: _offer(*o) for o in told["offers"] or () if o[10]},
        handovers=[HandoverFacts(*h) for h in told["handovers"] or ()],
        in_group=told["group"] is not None,
        group_point_id=told["group"] and told["group"][0],
        reservation=told["reservation"] and HeldReservation(*told["reservation"]),
        lines={line[0]: _line(*line) for line in told["lines"] or ()},
        stored=told["stored"] and StoredAnswer(*told["stored"]),
    )


def hold_offers(offer_ids: Sequence[int]) -> None:
    """Advisory locks in id order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, id) FROM unnest(%s::int[]) AS o(id)",
            [OFFER_LOCKS, sorted({offer_id % KEYS for offer_id in offer_ids})],
        )


def take(wants: Sequence[Want]) -> dict[int, int]:
    """Lock in id order, grant from the locked rows, count: one statement, so that baskets cannot lock crosswise."""
    if not wants:
        return {}
    with connection.cursor() as cursor:
        ids, units, whole = zip(*wants, strict=True)
        cursor.execute(TAKE, {"ids": list(ids), "units": list(units), "whole": list(whole)})
        return dict(cursor.fetchall())


def write(writing: Writing) -> int:
    """Reservation, lines and version in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            WRITE,
            {
                "round": writing.round_id,
                "household": writing.household_id,
                "handover": writing.handover_id,
                "group": writing.group_id,
                "state": writing.state,
                "version": writing.version,
                "at": writing.at,
                "gone": list(writing.gone),
                "put": json.dumps([_put(line) for line in writing.put]),
                "key": writing.request_key,
                "hash": writing.request_hash,
                "lines": json.dumps(writing.lines),
                "answer": json.dumps(writing.answer),
                "changed": json.dumps(writing.changed_offers),
                "user": writing.user_id,
            },
        )
        row = cursor.fetchone()
    if row is None:
        raise ReservationChanged(expected=writing.version - 1, actual=None)
    return int(row[0])


def _clock() -> tuple[str, dict[str, Any]]:
    """The one clock as SQL."""
    query = Query(Reservation)
    sql, params = query.get_compiler(connection=connection).compile(
        clock.expression().resolve_expression(query)  # type: ignore[attr-defined]
    )
    # Positional to named, as the rest of the statement is.
    named = {f"clock_{index}": value for index, value in enumerate(params)}
    return sql % tuple(f"%({name})s" for name in named), named


def _window(round_id: int, pk: int, state: str, opens_at: str, fills_at: str, closes_at: str) -> OrderingWindow:
    instants = (datetime.fromisoformat(text) for text in (opens_at, fills_at, closes_at))
    opens, fills, closes = instants
    return OrderingWindow(id=pk, round_id=round_id, state=state, opens_at=opens, fills_at=fills, closes_at=closes)


def _offer(offer_id: int, window_id: int, capacity_id: int | None, *rest: Any) -> OfferFacts:
    *terms, steps, groups = rest
    return OfferFacts(window_id, capacity_id, terms_of(offer_id, steps, terms), from_stored(groups or []))


def _line(*columns: Any) -> HeldLine:
    line = HeldLine(*columns)
    return line._replace(placed_at=datetime.fromisoformat(columns[7]))


def _put(line: HeldLine) -> dict[str, Any]:
    return {
        "o": line.offer_id,
        "w": line.window_id,
        "firm": line.firm,
        "flexible": line.flexible,
        "use": line.flexible_for,
        "limit": line.max_unit_price_minor,
        "whole": line.whole_only,
        "at": line.placed_at.isoformat(),
        "raised": line.raised,
    }
