"""The platform staff's site: set-up and support over all hubs. States are shown, never typed."""

from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.admin import display, register
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from marketplace.actions.deliver_events import deliver_again
from marketplace.admin.columns import chip
from marketplace.admin.scoping import ReadOnlyInline, ScopedAdmin, actor
from marketplace.admin.sites import staff_admin
from marketplace.errors import MarketError
from marketplace.models import (
    Category,
    DepositType,
    Dispatch,
    HandledEvent,
    Household,
    HouseholdMember,
    Hub,
    HubRole,
    Merchant,
    MerchantMember,
    OrderingWindow,
    OutboxEvent,
    Product,
    PurchaseOrder,
    Reservation,
    Round,
    StateChange,
    Supply,
    TaxClass,
    User,
)


class StaffOwnAdmin(ScopedAdmin):
    """All rows; read-only unless a subclass says that staff set this up."""

    joined: ClassVar[tuple[str, ...]] = ()

    def own_rows(self, user: User) -> QuerySet[Any]:
        rows = self.model._default_manager.all() if user.is_staff else self.model._default_manager.none()
        return rows.select_related(*self.joined) if self.joined else rows


class SetUpAdmin(StaffOwnAdmin):
    may_add = True
    may_change = True


class MemberInline(ReadOnlyInline):
    model = HouseholdMember
    fields = ("user", "joined_at")


@register(User, site=staff_admin)
class UserAdmin(StaffOwnAdmin):
    list_display = ("email", "name", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("email", "name")
    ordering = ("email",)
    fields = ("email", "name", "language", "is_active", "is_staff", "joined_at", "last_login")


@register(Household, site=staff_admin)
class HouseholdAdmin(StaffOwnAdmin):
    list_display = ("name", "created_at")
    search_fields = ("name",)
    ordering = ("name",)
    inlines = (MemberInline,)


@register(Hub, site=staff_admin)
class HubAdmin(SetUpAdmin):
    list_display = ("name", "slug", "time_zone", "currency")
    ordering = ("name",)


@register(HubRole, site=staff_admin)
class HubRoleAdmin(SetUpAdmin):
    list_display = ("user", "hub", "role")
    list_filter = ("role", "hub")
    joined = ("user", "hub")
    ordering = ("hub", "role")


@register(Merchant, site=staff_admin)
class MerchantAdmin(SetUpAdmin):
    list_display = ("name", "slug", "email", "place")
    search_fields = ("name",)
    ordering = ("name",)


@register(MerchantMember, site=staff_admin)
class MerchantMemberAdmin(SetUpAdmin):
    list_display = ("user", "merchant")
    joined = ("user", "merchant")
    ordering = ("merchant",)


@register(Supply, site=staff_admin)
class SupplyAdmin(SetUpAdmin):
    list_display = ("merchant", "hub", "lead_hours", "sells_as", "is_active")
    joined = ("merchant", "hub")
    ordering = ("merchant",)


@register(Category, DepositType, TaxClass, site=staff_admin)
class SharedWordAdmin(SetUpAdmin):
    list_display = ("name",)


@register(Product, site=staff_admin)
class ProductAdmin(StaffOwnAdmin):
    list_display = ("name", "merchant", "sku", "gtin", "storage_class", "is_active")
    list_filter = ("storage_class", "is_active")
    search_fields = ("name", "sku", "gtin", "merchant__name")
    joined = ("merchant",)
    ordering = ("merchant", "name")


@register(Round, site=staff_admin)
class RoundAdmin(StaffOwnAdmin):
    list_display = ("name", "hub", "handover_on")
    joined = ("hub",)
    ordering = ("-handover_on",)


@register(OrderingWindow, site=staff_admin)
class WindowAdmin(StaffOwnAdmin):
    list_display = ("name", "round", "state_chip", "opens_at", "closes_at")
    list_filter = ("state",)
    joined = ("round",)
    ordering = ("-closes_at",)

    @chip(description=gettext_lazy("state"), ordering="state")
    def state_chip(self, window: OrderingWindow) -> str:
        return window.state


@register(Reservation, site=staff_admin)
class ReservationAdmin(StaffOwnAdmin):
    list_display = ("household", "round", "state", "version", "changed_at")
    list_filter = ("state",)
    joined = ("household", "round")
    ordering = ("-changed_at",)


@register(PurchaseOrder, site=staff_admin)
class PurchaseOrderAdmin(StaffOwnAdmin):
    list_display = ("__str__", "merchant", "window", "state_chip", "held_for", "total_minor", "currency")
    list_filter = ("state",)
    joined = ("merchant", "window")
    ordering = ("-issued_at", "merchant")

    @chip(description=gettext_lazy("state"), ordering="state")
    def state_chip(self, order: PurchaseOrder) -> str:
        return order.state


@register(Dispatch, site=staff_admin)
class DispatchAdmin(StaffOwnAdmin):
    list_display = ("revision", "channel", "address", "state_chip", "due_at", "attempts", "sent_at", "last_error")
    list_filter = ("state", "channel")
    joined = ("revision__order__merchant",)
    ordering = ("-due_at",)

    @chip(description=gettext_lazy("state"), ordering="state")
    def state_chip(self, dispatch: Dispatch) -> str:
        return dispatch.state


@register(StateChange, site=staff_admin)
class StateChangeAdmin(StaffOwnAdmin):
    list_display = ("at", "kind", "object_id", "from_state", "to_state", "by", "reason")
    list_filter = ("kind",)
    joined = ("by",)
    ordering = ("-pk",)


@register(OutboxEvent, site=staff_admin)
class OutboxEventAdmin(StaffOwnAdmin):
    list_display = ("id", "topic", "created_at", "settled_at")
    list_filter = ("topic",)
    ordering = ("-pk",)


@register(HandledEvent, site=staff_admin)
class HandledEventAdmin(StaffOwnAdmin):
    """Handlers that failed or were parked; a parked one is delivered again by a button."""

    list_display = ("handler", "event", "state_chip", "attempts", "next_try_at", "again")
    list_filter = ("state",)
    joined = ("event",)
    ordering = ("-pk",)
    fields = ("handler", "event", "state_chip", "attempts", "next_try_at", "last_error", "again")
    readonly_fields = fields

    def get_urls(self) -> list[URLPattern]:
        again = self.admin_site.admin_view(require_POST(self.deliver_again))
        return [
            path("<int:handled_id>/deliver-again/", again, name="marketplace_handledevent_again"),
            *super().get_urls(),
        ]

    def deliver_again(self, request: HttpRequest, handled_id: int) -> HttpResponse:
        try:
            deliver_again(handled_id=handled_id, by=actor(request))
            messages.success(request, _("It is being delivered again."))
        except MarketError:
            messages.error(request, _("Nothing was changed: only a parked handler is delivered again."))
        return HttpResponseRedirect(reverse("admin:marketplace_handledevent_changelist", current_app="admin"))

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    @chip(description=gettext_lazy("state"), ordering="state")
    def state_chip(self, handled: HandledEvent) -> str:
        return handled.state

    @display(description=gettext_lazy("deliver again"))
    def again(self, handled: HandledEvent) -> SafeString | str:
        if handled.state != HandledEvent.State.PARKED:
            return "–"
        url = reverse("admin:marketplace_handledevent_again", args=[handled.pk], current_app="admin")
        return format_html(
            '<button type="submit" formmethod="post" formaction="{}">{}</button>', url, _("Deliver again")
        )
