"""A brute-force clearing of one window: slow, and obviously what docs/domain.md, "Closing", says.

Plain dictionaries in the shape of the `clear` command's file go in, its answer comes out. Nothing here shares
code with `marketplace.rules`: every possible quantity is tried, every unit is handed out one by one, and every
combination of options is compared. Money is a Decimal of the currency's major unit. The numbers in the comments
are those of the closing rules: 1 feasible quantities, 2 the quantity at a step, 3 who gets it, 4 the merchant's
minimum order value, 5 conservation.
"""

import hashlib
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

Json = dict[str, Any]

# "case" < "price" < "order": consent to a later use is consent to those before it.
USES = ("case", "price", "order")


@dataclass(frozen=True)
class Outcome:
    """One way in which an offer can close: the step (0 is the first), what is ordered, and who gets it."""

    step: int
    quantity: int
    got: dict[str, int]
    firm_served: int
    hub: int


# --- 1. Feasible quantities at a step -------------------------------------------------------------------------


def unit_price(offer: Json, step: int) -> Decimal:
    return Decimal(offer["ladder"][step]["unit_price"])


def limit_of(offer: Json, line: Json) -> Decimal | None:
    """The line's limit, or None. A limit that the first (highest) price of the offer already meets is none."""
    if line["max_unit_price"] is None:
        return None
    limit = Decimal(line["max_unit_price"])
    return None if limit >= unit_price(offer, 0) else limit


def participants(offer: Json, lines: Iterable[Json], step: int) -> list[Json]:
    """Rule 1: who takes part at this step's price, that is who has no limit or one that is not below it."""
    taking_part = []
    for line in lines:
        limit = limit_of(offer, line)
        if limit is None or limit >= unit_price(offer, step):
            taking_part.append(line)
    return taking_part


def firm_of(lines: Iterable[Json]) -> int:
    return sum(line["firm"] for line in lines)


def is_whole(offer: Json, quantity: int) -> bool:
    return bool(quantity % offer["case"] == 0)


def is_split(offer: Json, quantity: int) -> bool:
    return bool(offer["splittable"] and quantity % offer["multiple"] == 0 and not is_whole(offer, quantity))


def use_of(offer: Json, quantity: int, extras: int) -> str:
    """Rule 1: less than one case (or, of a split quantity, one multiple) of extras only completes it."""
    completes = extras < offer["case"] if is_whole(offer, quantity) else extras < offer["multiple"]
    return "case" if completes else "price"


def consents(line: Json, use: str) -> bool:
    return USES.index(line["flexible_for"]) >= USES.index(use)


def consented(lines: Iterable[Json], use: str) -> int:
    return sum(line["flexible"] for line in lines if consents(line, use))


def in_bounds(offer: Json, step: int, quantity: int) -> bool:
    """Rule 1: a whole-case or split quantity, at least the step's and at most the cap."""
    if quantity < offer["ladder"][step]["from"]:
        return False
    if offer["cap"] is not None and quantity > offer["cap"]:
        return False
    return is_whole(offer, quantity) or is_split(offer, quantity)


def is_feasible(offer: Json, taking_part: Sequence[Json], step: int, quantity: int) -> bool:
    """Rule 1: within the firm demand always; above it, only if somebody agreed to take every extra unit."""
    firm = firm_of(taking_part)
    if firm == 0 or not in_bounds(offer, step, quantity):
        return False
    if quantity <= firm:
        return True
    extras = quantity - firm
    use = use_of(offer, quantity, extras)
    hub = 0
    if is_whole(offer, quantity) and use == "case":
        hub = min(offer["hub_flexible"], offer["case"] // 4)
    return extras <= consented(taking_part, use) + hub


# --- 2. The quantity at a step --------------------------------------------------------------------------------


def every_quantity(offer: Json, lines: Sequence[Json]) -> range:
    """All quantities that anybody could want: beyond firm, extras and a whole case from the hub there is nothing."""
    return range(firm_of(lines) + sum(line["flexible"] for line in lines) + offer["case"] + 1)


def target_of(offer: Json, taking_part: Sequence[Json]) -> int:
    firm = firm_of(taking_part)
    return firm if offer["cap"] is None else min(firm, offer["cap"])


def smallest_whole_above(offer: Json, taking_part: Sequence[Json], step: int) -> int | None:
    """Rule 2's W: the smallest feasible whole-case quantity that is not below the target."""
    target = target_of(offer, taking_part)
    for quantity in every_quantity(offer, taking_part):
        if quantity >= target and is_whole(offer, quantity) and is_feasible(offer, taking_part, step, quantity):
            return quantity
    return None


def largest_whole_below(offer: Json, taking_part: Sequence[Json], step: int) -> int:
    """Rule 2's V: the largest feasible whole-case quantity below the target, or 0."""
    target, found = target_of(offer, taking_part), 0
    for quantity in every_quantity(offer, taking_part):
        if quantity < target and is_whole(offer, quantity) and is_feasible(offer, taking_part, step, quantity):
            found = quantity
    return found


def best_split(offer: Json, taking_part: Sequence[Json], step: int) -> int | None:
    """Rule 2's S: the smallest feasible split quantity not below the target, otherwise the largest below it."""
    target, below = target_of(offer, taking_part), None
    for quantity in every_quantity(offer, taking_part):
        if not is_split(offer, quantity) or not is_feasible(offer, taking_part, step, quantity):
            continue
        if quantity >= target:
            return quantity
        below = quantity
    return below


def quantity_at(offer: Json, taking_part: Sequence[Json], step: int) -> int:
    """Rule 2: what would be ordered at this step; 0 if the step cannot be reached."""
    target, fee = target_of(offer, taking_part), Decimal(offer["split_fee"])
    whole = smallest_whole_above(offer, taking_part, step)
    below = largest_whole_below(offer, taking_part, step)
    split = best_split(offer, taking_part, step)
    if whole is not None:
        # Opening a case must save at least its fee, counted at what the hub pays for the units not ordered.
        cost = Decimal(offer["ladder"][step]["cost"])
        if split is not None and target <= split < whole and fee <= (whole - split) * cost:
            return split
        return whole
    # No whole case covers the demand: opening one must bring at least its fee, counted at what households pay.
    if split is not None and split > below and fee <= (split - below) * unit_price(offer, step):
        return split
    return below


# --- 3. Who gets it -------------------------------------------------------------------------------------------


def tie_hash(window: Json, line: Json) -> str:
    return hashlib.sha256(f"{window['window']}:{line['id']}".encode()).hexdigest()


def hand_out_extras(window: Json, lines: Sequence[Json], extras: int, use: str) -> tuple[dict[str, int], int]:
    """Rule 3: unit by unit to the consenting line with the fewest extras, recent ones included; the hub comes last."""
    extra = {line["id"]: 0 for line in lines}
    for unit in range(extras):
        waiting = [line for line in lines if consents(line, use) and extra[line["id"]] < line["flexible"]]
        if not waiting:
            return extra, extras - unit
        luckless = min(waiting, key=lambda line: (line["extra_taken"] + extra[line["id"]], tie_hash(window, line)))
        extra[luckless["id"]] += 1
    return extra, 0


def unit_times(line: Json) -> list[datetime]:
    """The time of each firm unit: raised parts have their own, the rest that of the line."""
    times = []
    for raised in line.get("raised", ()):
        times += [datetime.fromisoformat(raised["at"])] * raised["by"]
    return [datetime.fromisoformat(line["placed_at"])] * (line["firm"] - len(times)) + times


def by_first_come(window: Json, group: Sequence[Json], units: int) -> dict[str, int]:
    """Rule 3: the units queue by their times, then by the hash of their line."""
    queue = [(time, tie_hash(window, line), line["id"]) for line in group for time in unit_times(line)]
    got = {line["id"]: 0 for line in group}
    for _, _, line_id in sorted(queue)[:units]:
        got[line_id] += 1
    return got


def by_max_min(window: Json, group: Sequence[Json], units: int) -> dict[str, int]:
    """Rule 3: each unit goes to the unsatisfied line that has the least, then to the smaller hash."""
    got = {line["id"]: 0 for line in group}
    for _ in range(units):
        hungry = [line for line in group if got[line["id"]] < line["firm"]]
        poorest = min(hungry, key=lambda line: (got[line["id"]], tie_hash(window, line)))
        got[poorest["id"]] += 1
    return got


def by_proportion(window: Json, group: Sequence[Json], units: int) -> dict[str, int]:
    """Rule 3: whole parts of what the group gets first, then one unit each by largest remainder, then by hash."""
    wanted = firm_of(group)
    exact = {line["id"]: Fraction(units * line["firm"], wanted) for line in group}
    got = {line_id: int(share) for line_id, share in exact.items()}
    queue = sorted(group, key=lambda line: (got[line["id"]] - exact[line["id"]], tie_hash(window, line)))
    for line in queue[: units - sum(got.values())]:
        got[line["id"]] += 1
    return got


SHARING = {"first_come": by_first_come, "max_min": by_max_min, "proportional": by_proportion}


def hand_out_too_little(window: Json, offer: Json, taking_part: Sequence[Json], quantity: int) -> dict[str, int]:
    """Rule 3: lines without a limit come first, then the others; the shortage rule counts when the cap is the cause."""
    cap_is_short = offer["cap"] is not None and offer["cap"] < firm_of(taking_part)
    share = SHARING[offer["shortage_rule"]] if cap_is_short else by_first_come
    unlimited = [line for line in taking_part if limit_of(offer, line) is None]
    limited = [line for line in taking_part if limit_of(offer, line) is not None]
    got: dict[str, int] = {}
    left = quantity
    for group in (unlimited, limited):
        units = min(left, firm_of(group))
        if group:
            got |= share(window, group, units)
        left -= units
    return got


def hand_out(window: Json, offer: Json, taking_part: Sequence[Json], step: int, quantity: int, use: str) -> Outcome:
    """Rule 3 without its last sentence: who gets how much of this quantity; `use` is that of the extras, if any."""
    firm = firm_of(taking_part)
    if quantity < firm:
        return Outcome(step, quantity, hand_out_too_little(window, offer, taking_part, quantity), quantity, 0)
    extra, hub = hand_out_extras(window, taking_part, quantity - firm, use)
    got = {line["id"]: line["firm"] + extra[line["id"]] for line in taking_part}
    return Outcome(step, quantity, got, firm, hub)


def disappointed(window: Json, lines: Iterable[Json], outcome: Outcome) -> Json | None:
    """Rule 3: the all-or-nothing line that got the smallest part of its wish, then the youngest, then by hash."""
    cut = [line for line in lines if line["whole_only"] and 0 < outcome.got.get(line["id"], 0) < line["firm"]]

    def rank(line: Json) -> tuple[Fraction, float, str]:
        placed_at = datetime.fromisoformat(line["placed_at"]).timestamp()
        return Fraction(outcome.got[line["id"]], line["firm"]), -placed_at, tie_hash(window, line)

    return min(cut, key=rank, default=None)


def clear_offer(window: Json, offer: Json, lines: Sequence[Json], steps: Sequence[int]) -> Outcome | None:
    """Rules 1 to 3 over the given steps: the lowest price that can be reached; None when no step can.

    A line that would be cut against its will leaves the offer, and everything starts anew without it.
    """
    staying = list(lines)
    while True:
        outcome = None
        for step in steps:  # prices fall, so the last reached step is the cheapest
            taking_part = participants(offer, staying, step)
            quantity = quantity_at(offer, taking_part, step)
            if quantity > 0:
                use = use_of(offer, quantity, quantity - firm_of(taking_part))
                outcome = hand_out(window, offer, taking_part, step, quantity, use)
        if outcome is None:
            return None
        leaving = disappointed(window, staying, outcome)
        if leaving is None:
            return outcome
        staying.remove(leaving)


# --- 4. The merchant's minimum order value --------------------------------------------------------------------


def options_at(window: Json, offer: Json, lines: Sequence[Json], step: int) -> list[Outcome]:
    """Rule 4: what the offer may do at this step for the sake of the merchant's minimum."""
    found = []
    usual = clear_offer(window, offer, lines, [step])
    if usual is not None:
        found.append(usual)
    usual_quantity = 0 if usual is None else usual.quantity
    taking_part = participants(offer, lines, step)
    firm = firm_of(taking_part)
    if firm == 0:
        return found
    whole = smallest_whole_above(offer, taking_part, step)
    # Rule 2 takes a W below the firm demand (it is the cap) itself, so it is an option only with everybody served.
    if whole is not None and whole > usual_quantity and whole >= firm:
        found.append(hand_out(window, offer, taking_part, step, whole, use_of(offer, whole, whole - firm)))
    for quantity in every_quantity(offer, taking_part):
        extras = quantity - firm
        if quantity <= usual_quantity or quantity == whole or extras <= 0 or not in_bounds(offer, step, quantity):
            continue
        if extras <= consented(taking_part, "order"):
            found.append(hand_out(window, offer, taking_part, step, quantity, "order"))
    return found


def cost_of(offers: Sequence[Json], outcomes: Sequence[Outcome]) -> Decimal:
    """What the merchant's minimum is counted at: the hub's net cost without fees."""
    return sum(
        (
            out.quantity * Decimal(offer["ladder"][out.step]["cost"])
            for offer, out in zip(offers, outcomes, strict=True)
        ),
        Decimal(0),
    )


def price_of(offers: Sequence[Json], outcomes: Sequence[Outcome]) -> Decimal:
    return sum(
        (out.quantity * unit_price(offer, out.step) for offer, out in zip(offers, outcomes, strict=True)), Decimal(0)
    )


def served(outcomes: Sequence[Outcome]) -> int:
    return sum(outcome.firm_served for outcome in outcomes)


def best_combination(
    window: Json, offers: Sequence[Json], lines_of: dict[str, list[Json]], minimum: Decimal
) -> Sequence[Outcome] | None:
    """Rule 4: of all combinations with one option per offer that reach the minimum, the best; None without any."""
    choices = [
        [out for step in range(len(offer["ladder"])) for out in options_at(window, offer, lines_of[offer["id"]], step)]
        for offer in offers
    ]
    reaching = [combination for combination in itertools.product(*choices) if cost_of(offers, combination) >= minimum]
    return min(
        reaching,
        key=lambda combination: (
            -served(combination),
            price_of(offers, combination),
            sum(outcome.quantity for outcome in combination),
            [(outcome.step, outcome.quantity) for outcome in combination],
        ),
        default=None,
    )


def clear_merchant(
    window: Json, merchant: Json, offers: Sequence[Json], lines_of: dict[str, list[Json]]
) -> tuple[dict[str, Outcome], Decimal]:
    """The outcomes of a merchant's reached offers by id, and the small order fee that goes with them."""
    first = {
        offer["id"]: clear_offer(window, offer, lines_of[offer["id"]], range(len(offer["ladder"]))) for offer in offers
    }
    reached = sorted((offer for offer in offers if first[offer["id"]] is not None), key=lambda offer: str(offer["id"]))
    solution: Sequence[Outcome] = [out for offer in reached if (out := first[offer["id"]]) is not None]
    minimum = Decimal(merchant["minimum_order_value"] or 0)
    fee = None if merchant["small_order_fee"] is None else Decimal(merchant["small_order_fee"])
    paid = Decimal(0)
    if reached and cost_of(reached, solution) < minimum:
        best = best_combination(window, reached, lines_of, minimum)
        if fee is not None and (
            best is None
            or served(best) < served(solution)
            or price_of(reached, best) - price_of(reached, solution) >= fee
        ):
            paid = fee
        elif best is None:
            return {}, Decimal(0)
        else:
            solution = best
    return {offer["id"]: outcome for offer, outcome in zip(reached, solution, strict=True)}, paid


# --- 5. The answer --------------------------------------------------------------------------------------------


def offer_row(window: Json, offer: Json, outcome: Outcome | None) -> Json:
    if outcome is None:
        return {
            "id": offer["id"], "reached": False, "unit_price": None,
            "ordered": 0, "whole_cases": 0, "split": False, "hub": 0,
        }  # fmt: skip
    return {
        "id": offer["id"],
        "reached": True,
        "unit_price": offer["ladder"][outcome.step]["unit_price"],
        "ordered": outcome.quantity,
        "whole_cases": outcome.quantity // offer["case"],
        "split": is_split(offer, outcome.quantity),
        "hub": outcome.hub,
    }


def order_total(offers: Sequence[Json], outcomes: dict[str, Outcome], small_order_fee: Decimal) -> Decimal:
    """Rule 5: quantities at cost, one fee for every order line with an opened case, and the small order fee."""
    ordered = [offer for offer in offers if offer["id"] in outcomes]
    total = cost_of(ordered, [outcomes[offer["id"]] for offer in ordered]) + small_order_fee
    for offer in ordered:
        if is_split(offer, outcomes[offer["id"]].quantity):
            total += Decimal(offer["split_fee"])
    return total


def clear_window(window: Json) -> Json:
    """The answer for one window: offers, purchase_orders (merchant, total), allocations; sorted by id, no reasons."""
    lines_of = {
        offer["id"]: [line for line in window["lines"] if line["offer"] == offer["id"]] for offer in window["offers"]
    }
    outcomes: dict[str, Outcome] = {}
    orders = []
    for merchant in window["merchants"]:
        offers = [offer for offer in window["offers"] if offer["merchant"] == merchant["id"]]
        of_merchant, fee = clear_merchant(window, merchant, offers, lines_of)
        if of_merchant:
            orders.append({"merchant": merchant["id"], "total": str(order_total(offers, of_merchant, fee))})
        outcomes |= of_merchant
    allocations = []
    for offer in window["offers"]:
        outcome = outcomes.get(offer["id"])
        if outcome is None:
            continue
        # Rule 5: all that is ordered went somewhere.
        assert sum(outcome.got.values()) + outcome.hub == outcome.quantity, (offer, outcome)
        for line_id, quantity in outcome.got.items():
            if quantity > 0:
                charged = str(quantity * unit_price(offer, outcome.step))
                allocations.append({"line": line_id, "quantity": quantity, "charged": charged})
    return {
        "offers": sorted(
            (offer_row(window, offer, outcomes.get(offer["id"])) for offer in window["offers"]),
            key=lambda row: str(row["id"]),
        ),
        "purchase_orders": sorted(orders, key=lambda row: str(row["merchant"])),
        "allocations": sorted(allocations, key=lambda row: str(row["line"])),
    }
