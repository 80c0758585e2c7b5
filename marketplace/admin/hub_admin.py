"""Whose rows a person sees and changes at the hub desk: those of hubs where its role carries the permission."""

from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest

from marketplace.access import hubs_where
from marketplace.admin.scoping import ScopedAdmin
from marketplace.models import User
from marketplace.rules.roles import Permission


class HubAdmin(ScopedAdmin):
    """Rows of the hubs at which the person carries `permission`; `hub_path` leads from the row to its hub."""

    permission: ClassVar[Permission] = Permission.SEE_HUB
    changing: ClassVar[Permission | None] = None
    hub_path: ClassVar[str] = "hub"
    joined: ClassVar[tuple[str, ...]] = ()

    def own_rows(self, user: User) -> QuerySet[Any]:
        rows = self.model._default_manager.filter(**{f"{self.hub_path}__in": hubs_where(user, self.permission)})
        return rows.select_related(*self.joined) if self.joined else rows

    def may_see(self, user: User) -> bool:
        return hubs_where(user, self.permission).exists()

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._may_change(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        if obj is None:
            return self._may_change(request)
        return self._may_change(request) and self.changeable(request).filter(pk=obj.pk).exists()

    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> "ModelChoiceField[Any] | None":
        if db_field.name == "hub" and self.changing is not None and isinstance(request.user, User):
            kwargs["queryset"] = hubs_where(request.user, self.changing)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def changeable(self, request: HttpRequest) -> QuerySet[Any]:
        """The rows that the person may change: those of hubs where it carries `changing`."""
        if self.changing is None or not isinstance(request.user, User):
            return self.model._default_manager.none()
        return self.model._default_manager.filter(**{f"{self.hub_path}__in": hubs_where(request.user, self.changing)})

    def _may_change(self, request: HttpRequest) -> bool:
        return (
            self.changing is not None
            and isinstance(request.user, User)
            and self.admin_site.has_permission(request)
            and hubs_where(request.user, self.changing).exists()
        )
