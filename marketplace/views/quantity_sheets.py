"""The sheet behind a card's quantity: range, use of the extra, price limit, all or nothing, substitutes, collecting."""

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from marketplace import clock
from marketplace.forms import LONGEST_COLLECTING, LineForm
from marketplace.models import Round
from marketplace.queries.shop import OfferRow
from marketplace.queries.substitutes import Substitute, substitutes_for
from marketplace.views.cards import OfferCard
from marketplace.views.quantity import Stepper, packs_words
from marketplace.words import money


@dataclass(frozen=True, slots=True)
class Option:
    """A choice of the sheet in words; `note` is said below it."""

    value: str
    words: str
    note: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the sheet shows: values as they are held, or as they were typed, with `errors` per field.

    `more` opens the part that few need. `earliest`, `latest`: days until which may be collected, ISO 8601.
    """

    firm: str
    up_to: str
    limit: str
    at_most: str
    whole_only: bool
    collect_until: str
    earliest: str
    latest: str
    uses: tuple[Option, ...]
    substitutes: tuple[Option, ...]
    more: bool
    errors: dict[str, list[str]]


def sheet_of(row: OfferRow, card: OfferCard, round_: Round, form: LineForm | None) -> Sheet:
    """The sheet of an offer that can be reserved. One query, for the substitutes."""
    currency = round_.hub.currency
    today = clock.now().astimezone(ZoneInfo(round_.hub.time_zone)).date()
    typed = _typed(form) if form else _held(card.stepper or Stepper("", ""))
    errors = {name: [str(text) for text in texts] for name, texts in form.errors.items()} if form else {}
    more = bool(typed["limit"] or typed["whole_only"] or typed["substitutes"] or typed["collect_until"])
    return Sheet(
        firm=typed["firm"][0] if typed["firm"] else "1",
        up_to=_one(typed, "up_to"),
        limit=_one(typed, "limit"),
        at_most=money(row.standing.price_at_most, currency),
        whole_only=bool(typed["whole_only"]),
        collect_until=_one(typed, "collect_until"),
        earliest=(today + timedelta(days=1)).isoformat(),
        latest=(today + LONGEST_COLLECTING).isoformat(),
        uses=_uses(row, _one(typed, "flexible_for") or "case", currency),
        substitutes=_substitutes(substitutes_for(row.offer), typed["substitutes"], currency),
        more=more or bool({"limit", "substitutes", "collect_until"} & errors.keys()),
        errors=errors,
    )


def _typed(form: LineForm) -> dict[str, list[str]]:
    names = ("firm", "up_to", "flexible_for", "limit", "whole_only", "substitutes", "collect_until")
    return {name: form.data.getlist(name) for name in names}  # type: ignore[attr-defined]


def _held(stepper: Stepper) -> dict[str, list[str]]:
    return {
        "firm": [str(stepper.firm or 1)],
        "up_to": [str(stepper.up_to)],
        "flexible_for": [stepper.flexible_for],
        "limit": [stepper.limit] if stepper.limit else [],
        "whole_only": ["on"] if stepper.whole_only else [],
        "substitutes": [str(pk) for pk in stepper.substitutes],
        "collect_until": [stepper.collect_until] if stepper.collect_until else [],
    }


def _one(typed: dict[str, list[str]], name: str) -> str:
    return typed[name][0] if typed[name] else ""


def _uses(row: OfferRow, chosen: str, currency: str) -> tuple[Option, ...]:
    """The uses in plain words; each allows those before it, and says so. No case to fill: that use is left out."""
    packs, step = packs_words(row.offer), row.standing.next_step
    price = _("The next price is %(price)s.") % {"price": money(step.unit_price, currency)} if step else ""
    words = {
        "case": (_("Only to complete %(packs)s") % {"packs": packs or _("a case")}, ""),
        "price": (_("Also for a lower price for everybody") if packs else _("Only for a lower price"), price),
        "order": (
            _("Whatever helps the order"),
            _("Also so that the merchant's smallest order is reached and everybody gets theirs."),
        ),
    }
    if not packs:
        del words["case"]
        chosen = "price" if chosen == "case" else chosen
    return tuple(Option(value, *said, value == chosen) for value, said in words.items())


def _substitutes(found: list[Substitute], chosen: list[str], currency: str) -> tuple[Option, ...]:
    return tuple(
        Option(
            str(s.product_id),
            s.name,
            _("%(merchant)s, at most %(price)s") % {"merchant": s.merchant, "price": money(s.at_most_minor, currency)},
            str(s.product_id) in chosen,
        )
        for s in found
    )
