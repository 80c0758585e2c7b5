"""Threads: who takes part, and who is waited for. Coordination between the sides of an order, not negotiation."""

from collections.abc import Mapping
from enum import StrEnum

LONGEST = 2000  # characters of one message


class Side(StrEnum):
    HOUSEHOLD = "household"
    HOST = "host"
    HUB = "hub"
    MERCHANT = "merchant"


class ThreadState(StrEnum):
    OPEN = "open"
    SETTLED = "settled"


class Subject(StrEnum):
    RESERVATION = "reservation"
    LINE = "line"
    ORDER_LINE = "order_line"


# Whom a side may wait for. A household's message always waits for somebody; an answer of the others need not.
MAY_ASK: Mapping[Side, tuple[Side, ...]] = {
    Side.HOUSEHOLD: (Side.HUB, Side.HOST, Side.MERCHANT),
    Side.HOST: (Side.HOUSEHOLD, Side.HUB),
    Side.HUB: (Side.HOUSEHOLD, Side.HOST, Side.MERCHANT),
    Side.MERCHANT: (Side.HOUSEHOLD, Side.HUB),
}


def waits_for(*, writer: Side, asked: Side | None, present: frozenset[Side]) -> Side | None:
    """Who is waited for after this message; None when it answers and asks nothing.

    Whoever is asked has to take part in the thread. A household that names nobody asks the hub.
    """
    if asked is not None and asked in MAY_ASK[writer] and asked in present:
        return asked
    return Side.HUB if writer is Side.HOUSEHOLD else None
