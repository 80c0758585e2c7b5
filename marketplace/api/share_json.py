"""Shared lines in the API's words."""

from typing import Any

from rest_framework import serializers

from marketplace import clock
from marketplace.access import households_of
from marketplace.api.bodies import Json
from marketplace.api.fields import CodeField
from marketplace.api.values import instant, instant_or_none
from marketplace.errors import NotFound
from marketplace.models import User
from marketplace.queries.shares import SharedLine, shares_seen_by, with_parts
from marketplace.rules.money import format_minor
from marketplace.rules.states import ShareState


class OwnPartSerializer(serializers.Serializer[Any]):
    """What the own household pays of the line: `parts` of the whole, its goods and its deposit."""

    parts = serializers.IntegerField()
    goods = serializers.CharField()
    deposit = serializers.CharField()


class ShareSerializer(serializers.Serializer[Any]):
    """`ours`: the line is reserved by an own household, else parts of it are offered to one. `reserved`: whether the
    line still is, and `units` what it may come to; who takes a part agrees to no more, should the line grow. `own_part`
    comes with the close, for an accepted share; `quantity` is the whole line's."""

    id = serializers.IntegerField()
    ours = serializers.BooleanField()
    round_id = serializers.IntegerField()
    offer_id = serializers.IntegerField()
    product_name = serializers.CharField()
    offered_by = serializers.CharField()
    offered_to = serializers.CharField(allow_null=True)
    parts = serializers.IntegerField()
    total_parts = serializers.IntegerField()
    state = CodeField("ShareState", ShareState)
    reserved = serializers.BooleanField()
    units = serializers.IntegerField()
    takes_answers = serializers.BooleanField()
    closes_at = serializers.DateTimeField()
    time_zone = serializers.CharField()
    offered_at = serializers.DateTimeField()
    answered_at = serializers.DateTimeField(allow_null=True)
    currency = serializers.CharField()
    quantity = serializers.IntegerField(allow_null=True)
    own_part = OwnPartSerializer(allow_null=True)


class NewShareSerializer(ShareSerializer):
    """`token` and `link` are told here and never again; null where a household was named."""

    token = serializers.CharField(allow_null=True)
    link = serializers.CharField(allow_null=True)


def share_json(shared: SharedLine, mine: set[int]) -> Json:
    share = shared.share
    window, round_ = share.offer.window, share.reservation.round
    ours = share.reservation.household_id in mine
    return {
        "id": share.pk,
        "ours": ours,
        "round_id": share.reservation.round_id,
        "offer_id": share.offer_id,
        "product_name": share.offer.product.name,
        "offered_by": share.reservation.household.name,
        "offered_to": share.household.name if share.household else None,
        "parts": share.parts,
        "total_parts": share.total_parts,
        "state": share.state,
        "reserved": shared.line is not None,
        "units": shared.line.firm + shared.line.flexible if shared.line else 0,
        "takes_answers": window.takes_reservations(clock.now()),
        "closes_at": instant(window.closes_at),
        "time_zone": round_.hub.time_zone,
        "offered_at": instant(share.offered_at),
        "answered_at": instant_or_none(share.answered_at),
        "currency": round_.hub.currency,
        "quantity": shared.bill.quantity if shared.bill else None,
        "own_part": _own_part(shared, ours, round_.hub.currency),
    }


def _own_part(shared: SharedLine, ours: bool, currency: str) -> Json | None:
    amounts = shared.ours if ours else shared.theirs
    if amounts is None:
        return None
    goods, deposit = amounts
    return {
        "parts": shared.own_parts if ours else shared.share.parts,
        "goods": format_minor(goods, currency),
        "deposit": format_minor(deposit, currency),
    }


def household_ids(user: User) -> set[int]:
    return {household.pk for household in households_of(user)}


def share_told(user: User, share_id: int) -> Json:
    """One share of the user's households. Raises NotFound."""
    mine = household_ids(user)
    found = with_parts(shares_seen_by(sorted(mine)).filter(pk=share_id))
    if not found:
        raise NotFound(kind="line_share", id=share_id)
    return share_json(found[0], mine)
