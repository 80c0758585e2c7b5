"""An offer as its card shows it: every value in words, ready for templates/components/offer_card.html."""

from dataclasses import dataclass, replace
from fractions import Fraction

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from marketplace.models import Offer, Product, ReservationLine
from marketplace.queries.shop import OfferRow
from marketplace.rules.clearing.standing import OfferStanding
from marketplace.rules.goods import StorageClass, UnitCode, comparison_price, comparison_unit
from marketplace.rules.money import format_minor
from marketplace.views.outcomes import outcome_sentence
from marketplace.views.rows import Row, row_of
from marketplace.views.sentences import Sentence, standing_sentence
from marketplace.words import money


@dataclass(frozen=True, slots=True)
class Price:
    """`main` is what counts now; `small` says what it may become, or is empty."""

    main: str
    small: str = ""


@dataclass(frozen=True, slots=True)
class Stepper:
    """What a household wants of an offer, and whether it may change it. `limit` is a decimal text or empty.

    A refused form's values come back as they were typed, whatever they are.
    """

    action: str
    request_key: str
    firm: int | str = 0
    flexible: int = 0
    flexible_for: str = "case"
    limit: str = ""
    whole_only: bool = False
    full: bool = False
    typed_up_to: str = ""

    @property
    def special(self) -> bool:
        """Whether plus and minus carry more than the number."""
        return self.flexible_for != "case" or bool(self.limit) or self.whole_only

    @property
    def up_to(self) -> int | str:
        """The top of the range; empty where there is no extra."""
        if self.typed_up_to or not isinstance(self.firm, int):
            return self.typed_up_to
        return self.firm + self.flexible if self.flexible else ""

    @property
    def words(self) -> str:
        """The range under the number: "up to 7"; empty for a plain number."""
        return _("up to %(units)s") % {"units": self.up_to} if self.up_to else ""


@dataclass(frozen=True, slots=True)
class OfferCard:
    """`stepper` is None where nothing can be reserved (closed, or nobody is signed in)."""

    id: int
    name: str
    motif: str
    facts: tuple[str, ...]
    tags: tuple[str, ...]
    row: Row
    sentence: Sentence
    price: Price
    deposit: str
    mine: int
    stepper: Stepper | None


def offer_card(
    row: OfferRow, *, currency: str, round_id: int, request_key: str, may_reserve: bool, is_open: bool = True
) -> OfferCard:
    """The card of an offer. `request_key` is the page's; each offer's form gets one of its own from it."""
    offer, standing, own = row.offer, row.standing, row.own
    product = offer.product
    return OfferCard(
        id=offer.pk,
        name=product.name,
        motif=product.category.motif,
        facts=tuple(facts_of(product, standing, currency)),
        tags=tags_of(offer, standing),
        row=_row(row),
        sentence=open_sentence(row, currency) if is_open else closed_sentence(row, currency),
        price=price_of(standing, currency) if row.outcome is None else _final_price(row, currency),
        deposit=_deposit(product, currency),
        mine=own.firm if own else 0,
        stepper=_stepper(offer, own, currency, round_id, request_key) if may_reserve else None,
    )


def _row(row: OfferRow) -> Row:
    """The row of strokes: towards the next case or step while open, what was ordered of the wishes after the close."""
    standing, mine = row.standing, row.own.firm if row.own else 0
    sure, waiting, target = standing.sure, standing.waiting, standing.target
    if row.outcome is not None:
        sure = min(row.outcome.ordered, standing.reserved)
        waiting, target = standing.reserved - sure, standing.reserved
    return row_of(reserved=standing.reserved, sure=sure, waiting=waiting, target=target, mine=mine)


def price_of(standing: OfferStanding, currency: str) -> Price:
    """ "now" beside "at most"; one figure where they are the same, "at most" alone until the offer is reached."""
    at_most = money(standing.price_at_most, currency)
    if standing.price_now is None:
        return Price(at_most, _("at most"))
    if standing.price_now == standing.price_at_most:
        return Price(at_most)
    return Price(money(standing.price_now, currency), _("at most %(price)s") % {"price": at_most})


def open_sentence(row: OfferRow, currency: str) -> Sentence:
    """How an open offer stands. The figures of all follow one's own line by a moment: till then that is said."""
    own = row.own.firm if row.own else 0
    if own > row.standing.reserved:
        return Sentence(_("Yours are in."), _("The figures follow in a moment."))
    return standing_sentence(row.standing, currency)


def closed_sentence(row: OfferRow, currency: str) -> Sentence:
    """What became of an offer whose window takes nothing (any more, or yet)."""
    reserved = _("%(units)s reserved.") % {"units": row.standing.reserved} if row.standing.reserved else ""
    outcome = row.outcome
    if outcome is None:
        return Sentence(reserved, _("Counted once it has closed."))
    if not outcome.reached or outcome.unit_price_minor is None:
        return Sentence(reserved, outcome_sentence(outcome.reason))
    facts = {"units": outcome.ordered, "price": money(outcome.unit_price_minor, currency)}
    return Sentence(reserved, _("%(units)s ordered, at %(price)s each.") % facts)


def _final_price(row: OfferRow, currency: str) -> Price:
    if row.outcome is None or row.outcome.unit_price_minor is None:
        return Price("–", _("not ordered"))
    return Price(money(row.outcome.unit_price_minor, currency), _("final"))


def facts_of(product: Product, standing: OfferStanding, currency: str) -> list[str]:
    """Merchant, pack, and the price per kilogram, litre or piece."""
    facts = [product.merchant.name]
    pack = product.pack or content_words(product)
    if pack:
        facts.append(pack.replace(" ", "\N{NO-BREAK SPACE}"))  # "794 g" stays together
    unit = UnitCode(product.content_unit)
    if unit is not UnitCode.PIECE or product.content_amount > 1:
        compared = comparison_price(standing.price_now or standing.price_at_most, product.content_amount, unit)
        facts.append(f"{money(_rounded(compared), currency)}\u00a0/{_unit_words(comparison_unit(unit))}")
    return facts


def content_words(product: Product) -> str:
    """How much one unit holds: "500 g"; empty for a single piece."""
    unit = UnitCode(product.content_unit)
    if unit is UnitCode.PIECE and product.content_amount == 1:
        return ""
    amount, larger = product.content_amount, comparison_unit(unit)
    if larger is not unit and amount % 1000 == 0:
        return f"{amount // 1000}\u00a0{_unit_words(larger)}"
    return f"{amount}\u00a0{_unit_words(unit)}"


def _rounded(minor: Fraction) -> int:
    """Half up, once: a price to compare is told, never charged."""
    return int(minor + Fraction(1, 2))


def _unit_words(unit: UnitCode) -> str:
    return {
        UnitCode.GRAM: pgettext("unit", "g"),
        UnitCode.KILOGRAM: pgettext("unit", "kg"),
        UnitCode.MILLILITRE: pgettext("unit", "ml"),
        UnitCode.LITRE: pgettext("unit", "l"),
        UnitCode.PIECE: pgettext("unit", "pc"),
    }[unit]


def tags_of(offer: Offer, standing: OfferStanding) -> tuple[str, ...]:
    """What matters before one taps: fresh, cold, weighed, how few are left."""
    product = offer.product
    tags = []
    if product.is_fresh:
        tags.append(_("fresh"))
    if product.storage_class == StorageClass.CHILLED:
        tags.append(_("chilled"))
    if product.storage_class == StorageClass.FROZEN:
        tags.append(_("frozen"))
    if product.catch_weight:
        tags.append(_("weighed, within %(percent)s %%") % {"percent": offer.weight_margin_percent})
    if offer.capacity:
        left = max(0, offer.capacity.limit - max(offer.capacity.taken, standing.reserved))
        tags.append(_("%(units)s left") % {"units": left} if left else _("all reserved"))
    return tuple(tags)


def _deposit(product: Product, currency: str) -> str:
    deposit = product.deposit_type
    return _("+ %(amount)s deposit") % {"amount": money(deposit.amount_minor, currency)} if deposit else ""


def _stepper(offer: Offer, own: ReservationLine | None, currency: str, round_id: int, request_key: str) -> Stepper:
    action = reverse("reserve_line", args=[round_id, offer.pk])
    key = f"{request_key}.{offer.pk}"
    full = offer.capacity is not None and offer.capacity.taken >= offer.capacity.limit
    if own is None:
        return Stepper(action, key, full=full)
    return replace(own_stepper(own, currency), action=action, request_key=key, full=full)


def own_stepper(own: ReservationLine, currency: str) -> Stepper:
    """What a household holds of an offer, as its card's form has it; `action` is the offer's number."""
    limit = own.max_unit_price_minor
    return Stepper(
        action=str(own.offer_id),
        request_key="",
        firm=own.firm,
        flexible=own.flexible,
        flexible_for=own.flexible_for,
        limit="" if limit is None else format_minor(limit, currency),
        whole_only=own.whole_only,
    )
