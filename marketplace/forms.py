"""What pages let people type: a line's quantities, the review of a basket."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.actions.baskets.set_line import LineChange
from marketplace.models import ReservationLine
from marketplace.rules.money import MoneyError, parse_minor
from marketplace.rules.wanted import MOST_COLLECTING_DAYS, MOST_FLEXIBLE, MOST_SUBSTITUTES, MOST_UNITS

# A key is the page's uuid, the offer's number and a letter; longer ones are refused by the action.
KEY_LENGTH = 80
LONGEST_COLLECTING = timedelta(days=MOST_COLLECTING_DAYS)


class LineForm(forms.Form):
    """One line of the basket, as its card or its sheet sends it.

    A tap sends the number that the page shows (`firm`) and `step`, or what a script counted (`firm`) beside what it
    had been told last (`seen`). `extra` is the range that one tap takes, like "2:case". The sheet sends all of it.
    """

    request_key = forms.CharField(max_length=KEY_LENGTH)
    firm = forms.IntegerField(min_value=0, max_value=MOST_UNITS)
    step = forms.TypedChoiceField(choices=[("-1", "-1"), ("1", "1")], coerce=int, required=False)
    seen = forms.IntegerField(min_value=0, max_value=MOST_UNITS, required=False)
    version = forms.IntegerField(min_value=1, required=False)
    extra = forms.RegexField(r"^\d{1,3}:(case|price|order)$", required=False)
    up_to = forms.IntegerField(min_value=0, max_value=MOST_UNITS, required=False)
    flexible_for = forms.ChoiceField(choices=ReservationLine.FlexibleFor, required=False)
    limit = forms.CharField(max_length=20, required=False)
    whole_only = forms.BooleanField(required=False)
    substitutes = forms.TypedMultipleChoiceField(coerce=int, required=False)
    collect_until = forms.DateField(required=False)
    handover = forms.IntegerField(min_value=1, required=False)

    def __init__(
        self, *args: Any, currency: str, today: date | None = None, substitutes: Sequence[int] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.currency, self.today = currency, today
        self.fields["substitutes"].choices = [(str(pk), str(pk)) for pk in substitutes]  # type: ignore[attr-defined]

    @property
    def is_whole(self) -> bool:
        """Whether the sheet was sent, which names every wish."""
        return "up_to" in self.data

    def clean_limit(self) -> int | None:
        """Minor units; None for no limit. A comma counts as the decimal point."""
        text = str(self.cleaned_data["limit"]).strip().replace(",", ".")
        if not text:
            return None
        try:
            return parse_minor(text, self.currency)
        except MoneyError:
            raise forms.ValidationError(_("Write the price alone, like 2.10.")) from None

    def clean_collect_until(self) -> date | None:
        until: date | None = self.cleaned_data["collect_until"]
        if until and self.today and not self.today < until <= self.today + LONGEST_COLLECTING:
            raise forms.ValidationError(
                _("Choose a day within the next %(days)s days.") % {"days": MOST_COLLECTING_DAYS}
            )
        return until

    def clean_substitutes(self) -> list[int]:
        chosen: list[int] = self.cleaned_data["substitutes"]
        if len(chosen) > MOST_SUBSTITUTES:
            raise forms.ValidationError(_("Choose at most %(n)s of them.") % {"n": MOST_SUBSTITUTES})
        return chosen

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        firm, up_to = cleaned.get("firm"), cleaned.get("up_to")
        if firm is not None and up_to is not None and firm and up_to < firm:
            self.add_error("up_to", _("“Up to” is the larger number; leave it empty for no extra."))
        elif firm and up_to is not None and up_to - firm > MOST_FLEXIBLE:
            self.add_error("up_to", _("At most %(extra)s more than “at least”.") % {"extra": MOST_FLEXIBLE})
        return cleaned

    def change(self, offer_id: int) -> LineChange:
        """What was asked of the line; of a valid form."""
        asked = self.cleaned_data
        firm, step, seen = asked["firm"], asked["step"] or 0, asked["seen"]
        if step or (asked["extra"] and seen is None):
            seen = firm  # without a script the form holds the number that the page shows
        return LineChange(
            offer_id=offer_id,
            firm=max(0, firm + step),
            seen=None if self.is_whole else seen,
            seen_version=asked["version"],
            wishes=self._wishes(firm),
        )

    def _wishes(self, firm: int) -> dict[str, Any]:
        """The fields of WantedLine that the form names."""
        asked = self.cleaned_data
        if asked["extra"]:
            units, use = asked["extra"].split(":")
            return {"flexible": int(units), "flexible_for": use}
        if not self.is_whole:
            return {}
        return {
            "flexible": max(0, (asked["up_to"] or 0) - firm),
            "flexible_for": asked["flexible_for"] or ReservationLine.FlexibleFor.CASE.value,
            "max_unit_price_minor": asked["limit"],
            "whole_only": bool(asked["whole_only"]),
            "substitutes": tuple(asked["substitutes"]),
            "collect_until": asked["collect_until"],
        }

    def carried(self) -> list[tuple[str, str]]:
        """Everything that was sent but key and place, to be sent once more."""
        named = [name for name in self.fields if name not in ("request_key", "handover") and name in self.data]
        return [(name, value) for name in named for value in self.data.getlist(name)]  # type: ignore[attr-defined]


class ReviewForm(forms.Form):
    """Where the basket is handed over and with whom it is ordered, checked against the round's own handovers.

    `group` 0 is "on my own". A delivery needs the household's `address`.
    """

    request_key = forms.CharField(max_length=KEY_LENGTH)
    version = forms.IntegerField(min_value=0)
    handover = forms.TypedChoiceField(coerce=int, error_messages={"required": _("Choose where you collect it.")})
    group = forms.TypedChoiceField(coerce=int, required=False, empty_value=None)
    address = forms.CharField(max_length=400, required=False, widget=forms.Textarea)

    def __init__(
        self,
        *args: Any,
        handover_ids: Sequence[int],
        delivery_ids: Sequence[int] = (),
        group_ids: Sequence[int] = (),
        has_address: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.delivery_ids, self.has_address = delivery_ids, has_address
        self.fields["handover"].choices = [(str(pk), str(pk)) for pk in handover_ids]  # type: ignore[attr-defined]
        self.fields["group"].choices = [(str(pk), str(pk)) for pk in (0, *group_ids)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        delivered = cleaned.get("handover") in self.delivery_ids
        if delivered and not self.has_address and not str(cleaned.get("address", "")).strip():
            self.add_error("address", _("Write where it is brought: street, number, floor, place."))
        return cleaned


class CancelForm(forms.Form):
    """Gives the whole basket back."""

    request_key = forms.CharField(max_length=KEY_LENGTH)
    version = forms.IntegerField(min_value=0)


class AnswerForm(forms.Form):
    """The answer to a changed offer, for the version that the page showed."""

    offer = forms.IntegerField(min_value=1)
    version = forms.IntegerField(min_value=1)
    answer = forms.ChoiceField(choices=[("agree", "agree"), ("release", "release")])
