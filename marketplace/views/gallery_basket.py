"""The gallery's parts of the basket: ranges, places, minimums, changed terms, saved states. Figures are invented."""

from datetime import UTC, datetime
from typing import Any, NamedTuple

from marketplace.rules.clearing.terms import PriceStep
from marketplace.rules.offer_changes import Terms
from marketplace.views.baskets import BasketLine, Choice
from marketplace.views.change_words import changed_terms
from marketplace.views.minimum_words import STROKES, MinimumView
from marketplace.views.quantity import Stepper
from marketplace.views.quantity_sheets import Option, Sheet
from marketplace.views.rows import row_of

_AT = datetime(2026, 11, 26, 20, 0, tzinfo=UTC)


class _Card(NamedTuple):
    """As much of a card as its sheet shows."""

    id: int
    name: str
    stepper: Stepper


def basket_parts() -> dict[str, Any]:
    """Everything that templates/marketplace/gallery_basket.html shows."""
    return {
        "sheet": _sheet(),
        "sheet_card": _Card(90, "Sun-dried organic vine tomatoes with wild oregano", Stepper("#", "gallery", firm=5)),
        "places": _places(),
        "minimums": [
            _minimum(
                12, "€38.00 to go or this order is not placed. You will know today 20:00; nothing is charged then."
            ),
            _minimum(STROKES, "The merchant's smallest order is reached."),
        ],
        "terms": changed_terms(
            Terms(ladder=(PriceStep(6, 0, 240), PriceStep(36, 0, 210)), case=12, best_before=_AT.date()),
            Terms(ladder=(PriceStep(12, 0, 260),), case=6, cap=48),
            "EUR",
        ),
        "late": {
            "closed": "today 20:00, Lisbon time",
            "late_by": "It came 3 seconds too late.",
            "asked": "5–7 × Rye sourdough, at most 2.20 each",
            "kept": [BasketLine(1, "3", "Rye sourdough", "")],
        },
    }


def _places() -> list[Choice]:
    when = "Thu 26 Nov 17:00–19:00"
    return [
        Choice(1, "Rua das Flores", when, "Rua das Flores 12, Lisboa", True, False),
        Choice(2, "Graça library", when, "full; choose another", False, True),
        Choice(3, "Brought to your door", when, "", False, False, "+ €3.00", True),
    ]


def _minimum(there: int, sentence: str) -> MinimumView:
    row = row_of(reserved=there, sure=there, waiting=0, target=STROKES)
    how = "Counted for all households together, at the merchant's prices to the hub and without deposits."
    return MinimumView(row, there < STROKES, sentence, how)


def _sheet() -> Sheet:
    return Sheet(
        firm="5",
        up_to="3",
        limit="cheap",
        at_most="€2.40",
        whole_only=False,
        collect_until="2026-12-10",
        earliest="2026-11-23",
        latest="2027-02-22",
        uses=(
            Option("case", "Only to complete a case of 12", "", True),
            Option("price", "Also for a lower price for everybody", "The next price is €2.10.", False),
            Option("order", "Whatever helps the order", "Also for the merchant's smallest order.", False),
        ),
        substitutes=(Option("7", "Green tomatoes", "Quinta do Vale, at most €2.10", True),),
        more=True,
        errors={
            "up_to": ["“Up to” is the larger number; leave it empty for no extra."],
            "limit": ["Write the price alone, like 2.10."],
        },
    )
