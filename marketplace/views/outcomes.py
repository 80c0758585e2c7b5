"""What became of a wish, in one sentence per reason code: after a write, and after the close."""

from django.utils.translation import gettext_lazy as _

from marketplace.rules.clearing.reasons import LineReason, OfferReason

OFFER_OUTCOMES = {
    OfferReason.REACHED: _("Ordered."),
    OfferReason.NO_DEMAND: _("Nobody reserved it, so it was not ordered."),
    OfferReason.LIMITS_BELOW_PRICE: _("Not ordered: every price limit was below the price that was reached."),
    OfferReason.CAP_TOO_LOW: _("Not ordered: there was less of it than the smallest order."),
    OfferReason.BELOW_MINIMUM: _("Not ordered: all wishes together were fewer than the smallest order."),
    OfferReason.NO_FULL_CASE: _("Not ordered: all wishes together did not fill a case."),
    OfferReason.SPLIT_FEE_TOO_HIGH: _(
        "Not ordered: too few for a whole case, and opening one would have cost more than it saved."
    ),
    OfferReason.BELOW_MINIMUM_ORDER_VALUE: _(
        "Not ordered: everything wanted from this merchant came to less than its smallest order."
    ),
}

LINE_OUTCOMES = {
    LineReason.IN_FULL: _("You get all of it."),
    LineReason.EXTRA_FOR_CASE: _("Your extra filled the last case, so nobody goes without."),
    LineReason.EXTRA_FOR_PRICE: _("Your extra brought everybody the lower price."),
    LineReason.EXTRA_FOR_ORDER: _("Your extra lifted the order over the merchant's smallest order."),
    LineReason.WAITING_CASE_OPEN: _("The last case did not fill up, so what was reserved last is not in it."),
    LineReason.SHORT_CAP: _("There was less than all had reserved, so it was shared out."),
    LineReason.WHOLE_ONLY_RELEASED: _("You wanted all or nothing, and there was only a part."),
    LineReason.LIMIT_BELOW_PRICE: _("The price stayed above your limit."),
    LineReason.OFFER_NOT_REACHED: _("It was not ordered."),
    LineReason.NOT_AGREED: _("Its terms changed, and nobody of your household agreed to them before the close."),
}

# Reasons beside the clearing's own: units taken over by others, orders that did not come about after all.
OTHER_OUTCOMES = {
    "offered_back": _("You had offered it to others, and somebody took it over."),
    "cancelled": _("The hub called this order off."),
    "declined": _("The merchant cannot deliver it."),
}

ANSWERS = {
    "stock_short": _("There is not that much left."),
    "window_closed": _("Its window has closed; what you had there stays as it was."),
    "window_not_open": _("Its window is not open yet."),
    "limit_below_price": _("It waits for a price within your limit."),
    "filling_limit": _("In the last stretch only what fills a case or a price step can be added."),
    "offered_back": _(
        "What the others need for their case or price is offered to them; until somebody takes it, it stays yours."
    ),
    "breaks_case": _("Not changed, as it fills a case for the others."),
    "breaks_step": _("Not changed, as it holds the price for the others."),
    "whole_only_short": _("You wanted all or nothing, and there is not that much left."),
    "price_changed": _("The offer changed since the page that you saw; look at it and take it or leave it."),
    "needs_agreement": _("The offer changed after you reserved; it counts once you agree."),
}


def outcome_sentence(reason: str) -> str:
    """Why a line got what it got, or why its offer was not ordered; a code without a sentence is shown as it is."""
    if reason in set(LineReason):
        return str(LINE_OUTCOMES[LineReason(reason)])
    if reason in set(OfferReason):
        return str(OFFER_OUTCOMES[OfferReason(reason)])
    if reason in OTHER_OUTCOMES:
        return str(OTHER_OUTCOMES[reason])
    return reason


def offered_back_sentence(firm: int, offered: int, *, closed: bool = False) -> str:
    """What is said of a line of which units are offered to others; empty when none are."""
    if not offered:
        return ""
    facts = {"offered": offered, "firm": firm}
    if closed:
        return _("%(offered)d of your %(firm)d were offered to others; nobody took them, so they stayed yours.") % facts
    return _("%(offered)d of your %(firm)d are offered to others; until somebody takes them they stay yours.") % facts


def answer_sentence(reason: str) -> str:
    """Why a write kept, reduced or refused a line; empty when all went as asked."""
    return str(ANSWERS[reason]) if reason in ANSWERS else outcome_sentence(reason)
