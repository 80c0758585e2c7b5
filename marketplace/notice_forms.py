"""The form of a person's wishes about messages."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.rules.notices import SENT_CHANNELS, Channel, NoticeKind

MOST_HOURS = 48


def field_name(kind: NoticeKind, channel: Channel) -> str:
    return f"{kind.value}-{channel.value}"


def _clock() -> forms.TimeInput:
    return forms.TimeInput({"type": "time"}, "%H:%M")


class WishesForm(forms.Form):
    """Each kind by each way, quiet hours, one mail a day, and how early a close is told."""

    time_zone = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    quiet_from = forms.TimeField(label=_("Quiet from"), required=False, widget=_clock())
    quiet_until = forms.TimeField(label=_("Until"), required=False, widget=_clock())
    daily = forms.BooleanField(label=_("One mail a day instead of single ones"), required=False)
    digest_at = forms.TimeField(label=_("The mail of the day comes at"), required=False, widget=_clock())
    hours_before_close = forms.IntegerField(
        label=_("Hours before the close"),
        min_value=1,
        max_value=MOST_HOURS,
        widget=forms.NumberInput({"inputmode": "numeric"}),
        error_messages={
            "required": _("Write a number of hours from 1 to 48."),
            "invalid": _("Write a number of hours from 1 to 48."),
            "min_value": _("Write a number of hours from 1 to 48."),
            "max_value": _("Write a number of hours from 1 to 48."),
        },
    )

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "label_suffix": ""})
        self._zone = zone
        for kind in NoticeKind:
            for channel in SENT_CHANNELS:
                self.fields[field_name(kind, channel)] = forms.BooleanField(required=False)

    def clean_time_zone(self) -> str:
        """The browser's zone; one that nobody knows gives way to the one known so far."""
        typed = str(self.cleaned_data["time_zone"])
        return typed if typed in available_timezones() else self._zone

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, end = cleaned.get("quiet_from"), cleaned.get("quiet_until")
        if (start is None) != (end is None) and not {"quiet_from", "quiet_until"} & set(self.errors):
            missing = "quiet_until" if end is None else "quiet_from"
            self.add_error(missing, _("Quiet hours have a beginning and an end. Leave both empty for none."))
        if start is not None and start == end:
            self.add_error("quiet_until", _("Beginning and end are the same. Leave both empty for no quiet hours."))
        if cleaned.get("daily") and cleaned.get("digest_at") is None and "digest_at" not in self.errors:
            self.add_error("digest_at", _("Say when the mail of the day should come."))
        return cleaned

    def wanted(self) -> Mapping[tuple[NoticeKind, Channel], bool]:
        """The answers of a valid form."""
        return {
            (kind, channel): bool(self.cleaned_data[field_name(kind, channel)])
            for kind in NoticeKind
            for channel in SENT_CHANNELS
        }
