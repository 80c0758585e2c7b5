"""Reserving on PostgreSQL: one statement per step (docs/benchmarks.md has what that saves).

The tables are those of models/; portable.py says the same in the ORM, and one set of tests runs on both. Integers are
sent in one width each: a prepared statement belongs to its parameters' types.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models.sql import Query
from psycopg.types.numeric import Int4, Int8

from marketplace import clock
from marketplace.actions.reserving import statements
from marketplace.actions.reserving.context import (
    Context,
    HandoverFacts,
    HeldLine,
    HeldReservation,
    OfferFacts,
    Standing,
    StoredAnswer,
    Who,
    terms_of,
)
from marketplace.actions.reserving.request import Request
from marketplace.actions.reserving.session import plan_once, rows
from marketplace.actions.reserving.writing import Want, Writing
from marketplace.errors import NotFound, ReservationChanged
from marketplace.models import OrderingWindow, Reservation, User
from marketplace.queries.demand import from_stored
from marketplace.rules.states import WindowState


def who(request: Request, by: User) -> Who:
    """As access.household_of finds it; the household is locked, since two of its devices may ask at once."""
    found = rows(
        statements.WHO_FOR if request.for_household else statements.WHO,
        {
            "round": Int8(request.round_id),
            "all": request.concerns_all_windows,
            "open": WindowState.OPEN.value,
            "offers": _ids(wanted.offer_id for wanted in request.lines),
            "user": Int8(by.pk),
            "household": _id(request.household_id),
            "class": Int4(statements.HOUSEHOLD_LOCKS),
            "keys": Int8(statements.KEYS),
        },
    )
    if not found:
        raise NotFound(kind="household", id=request.household_id)
    household_id, window_ids, served_by, *_ = found[0]
    plan_once(served_by)
    return Who(household_id, window_ids)


def context(request: Request, who: Who) -> Context:
    """One statement, after the locks; the lists travel as one JSON text."""
    clock_sql, clock_params = _clock()
    found = rows(
        statements.CONTEXT.format(clock=clock_sql),
        {
            **clock_params,
            "round": Int8(request.round_id),
            "household": Int8(who.household_id),
            "offers": _ids(wanted.offer_id for wanted in request.lines),
            "group": _id(request.group_id),
            "key": request.request_key,
            "draft": WindowState.DRAFT.value,
            "products": _ids(product for wanted in request.lines for product in wanted.substitutes),
        },
    )
    if not found:
        raise NotFound(kind="round", id=request.round_id)
    now, hub_id, currency, join_policy, trial_orders, text = found[0]
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
        standing=Standing(join_policy, trial_orders, *(told["membership"] or (None, 0))),
        products=frozenset(told["products"] or ()),
    )


def hold_households(household_ids: Collection[int]) -> None:
    """Advisory locks in the order of their keys."""
    rows(statements.HOLD_HOUSEHOLDS, _households(household_ids))


def try_households(household_ids: Collection[int]) -> set[int]:
    """One statement; what it locked is read in a later one."""
    got = {key for key, free in rows(statements.TRY_HOUSEHOLDS, _households(household_ids)) if free}
    return {household_id for household_id in household_ids if household_id % statements.KEYS in got}


def hold_offers(offer_ids: Sequence[int]) -> None:
    """Advisory locks in id order."""
    keys = sorted({offer_id % statements.KEYS for offer_id in offer_ids})
    rows(statements.HOLD_OFFERS, {"class": Int4(statements.OFFER_LOCKS), "ids": [Int4(key) for key in keys]})


def take(wants: Sequence[Want]) -> dict[int, int]:
    """Lock in id order, grant from the locked rows, count: one statement, so that baskets cannot lock crosswise."""
    return dict(rows(statements.TAKE, _wants(wants))) if wants else {}


def write(writing: Writing) -> int:
    """Reservation, lines and version in one statement."""
    found = rows(statements.WRITE, _written(writing))
    if not found:
        raise ReservationChanged(expected=writing.version - 1, actual=None)
    return int(found[0][0])


def take_and_write(wants: Sequence[Want], writing: Writing) -> int | None:
    """Both in one statement, so that a counter is held as shortly as can be."""
    found = rows(statements.TAKE_AND_WRITE, {**_wants(wants), **_written(writing)})
    return int(found[0][0]) if found else None


def _wants(wants: Sequence[Want]) -> dict[str, Any]:
    return {
        "ids": _ids(want.capacity_id for want in wants),
        "units": _ids(want.units for want in wants),
        "whole": [want.whole for want in wants],
    }


def _written(writing: Writing) -> dict[str, Any]:
    return {
        "round": Int8(writing.round_id),
        "household": Int8(writing.household_id),
        "handover": Int8(writing.handover_id),
        "group": _id(writing.group_id),
        "state": writing.state,
        "version": Int4(writing.version),
        "at": writing.at,
        "gone": _ids(writing.gone),
        "put": json.dumps([_put(line) for line in writing.put]),
        "key": writing.request_key,
        "hash": writing.request_hash,
        "lines": json.dumps(writing.lines),
        "answer": json.dumps(writing.answer),
        "changed": json.dumps(writing.changed_offers),
        "user": Int8(writing.user_id),
        "via": writing.via,
    }


def _households(household_ids: Collection[int]) -> dict[str, Any]:
    keys = sorted({household_id % statements.KEYS for household_id in household_ids})
    return {"class": Int4(statements.HOUSEHOLD_LOCKS), "ids": [Int4(key) for key in keys]}


def _id(number: int | None) -> Int8 | None:
    return None if number is None else Int8(number)


def _ids(numbers: Iterable[int]) -> list[Int8]:
    return [Int8(number) for number in numbers]


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
    *terms, steps, groups, taken, version, agreement_version, product_id = rest
    return OfferFacts(
        window_id, capacity_id, terms_of(offer_id, steps, terms), from_stored(groups or []), taken or 0,
        version, agreement_version, product_id,
    )  # fmt: skip


def _line(*columns: Any) -> HeldLine:
    line = HeldLine(*columns)
    offered_at = line.offered_back_at and datetime.fromisoformat(columns[10])
    until = line.collect_until and date.fromisoformat(columns[13])
    return line._replace(placed_at=datetime.fromisoformat(columns[7]), offered_back_at=offered_at, collect_until=until)


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
        "back": line.offered_back,
        "back_at": line.offered_back_at and line.offered_back_at.isoformat(),
        "agreed": line.agreed_version,
        "instead": list(line.substitutes),
        "until": line.collect_until and line.collect_until.isoformat(),
    }
