"""An offer as its card shows it: every value in words, ready for templates/components/offer_card.html."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from marketplace.models import Offer, Product, ProductPicture
from marketplace.queries.shop import OfferRow
from marketplace.rules.clearing.standing import OfferStanding
from marketplace.rules.goods import StorageClass, UnitCode, comparison_price, comparison_unit
from marketplace.rules.pictures import FORMATS, SIZES
from marketplace.views.goods_words import ready_words
from marketplace.views.outcomes import outcome_sentence
from marketplace.views.quantity import Stepper, stepper_of
from marketplace.views.rows import Row, row_of
from marketplace.views.sentences import Sentence, standing_sentence
from marketplace.words import money


@dataclass(frozen=True, slots=True)
class Price:
    """`main` is what counts now; `small` says what it may become, or is empty."""

    main: str
    small: str = ""


@dataclass(frozen=True, slots=True)
class UnitPrice:
    """The price to compare: "€4.20 /kg". A unit price times `factor` over `content` is it, for the page's script."""

    text: str
    unit: str
    factor: int
    content: int


@dataclass(frozen=True, slots=True)
class Picture:
    """Addresses of a product's picture: per format the sizes with their widths, and the plainest one."""

    sources: tuple[tuple[str, str], ...]
    plain: str
    large: str


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
    link: str = ""
    per: UnitPrice | None = None
    picture: Picture | None = None
    ready: str = ""
    outlook: str = ""
    closes: str = ""


def offer_card(
    row: OfferRow,
    *,
    currency: str,
    round_id: int,
    request_key: str,
    may_reserve: bool,
    is_open: bool = True,
    filling: bool = False,
    now: datetime | None = None,
    zone: str = "UTC",
    closes: str = "",
) -> OfferCard:
    """The card of an offer. `request_key` is the page's; each offer's form gets one of its own from it. With `now`
    and the hub's zone it says when it is picked for you; `closes` is said where cards of several windows mix.
    """
    offer, standing, own = row.offer, row.standing, row.own
    product = offer.product
    return OfferCard(
        id=offer.pk,
        name=product.name,
        motif=product.category.motif,
        facts=tuple(facts_of(product)),
        tags=tags_of(offer, standing),
        row=_row(row),
        sentence=open_sentence(row, currency) if is_open else closed_sentence(row, currency),
        price=price_of(standing, currency) if row.outcome is None else _final_price(row, currency),
        deposit=_deposit(product, currency),
        mine=own.firm if own else 0,
        stepper=stepper_of(row, currency=currency, round_id=round_id, request_key=request_key, filling=filling)
        if may_reserve
        else None,
        link=reverse("offer", args=[round_id, offer.pk]),
        per=unit_price_of(product, standing, currency) if row.outcome is None else None,
        picture=picture_of(getattr(product, "picture", None)),
        ready=ready_words(offer.ready_at, product.category.motif, now, zone) if now else "",
        outlook=outlook_words(row, currency) if is_open else "",
        closes=closes,
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


def facts_of(product: Product) -> list[str]:
    """Merchant and pack."""
    pack = product.pack or content_words(product)
    return [product.merchant.name, *([pack.replace(" ", "\N{NO-BREAK SPACE}")] if pack else [])]  # "794 g" is one


def unit_price_of(product: Product, standing: OfferStanding, currency: str) -> UnitPrice | None:
    """The price per kilogram, litre or piece; None where one unit is one piece."""
    unit, content = UnitCode(product.content_unit), product.content_amount
    if unit is UnitCode.PIECE and content == 1:
        return None
    compared = comparison_price(standing.price_now or standing.price_at_most, content, unit)
    factor = 1 if comparison_unit(unit) is unit else 1000
    named = f"/{_unit_words(comparison_unit(unit))}"
    return UnitPrice(f"{money(_rounded(compared), currency)}\u00a0{named}", named, factor, content)


def picture_of(picture: ProductPicture | None) -> Picture | None:
    """The addresses of a product's picture."""
    if picture is None:
        return None

    def at(size: int, extension: str) -> str:
        return reverse("picture", args=[picture.digest, size, extension])

    sources = [(kind, ", ".join(f"{at(size, ext)} {size}w" for size in SIZES)) for ext, kind in FORMATS.items()]
    return Picture(tuple(sources), at(SIZES[0], "webp"), at(SIZES[-1], "webp"))


def outlook_words(row: OfferRow, currency: str) -> str:
    """What is expected at the close, where somebody forecasts it; said only while it tells more than the figures."""
    outlook = getattr(row.offer, "outlook", None)
    if outlook is None or outlook.units_p90 <= row.standing.reserved:
        return ""
    facts = {"low": max(outlook.units_p10, row.standing.reserved), "high": outlook.units_p90}
    price = outlook.expected_unit_price_minor
    if price is None or price >= (row.standing.price_now or row.standing.price_at_most):
        return _("Likely %(low)s to %(high)s reserved at the close.") % facts
    return _("Likely to reach %(price)s, with %(low)s to %(high)s reserved.") % {
        **facts,
        "price": money(price, currency),
    }


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
