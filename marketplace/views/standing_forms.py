"""What people type about standing reservations and absences."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.errors import InvalidInput
from marketplace.models import Hub, ReservationLine, StandingReservation
from marketplace.rules.money import MoneyError, parse_minor
from marketplace.rules.wanted import MOST_FLEXIBLE, MOST_UNITS


class StandingForm(forms.Form):
    """A product, at least and up to how many, and at what price at most."""

    hub = forms.IntegerField(min_value=1, max_value=2**31, widget=forms.HiddenInput)
    product = forms.IntegerField(min_value=1, max_value=2**31, widget=forms.HiddenInput)
    firm = forms.IntegerField(label=_("At least"), min_value=1, max_value=MOST_UNITS)
    up_to = forms.IntegerField(label=_("Up to"), min_value=0, max_value=MOST_UNITS, required=False)
    flexible_for = forms.ChoiceField(label=_("Use the extra"), choices=ReservationLine.FlexibleFor, required=False)
    limit = forms.CharField(label=_("Pay at most, each"), max_length=20, required=False)
    whole_only = forms.BooleanField(label=_("All or nothing"), required=False)

    @classmethod
    def of(cls, standing: StandingReservation, limit: str) -> "StandingForm":
        """The form as it stands."""
        return cls(
            auto_id=f"s{standing.pk}_%s",
            initial={
                "hub": standing.hub_id,
                "product": standing.product_id,
                "firm": standing.firm,
                "up_to": standing.firm + standing.flexible if standing.flexible else None,
                "flexible_for": standing.flexible_for,
                "limit": limit,
                "whole_only": standing.whole_only,
            },
        )

    def is_for(self, standing: StandingReservation) -> bool:
        """Whether what was typed is about this one."""
        return self.data.get("product") == str(standing.product_id) and self.data.get("hub") == str(standing.hub_id)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        firm, up_to = cleaned.get("firm"), cleaned.get("up_to")
        if firm and up_to and up_to < firm:
            self.add_error("up_to", _("“Up to” is the larger number; leave it empty for no extra."))
        elif firm and up_to and up_to - firm > MOST_FLEXIBLE:
            self.add_error("up_to", _("At most %(extra)s more than “at least”.") % {"extra": MOST_FLEXIBLE})
        cleaned["limit"] = self._limit(str(cleaned.get("limit", "")).strip().replace(",", "."), cleaned.get("hub"))
        return cleaned

    def _limit(self, text: str, hub_id: int | None) -> int | None:
        currency = Hub.objects.filter(pk=hub_id or 0).values_list("currency", flat=True).first()
        if not text or currency is None:
            return None
        try:
            return parse_minor(text, currency)
        except MoneyError:
            self.add_error("limit", _("Write the price alone, like 2.10."))
            return None

    def add_problems(self, error: InvalidInput) -> None:
        """Put an action's problems beside their fields."""
        names = {"flexible": "up_to", "max_unit_price_minor": "limit"}
        for problem in error.facts["problems"]:
            place = names.get(problem["place"], problem["place"])
            self.add_error(place if place in self.fields else None, problem["problem"])


class PauseForm(forms.Form):
    """Until when it rests; empty: until it is taken up again."""

    until = forms.DateField(required=False)


class AbsenceForm(forms.Form):
    """The days of an absence."""

    starts_on = forms.DateField(label=_("Away from"), widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}))
