"""The answer to a clearing file: outcomes, purchase orders and allocations with money as decimal strings."""

from collections.abc import Callable
from typing import Any

from marketplace.rules.clearing.file_format import ClearingFile, WindowFile
from marketplace.rules.clearing.outcome import MerchantOutcome, OfferOutcome, WindowResult, allocations_of
from marketplace.rules.clearing.window import clear_lines
from marketplace.rules.money import format_minor

Written = Callable[[int], str]


def answer_file(file: ClearingFile) -> Any:
    """Clear every window of a file: one answer, or a list of answers for a list."""
    answers = [answer_window(window) for window in file.windows]
    return answers if file.is_list else answers[0]


def answer_window(window: WindowFile) -> dict[str, Any]:
    """Clear one window. Allocations name every line that gets something, in the order of the file."""
    result = clear_lines(window=window.terms, lines=window.lines)

    def written(amount: int) -> str:
        return format_minor(amount, window.terms.currency)

    return {
        "window": result.window,
        "currency": window.terms.currency,
        "offers": [_offer(result.outcomes[offer.id], written) for offer in window.terms.offers],
        "purchase_orders": [_order(order, written) for order in result.purchase_orders],
        "allocations": _allocations(window, result, written),
    }


def _offer(outcome: OfferOutcome, written: Written) -> dict[str, Any]:
    return {
        "id": outcome.offer,
        "reached": outcome.reached,
        "reason": outcome.reason.value,
        "unit_price": None if outcome.unit_price is None else written(outcome.unit_price),
        "ordered": outcome.ordered,
        "whole_cases": outcome.whole_cases,
        "split": outcome.split,
        "hub": outcome.hub,
    }


def _order(order: MerchantOutcome, written: Written) -> dict[str, Any]:
    fee = order.small_order_fee
    return {
        "merchant": order.merchant,
        "reason": order.reason.value,
        "total": written(order.total),
        "small_order_fee": None if fee is None else written(fee),
        "lines": [
            {
                "offer": line.offer,
                "quantity": line.quantity,
                "whole_cases": line.whole_cases,
                "split": line.split,
                "cost": written(line.cost),
                "amount": written(line.amount),
                "split_fee": written(line.split_fee),
            }
            for line in order.lines
        ],
    }


def _allocations(window: WindowFile, result: WindowResult, written: Written) -> list[dict[str, Any]]:
    return [
        {
            "line": got.line,
            "quantity": got.quantity,
            "charged": written(got.charged),
            "reason": got.reason.value,
        }
        for got in allocations_of(result, window.terms.offers, window.lines)
        if got.quantity
    ]
