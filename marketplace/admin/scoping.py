"""One base for every list and form of a desk: own rows only, also in choices, filters and search.

Three rules make it safe: rows come from `own_rows`, choices of foreign keys come from the same function of the
related admin (none, where the desk does not register the related model), and nothing is deleted or acted on in bulk.
"""

from typing import Any, ClassVar

from django.core.exceptions import SuspiciousOperation
from django.db.models import ForeignKey, Model, QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest, HttpResponse
from unfold.admin import ModelAdmin, TabularInline

from marketplace.models import User


def actor(request: HttpRequest) -> User:
    """The person at the desk; the site lets nobody else in."""
    if not isinstance(request.user, User):
        raise PermissionError("A desk without a person.")
    return request.user


class ScopedAdmin(ModelAdmin):
    """Rows of the person at the desk, read-only unless a subclass allows adding or changing."""

    actions = None
    list_per_page = 50
    list_filter_submit = False
    show_full_result_count = False
    may_add: ClassVar[bool] = False
    may_change: ClassVar[bool] = False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]
        # PostgreSQL refuses the null character as a value: a mistake of who asks, not a fault of ours.
        if any("\0" in value for _name, values in request.GET.lists() for value in values):
            raise SuspiciousOperation("A filter with a null character.")
        answer: HttpResponse = super().changelist_view(request, extra_context)
        return answer

    def own_rows(self, user: User) -> QuerySet[Any]:
        """The rows that this person may see."""
        return self.model._default_manager.none()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        # Distinct by key, not by row: a JSON column has no equality on PostgreSQL.
        rows = self.own_rows(actor(request))
        ordering = self.get_ordering(request)
        return rows.order_by(*ordering) if ordering else rows

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> "ModelChoiceField[Any] | None":
        related = self.admin_site._registry.get(db_field.remote_field.model)
        if "queryset" not in kwargs:
            nothing = db_field.remote_field.model._default_manager.none()
            kwargs["queryset"] = related.get_queryset(request) if isinstance(related, ScopedAdmin) else nothing
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.admin_site.has_permission(request) and self.may_see(actor(request))

    def may_see(self, user: User) -> bool:
        """Whether the list is shown at all; rows are bounded by own_rows in any case."""
        return True

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.may_add and self.has_view_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        if not (self.may_change and self.has_view_permission(request)):
            return False
        return obj is None or self.own_rows(actor(request)).filter(pk=obj.pk).exists()

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        # Only the filters that a list names: a lookup through a relation could tell whether foreign rows match.
        named = {item for item in self.get_list_filter(request) if isinstance(item, str)}  # type: ignore[arg-type]
        return lookup.split("__exact")[0].split("__isnull")[0] in named


class ReadOnlyInline(TabularInline):
    """Lines shown on their parent's page, whose rows are already bounded."""

    extra = 0
    can_delete = False
    show_change_link = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return True

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return [field for field in self.fields or () if isinstance(field, str)]
