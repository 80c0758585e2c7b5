"""The hub desk's part of hosts: who hosts a point, and who stands in; set and removed by the actions of other doors."""

from typing import Any, ClassVar

from django import forms
from django.contrib.admin import display, register
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from marketplace.actions.hosting.remove_point_host import remove_point_host
from marketplace.actions.hosting.set_point_host import find_person, set_point_host
from marketplace.admin.hub_desk import HubAdmin
from marketplace.admin.scoping import actor
from marketplace.admin.sites import hub_desk
from marketplace.errors import InvalidInput
from marketplace.models import PickupPointHost
from marketplace.rules.roles import Permission


class HostForm(forms.ModelForm):  # type: ignore[type-arg]  # the stubs' base takes a parameter, Django's does not
    """A person is named by the e-mail address: a desk lists no accounts to choose from."""

    email = forms.EmailField(label=_("e-mail of the person"))

    class Meta:
        model = PickupPointHost
        fields = ("pickup_point", "is_deputy")

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"])
        try:
            find_person(email)
        except InvalidInput as error:
            raise forms.ValidationError([problem["problem"] for problem in error.facts["problems"]]) from error
        return email


@register(PickupPointHost, site=hub_desk)
class HostAdmin(HubAdmin):
    """Hosts and deputies of the own hub's points."""

    list_display = ("point", "person", "is_deputy")
    list_filter = ("is_deputy",)
    search_fields = ("pickup_point__name",)
    ordering = ("pickup_point__name", "is_deputy")
    joined = ("pickup_point", "user")
    hub_path = "pickup_point__hub"
    permission = Permission.RUN_ROUNDS
    changing: ClassVar[Permission | None] = Permission.RUN_ROUNDS
    form = HostForm

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        if obj is None:
            return self._may_change(request)
        return self._may_change(request) and self.changeable(request).filter(pk=obj.pk).exists()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        made = set_point_host(
            point_id=obj.pickup_point_id,
            email=form.cleaned_data["email"],
            is_deputy=form.cleaned_data["is_deputy"],
            by=actor(request),
        )
        obj.pk, obj.user = made.pk, made.user

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        remove_point_host(host_id=obj.pk, by=actor(request))

    @display(description=_("pickup point"), ordering="pickup_point__name")
    def point(self, host: PickupPointHost) -> str:
        return host.pickup_point.name

    @display(description=_("person"))
    def person(self, host: PickupPointHost) -> str:
        return f"{host.user.name} · {host.user.email}"
