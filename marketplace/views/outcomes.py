"""What became of a wish, in one sentence per reason code: after a write, and after the close."""

from django.utils.translation import gettext_lazy as _

from marketplace.rules.clearing.reasons import LineReason, OfferReason

OFFER_OUTCOMES = {
    OfferReason.REACHED: _("Ordered."),
    OfferReason.NO_DEMAND: _("Nobody reserved it, so it was not ordered."),
    OfferReason.LIMITS_BELOW_PRICE: _("Not ordered: every price limit was below the price that could be reached."),
    OfferReason.CAP_TOO_LOW: _("Not ordered: what could be supplied is less than may be ordered."),
    OfferReason.BELOW_MINIMUM: _("Not ordered: all wishes together stayed below the least quantity."),
    OfferReason.NO_FULL_CASE: _("Not ordered: no case was filled."),
    OfferReason.SPLIT_FEE_TOO_HIGH: _("Not ordered: opening a case would have cost more than it was worth."),
    OfferReason.BELOW_MINIMUM_ORDER_VALUE: _("Not ordered: the merchant's least order was not reached."),
}

LINE_OUTCOMES = {
    LineReason.IN_FULL: _("You get all of it."),
    LineReason.EXTRA_FOR_CASE: _("Your extra filled the case, so nobody's units stay behind."),
    LineReason.EXTRA_FOR_PRICE: _("Your extra brought the lower price for everybody."),
    LineReason.EXTRA_FOR_ORDER: _("Your extra lifted the order over the merchant's minimum."),
    LineReason.WAITING_CASE_OPEN: _("The last case stayed open; the latest units are not in it."),
    LineReason.SHORT_CAP: _("There was less than reserved; it was shared out."),
    LineReason.WHOLE_ONLY_RELEASED: _("You wanted all or nothing, and only a part could be had."),
    LineReason.LIMIT_BELOW_PRICE: _("The price stayed above your limit, so nothing is charged."),
    LineReason.OFFER_NOT_REACHED: _("It was not ordered, so nothing is charged."),
}

ANSWERS = {
    "stock_short": _("There is not that much left."),
    "window_closed": _("Its window has closed; what you had there stays as it was."),
    "window_not_open": _("Its window is not open yet."),
    "limit_below_price": _("It waits for a price within your limit."),
    "filling_limit": _("In the last stretch only what fills a case or a price step can be added."),
    "breaks_case": _(
        "Kept for now, as it fills a case for the others. It can be given back once others have taken more."
    ),
    "breaks_step": _(
        "Kept for now, as it holds the price for the others. It can be given back once others have taken more."
    ),
    "whole_only_short": _("You wanted all or nothing, and there is not that much left."),
}


def outcome_sentence(reason: str) -> str:
    """Why a line got what it got, or why its offer was not ordered; a code without a sentence is shown as it is."""
    if reason in set(LineReason):
        return str(LINE_OUTCOMES[LineReason(reason)])
    if reason in set(OfferReason):
        return str(OFFER_OUTCOMES[OfferReason(reason)])
    return reason


def answer_sentence(reason: str) -> str:
    """Why a write kept, reduced or refused a line; empty when all went as asked."""
    return str(ANSWERS[reason]) if reason in ANSWERS else outcome_sentence(reason)
