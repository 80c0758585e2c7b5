"""What the review page lets a household choose: where, with whom, and to which address."""

from dataclasses import replace
from typing import Any

from marketplace.access import household_of
from marketplace.actions.baskets.settle_place import settle_place
from marketplace.forms import ReviewForm
from marketplace.models import Round, User
from marketplace.queries import shop
from marketplace.views.requests import HouseholdRequest


def review_form(request: HouseholdRequest, round_: Round) -> ReviewForm:
    """The form as it was sent, checked against the round's handovers and the household's groups. Three queries."""
    handovers = shop.handovers_of(round_.pk)
    return ReviewForm(
        request.POST,
        handover_ids=[handover.pk for handover in handovers],
        delivery_ids=[handover.pk for handover in handovers if handover.pickup_point_id is None],
        group_ids=[group.pk for group in shop.groups_at(request.user, round_.hub_id)],
        has_address=bool(household_of(request.user).address.strip()),
    )


def keep_review(round_id: int, form: ReviewForm, *, by: User) -> None:
    """Keep what a valid form chose. Raises what the action raises."""
    chosen = form.cleaned_data
    settle_place(
        round_id=round_id,
        handover_id=chosen["handover"],
        group_id=chosen["group"],
        address=chosen["address"],
        request_key=chosen["request_key"],
        expected_version=chosen["version"],
        by=by,
    )


def typed_review(context: dict[str, Any], form: ReviewForm | None) -> dict[str, Any]:
    """What was typed, in place of what is kept, and what is wrong with it; nothing for a fresh page."""
    if form is None or "places" not in context:
        return {}
    chosen, group = form.data.get("handover", ""), form.data.get("group", "")
    return {
        "places": [replace(place, chosen=str(place.id) == chosen) for place in context["places"]],
        "groups": [{**choice, "chosen": str(choice["id"]) == group} for choice in context["groups"]],
        "address": form.data.get("address", ""),
        "errors": {name: [str(text) for text in texts] for name, texts in form.errors.items()},
    }
