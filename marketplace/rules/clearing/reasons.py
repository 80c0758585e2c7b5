"""Stable reason codes of a closing. Stored, shown and sent as they are: a code is never renamed."""

from enum import StrEnum


class OfferReason(StrEnum):
    """Why an offer was reached or not."""

    REACHED = "reached"
    NO_DEMAND = "no_demand"  # nobody reserved
    LIMITS_BELOW_PRICE = "limits_below_price"  # every line's limit is below every step's price
    CAP_TOO_LOW = "cap_too_low"  # no quantity that may be ordered lies between the minimum and the cap
    BELOW_MINIMUM = "below_minimum"  # demand does not reach the quantity of any step
    NO_FULL_CASE = "no_full_case"  # demand is enough, but no case (or multiple) is filled
    SPLIT_FEE_TOO_HIGH = "split_fee_too_high"  # only a split quantity, whose fee is above its worth
    BELOW_MINIMUM_ORDER_VALUE = "below_minimum_order_value"  # the merchant's other offers do not carry it


class LineReason(StrEnum):
    """Why a line gets what it gets."""

    IN_FULL = "in_full"  # exactly the firm quantity
    EXTRA_FOR_CASE = "extra_for_case"  # flexible units that filled a case or a multiple
    EXTRA_FOR_PRICE = "extra_for_price"  # flexible units that made a step
    EXTRA_FOR_ORDER = "extra_for_order"  # flexible units that made the merchant's minimum order value
    WAITING_CASE_OPEN = "waiting_case_open"  # a case or multiple stayed open; the latest units lose
    SHORT_CAP = "short_cap"  # less than was reserved can be supplied; shared by the shortage rule
    WHOLE_ONLY_RELEASED = "whole_only_released"  # wanted all or nothing and would have got a part
    LIMIT_BELOW_PRICE = "limit_below_price"  # the price stayed above the household's limit
    OFFER_NOT_REACHED = "offer_not_reached"  # the offer's reason says why
    NOT_AGREED = "not_agreed"  # the offer changed and the household did not agree in time; the line took no part


class OrderReason(StrEnum):
    """How a merchant's purchase order came about, or why there is none."""

    MINIMUM_MET = "minimum_met"  # the offers' own quantities reach the minimum order value
    RAISED_TO_MINIMUM = "raised_to_minimum"  # steps and quantities were chosen to reach it
    SMALL_ORDER_FEE = "small_order_fee"  # below it, ordered with the fee
    BELOW_MINIMUM_ORDER_VALUE = "below_minimum_order_value"  # no order: no combination and no fee
    NOTHING_REACHED = "nothing_reached"  # no order: none of its offers was reached
