"""A reservation in the API's words: the answer to a change, and the reservation as it is kept."""

from collections.abc import Mapping, Sequence
from typing import Any

from rest_framework import serializers

from marketplace.actions.reserve import LineAnswer, LineReason, LineStatus, ReservationAnswer
from marketplace.api.fields import CodeField
from marketplace.api.offers import StandingSerializer, standing_json
from marketplace.api.rounds import HandoverSerializer, handover_json
from marketplace.api.values import amount_or_none, instant, instant_or_none
from marketplace.models import Reservation
from marketplace.queries.minimums import MinimumBeside
from marketplace.queries.reservations import Basket, BasketLine, LineOutcome
from marketplace.rules.money import format_minor
from marketplace.rules.states import VersionState
from marketplace.rules.wanted import MOST_SUBSTITUTES, USES

Json = dict[str, Any]
_STATES = (VersionState.PLACED, VersionState.CANCELLED)


class WantedLineSerializer(serializers.Serializer[Any]):
    """At least `firm` units, up to `firm + flexible`; firm 0 takes the offer out. `max_unit_price` is the household's
    limit as a decimal text; `whole_only` means all firm units or none. `substitutes` are products of the round that may
    come instead, best first; what is not reached moves to the next round's offer of the product until `collect_until`.
    `seen_version` is the offer's version that was shown: a line meant for terms that have become worse is refused."""

    offer_id = serializers.IntegerField(min_value=1)
    firm = serializers.IntegerField(min_value=0)
    flexible = serializers.IntegerField(min_value=0, default=0)
    flexible_for = CodeField("FlexibleFor", USES, default="case")
    max_unit_price = serializers.CharField(allow_null=True, default=None)
    whole_only = serializers.BooleanField(default=False)
    substitutes = serializers.ListField(
        child=serializers.IntegerField(min_value=1), max_length=MOST_SUBSTITUTES, default=list
    )
    collect_until = serializers.DateField(allow_null=True, default=None)
    seen_version = serializers.IntegerField(min_value=1, allow_null=True, default=None)


class ChangeSerializer(serializers.Serializer[Any]):
    """The named lines are set, the others stay. Without lines only the handover moves."""

    lines = WantedLineSerializer(many=True, required=False)
    handover_id = serializers.IntegerField(min_value=1, allow_null=True, default=None)


class BasketSerializer(ChangeSerializer):
    """The lines are the whole basket of all windows that are still open."""

    lines = WantedLineSerializer(many=True)


class ReserveSerializer(BasketSerializer):
    """The lines are placed, or merged into the reservation there is. The handover may be left out where there is only
    one, the group has its place, or the household used one before."""

    group_id = serializers.IntegerField(min_value=1, allow_null=True, default=None)


class LineAnswerSerializer(serializers.Serializer[Any]):
    """sure: served if the window closed now; waiting: `waits_for` units are missing; kept: its window takes no
    changes, or `offered_back` of the firm units are offered to others and stay until somebody takes them over; reduced
    or refused: the reason says why. A refused new line has firm 0."""

    offer_id = serializers.IntegerField()
    window_id = serializers.IntegerField()
    asked_firm = serializers.IntegerField()
    firm = serializers.IntegerField()
    flexible = serializers.IntegerField()
    status = CodeField("LineStatus", LineStatus)
    reason = CodeField("LineReason", LineReason)
    waits_for = serializers.IntegerField()
    unit_price_now = serializers.CharField()
    unit_price_at_most = serializers.CharField()
    offered_back = serializers.IntegerField()


class ReservationAnswerSerializer(serializers.Serializer[Any]):
    """The reservation after the change. `now`: what the firm units cost at today's prices; `at_most`: what firm and
    extra units cost at most; `closes_at`: the earliest deadline of what can still be changed."""

    reservation_id = serializers.IntegerField()
    round_id = serializers.IntegerField()
    version = serializers.IntegerField()
    state = CodeField("ReservationState", _STATES)
    handover_id = serializers.IntegerField()
    currency = serializers.CharField()
    now = serializers.CharField()
    at_most = serializers.CharField()
    closes_at = serializers.DateTimeField(allow_null=True)
    lines = LineAnswerSerializer(many=True)


class OutcomeSerializer(serializers.Serializer[Any]):
    """What a line got at the close; `extra` of `quantity` came from the flexible units, and `offered_back` firm units
    were offered to others, but nobody took them over."""

    reached = serializers.BooleanField()
    reason = serializers.CharField()
    quantity = serializers.IntegerField()
    extra = serializers.IntegerField()
    unit_price = serializers.CharField(allow_null=True)
    charged = serializers.CharField()
    offered_back = serializers.IntegerField()


class KeptLineSerializer(serializers.Serializer[Any]):
    """`locked`: its window takes no changes any more. `offered_back` of the firm units are offered to others.
    `needs_agreement`: the offer changed, and the line counts once the household agrees to its version. `outcome` comes
    with the close."""

    offer_id = serializers.IntegerField()
    window_id = serializers.IntegerField()
    product_name = serializers.CharField()
    firm = serializers.IntegerField()
    flexible = serializers.IntegerField()
    flexible_for = CodeField("FlexibleFor", USES)
    max_unit_price = serializers.CharField(allow_null=True)
    whole_only = serializers.BooleanField()
    locked = serializers.BooleanField()
    closes_at = serializers.DateTimeField()
    unit_price_now = serializers.CharField()
    unit_price_at_most = serializers.CharField()
    offered_back = serializers.IntegerField()
    offer_version = serializers.IntegerField()
    needs_agreement = serializers.BooleanField()
    substitutes = serializers.ListField(child=serializers.IntegerField())
    collect_until = serializers.DateField(allow_null=True)
    standing = StandingSerializer()
    outcome = OutcomeSerializer(allow_null=True)


class MerchantMinimumSerializer(serializers.Serializer[Any]):
    """A merchant's minimum order value in a window, and what would be ordered if it closed now; at cost, without
    deposits, as the closing counts it. Below it nothing of the merchant is ordered, or with `has_fee` the hub pays the
    merchant's fee. Extra units allowed for "order" could add up to `spare`."""

    window_id = serializers.IntegerField()
    merchant_id = serializers.IntegerField()
    merchant_name = serializers.CharField()
    minimum = serializers.CharField()
    value = serializers.CharField()
    missing = serializers.CharField()
    spare = serializers.CharField()
    has_fee = serializers.BooleanField()


class ReservationSerializer(serializers.Serializer[Any]):
    reservation_id = serializers.IntegerField()
    round_id = serializers.IntegerField()
    household_id = serializers.IntegerField()
    group_id = serializers.IntegerField(allow_null=True)
    version = serializers.IntegerField()
    state = CodeField("ReservationState", _STATES)
    handover_id = serializers.IntegerField()
    handover = HandoverSerializer()
    currency = serializers.CharField()
    time_zone = serializers.CharField()
    now = serializers.CharField()
    at_most = serializers.CharField()
    closes_at = serializers.DateTimeField(allow_null=True)
    lines = KeptLineSerializer(many=True)
    minimums = MerchantMinimumSerializer(many=True)


def answer_json(answer: ReservationAnswer) -> Json:
    currency = answer.currency
    return {
        "reservation_id": answer.reservation_id,
        "round_id": answer.round_id,
        "version": answer.version,
        "state": answer.state,
        "handover_id": answer.handover_id,
        "currency": currency,
        "now": format_minor(answer.now_minor, currency),
        "at_most": format_minor(answer.at_most_minor, currency),
        "closes_at": instant_or_none(answer.closes_at),
        "lines": [_line_answer(line, currency) for line in answer.lines],
    }


def _line_answer(line: LineAnswer, currency: str) -> Json:
    return {
        "offer_id": line.offer_id,
        "window_id": line.window_id,
        "asked_firm": line.asked_firm,
        "firm": line.firm,
        "flexible": line.flexible,
        "status": line.status.value,
        "reason": line.reason.value,
        "waits_for": line.waits_for,
        "unit_price_now": format_minor(line.unit_price_now_minor, currency),
        "unit_price_at_most": format_minor(line.unit_price_at_most_minor, currency),
        "offered_back": line.offered_back,
    }


def reservation_json(
    kept: Reservation,
    basket: Basket | None,
    outcomes: Sequence[LineOutcome],
    minimums: Sequence[MinimumBeside] = (),
) -> Json:
    """The reservation with its round's hub, handover and lines; without lines it is a cancelled one."""
    hub = kept.round.hub
    lines = basket.lines if basket else ()
    by_offer = {outcome.offer_id: outcome for outcome in outcomes}
    open_until = [line.closes_at for line in lines if not line.locked]
    return {
        "reservation_id": kept.pk,
        "round_id": kept.round_id,
        "household_id": kept.household_id,
        "group_id": kept.group_id,
        "version": kept.version,
        "state": kept.state,
        "handover_id": kept.handover_id,
        "handover": handover_json(kept.handover, told=True),
        "currency": hub.currency,
        "time_zone": hub.time_zone,
        "now": format_minor(basket.now_minor if basket else 0, hub.currency),
        "at_most": format_minor(basket.at_most_minor if basket else 0, hub.currency),
        "closes_at": instant_or_none(min(open_until, default=None)),
        "lines": [_kept_line(line, by_offer, hub.currency) for line in lines],
        "minimums": [_minimum_json(beside, hub.currency) for beside in minimums],
    }


def _minimum_json(beside: MinimumBeside, currency: str) -> Json:
    found = beside.minimum
    return {
        "window_id": beside.window_id,
        "merchant_id": beside.merchant_id,
        "merchant_name": beside.merchant_name,
        "minimum": format_minor(found.minimum_minor, currency),
        "value": format_minor(found.value_minor, currency),
        "missing": format_minor(found.missing_minor, currency),
        "spare": format_minor(found.spare_minor, currency),
        "has_fee": found.has_fee,
    }


def _kept_line(line: BasketLine, outcomes: Mapping[int, LineOutcome], currency: str) -> Json:
    outcome = outcomes.get(line.offer_id)
    return {
        "offer_id": line.offer_id,
        "window_id": line.window_id,
        "product_name": line.product_name,
        "firm": line.firm,
        "flexible": line.flexible,
        "flexible_for": line.flexible_for,
        "max_unit_price": amount_or_none(line.max_unit_price_minor, currency),
        "whole_only": line.whole_only,
        "locked": line.locked,
        "closes_at": instant(line.closes_at),
        "unit_price_now": format_minor(line.price_now_minor, currency),
        "unit_price_at_most": format_minor(line.price_at_most_minor, currency),
        "offered_back": line.offered_back,
        "offer_version": line.offer_version,
        "needs_agreement": line.needs_agreement,
        "substitutes": list(line.substitutes),
        "collect_until": line.collect_until and line.collect_until.isoformat(),
        "standing": standing_json(line.standing, currency),
        "outcome": outcome and _outcome_json(outcome, currency),
    }


def _outcome_json(outcome: LineOutcome, currency: str) -> Json:
    return {
        "reached": outcome.reached,
        "reason": outcome.reason,
        "quantity": outcome.quantity,
        "extra": outcome.extra,
        "unit_price": amount_or_none(outcome.unit_price_minor, currency),
        "charged": format_minor(outcome.charged_minor, currency),
        "offered_back": outcome.offered_back,
    }
