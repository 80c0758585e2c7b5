"""What extra units may be used for, in whole sentences: the words are the consent."""

from enum import Enum, auto
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketplace.models import Offer


class Whole(Enum):
    """What an extra unit can complete."""

    CASE = auto()
    PACK = auto()  # the multiple in which a split case may be ordered
    NOTHING = auto()  # every unit may be ordered alone


class Packing(NamedTuple):
    whole: Whole
    size: int

    @property
    def fills(self) -> bool:
        return self.whole is not Whole.NOTHING


def packing_of(offer: Offer) -> Packing:
    if offer.splittable:
        return Packing(Whole.PACK, offer.multiple) if offer.multiple > 1 else Packing(Whole.NOTHING, 1)
    return Packing(Whole.CASE, offer.case) if offer.case > 1 else Packing(Whole.NOTHING, 1)


def extra_sentence(packing: Packing, use: str, units: int, price: str) -> str:
    """What a household agreed to: "Up to 2 more only if they complete a case of 12; never above €2.40 each." """
    return _sentence(packing, use, units) % {"units": units, "size": packing.size, "price": price}


def _sentence(packing: Packing, use: str, units: int) -> str:
    if use == "order":
        return ngettext(
            "Up to %(units)s more whenever that helps the order: for a case, a lower price, or the merchant's smallest "
            "order; never above %(price)s each.",
            "Up to %(units)s more whenever that helps the order: for a case, a lower price, or the merchant's smallest "
            "order; never above %(price)s each.",
            units,
        )
    if use == "price":
        return _for_a_price(packing, units)
    if packing.whole is Whole.PACK:
        return ngettext(
            "Up to %(units)s more only if it completes a pack of %(size)s; never above %(price)s each.",
            "Up to %(units)s more only if they complete a pack of %(size)s; never above %(price)s each.",
            units,
        )
    if packing.whole is Whole.NOTHING:
        return ngettext(
            "Up to %(units)s more only if it completes a case; never above %(price)s each.",
            "Up to %(units)s more only if they complete a case; never above %(price)s each.",
            units,
        )
    return ngettext(
        "Up to %(units)s more only if it completes a case of %(size)s; never above %(price)s each.",
        "Up to %(units)s more only if they complete a case of %(size)s; never above %(price)s each.",
        units,
    )


def _for_a_price(packing: Packing, units: int) -> str:
    if packing.whole is Whole.PACK:
        return ngettext(
            "Up to %(units)s more if it completes a pack of %(size)s or brings everybody a lower price; "
            "never above %(price)s each.",
            "Up to %(units)s more if they complete a pack of %(size)s or bring everybody a lower price; "
            "never above %(price)s each.",
            units,
        )
    if packing.whole is Whole.NOTHING:
        return ngettext(
            "Up to %(units)s more only if it brings everybody a lower price; never above %(price)s each.",
            "Up to %(units)s more only if they bring everybody a lower price; never above %(price)s each.",
            units,
        )
    return ngettext(
        "Up to %(units)s more if it completes a case of %(size)s or brings everybody a lower price; "
        "never above %(price)s each.",
        "Up to %(units)s more if they complete a case of %(size)s or bring everybody a lower price; "
        "never above %(price)s each.",
        units,
    )


def asked_extra_words(packing: Packing, use: str) -> str:
    """The same as a part of a list: "the extra only to complete a case of 12"."""
    if use == "order":
        return _("the extra for whatever helps the order")
    if use == "price":
        return _("the extra also for a lower price") if packing.fills else _("the extra only for a lower price")
    named = {
        Whole.CASE: _("the extra only to complete a case of %(size)s"),
        Whole.PACK: _("the extra only to complete a pack of %(size)s"),
        Whole.NOTHING: _("the extra only to complete a case"),
    }
    return named[packing.whole] % {"size": packing.size}


def completing_words(packing: Packing) -> str:
    """A choice: "Only to complete a case of 12"; empty where there is nothing to complete."""
    named = {Whole.CASE: _("Only to complete a case of %(size)s"), Whole.PACK: _("Only to complete a pack of %(size)s")}
    return named[packing.whole] % {"size": packing.size} if packing.fills else ""


def if_complete_words(packing: Packing) -> str:
    """On what a suggested extra depends: "if it completes a case of 12"; empty where there is nothing to complete."""
    named = {Whole.CASE: _("if it completes a case of %(size)s"), Whole.PACK: _("if it completes a pack of %(size)s")}
    return named[packing.whole] % {"size": packing.size} if packing.fills else ""
