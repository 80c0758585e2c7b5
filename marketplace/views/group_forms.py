"""What groups, hosts and helpers type."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from marketplace.errors import InvalidInput
from marketplace.models import PickupPoint


def add_problems(form: forms.Form, error: InvalidInput) -> None:
    """A refusal of an action, beside the fields that it names."""
    for problem in error.facts["problems"]:
        place = problem["place"] if problem["place"] in form.fields else None
        form.add_error(place, problem["problem"])


class _Time(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class StartGroupForm(forms.Form):
    """Name, place and welcome of a new group."""

    OWN = "own"
    name = forms.CharField(label=_("Name of the group"), max_length=120, help_text=_("As your neighbours call it."))
    place = forms.ChoiceField(label=_("Where you collect"), widget=forms.RadioSelect)
    own_place = forms.CharField(
        label=_("Address of your own place"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    instructions = forms.CharField(label=_("How to find it"), required=False, max_length=300)
    welcome = forms.CharField(
        label=_("Welcome"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What somebody reads who opens your link."),
    )

    def __init__(self, *args: Any, points: Sequence[PickupPoint], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.points = {str(point.pk): point for point in points}
        label = "<bdi>{}</bdi><small>{}</small>"
        choices = [(key, format_html(label, p.name, p.address)) for key, p in self.points.items()]
        self.fields["place"].choices = [*choices, (self.OWN, _("At our own place"))]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("place") == self.OWN and not cleaned.get("own_place", "").strip():
            self.add_error("own_place", _("Write the address; the hub looks at it before goods go there."))
        return cleaned

    @property
    def point(self) -> PickupPoint | None:
        """The chosen pickup point; None for an own place."""
        return self.points.get(self.cleaned_data["place"])

    @property
    def own_address(self) -> str:
        return str(self.cleaned_data["own_place"]) if self.cleaned_data["place"] == self.OWN else ""


class GroupForm(forms.Form):
    """What a group says of itself."""

    name = forms.CharField(label=_("Name of the group"), max_length=120)
    welcome = forms.CharField(
        label=_("Welcome"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    late_words = forms.CharField(
        label=_("When a helper steps back late"),
        required=False,
        max_length=200,
        help_text=_("Read by whoever steps back less than a day before a shift. Empty: our usual words."),
    )


class MoveForm(forms.Form):
    """A point's other place for its one day; times only where they move too."""

    moved_to = forms.CharField(label=_("Where it is instead"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    reason = forms.CharField(label=_("Why"), max_length=200, required=False)
    starts = forms.TimeField(label=_("From, if that changes"), required=False, widget=_Time())
    ends = forms.TimeField(label=_("Until, if that changes"), required=False, widget=_Time())


class PointForm(forms.Form):
    """A point's usual hours, room and way."""

    opens_time = forms.TimeField(label=_("Usually opens"), required=False, widget=_Time())
    closes_time = forms.TimeField(label=_("Usually closes"), required=False, widget=_Time())
    usual_capacity = forms.IntegerField(
        label=_("Room, in orders"), required=False, min_value=1, max_value=10_000, help_text=_("Empty: no bound.")
    )
    instructions = forms.CharField(
        label=_("How to find it"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class RoomForm(forms.Form):
    room = forms.IntegerField(label=_("Room, in orders"), min_value=1, max_value=10_000)


class DeputyForm(forms.Form):
    name = forms.CharField(label=_("Who stands in?"), max_length=80)


class ShiftForm(forms.Form):
    """A task with its hours on the handover's day."""

    task = forms.CharField(label=_("Task"), max_length=80)
    needed = forms.IntegerField(label=_("People needed"), min_value=1, max_value=50, initial=1)
    starts = forms.TimeField(label=_("From"), widget=_Time())
    ends = forms.TimeField(label=_("Until"), widget=_Time())
    note = forms.CharField(label=_("Good to know"), required=False, max_length=200)
