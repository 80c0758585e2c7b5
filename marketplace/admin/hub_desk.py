"""The hub desk: the hub itself, its pickup points, merchants and groups."""

from django.contrib.admin import display, register
from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from marketplace.admin.columns import amount
from marketplace.admin.hub_admin import HubAdmin
from marketplace.admin.sites import hub_desk
from marketplace.models import Group, Hub, PickupPoint, Supply, User
from marketplace.rules.roles import Permission
from marketplace.words import zone_words


@register(Hub, site=hub_desk)
class HubOwnAdmin(HubAdmin):
    list_display = ("name", "zone", "currency", "email")
    hub_path = "pk"

    @display(description=_("time zone"), ordering="time_zone")
    def zone(self, hub: Hub) -> str:
        return zone_words(hub.time_zone)


@register(PickupPoint, site=hub_desk)
class PickupPointAdmin(HubAdmin):
    list_display = ("name", "address", "is_active")
    list_filter = ("is_active",)
    search_fields = ("name",)
    ordering = ("name",)
    changing = Permission.RUN_ROUNDS


@register(Supply, site=hub_desk)
class SupplyAdmin(HubAdmin):
    list_display = ("merchant", "minimum", "small_order_fee", "lead_hours", "is_active")
    search_fields = ("merchant__name",)
    ordering = ("merchant__name",)
    joined = ("merchant", "hub")
    fields = (
        *("merchant", "minimum", "small_order_fee", "lead_hours", "cut_off_minutes", "sells_as", "payout_days"),
        "is_active",
    )
    readonly_fields = fields
    minimum = amount("minimum_order_value_minor", _("minimum order value, at cost"), currency="hub__currency")
    small_order_fee = amount("small_order_fee_minor", _("fee for a smaller order"), currency="hub__currency")


@register(Group, site=hub_desk)
class GroupAdmin(HubAdmin):
    list_display = ("name", "host", "pickup_point", "households")
    search_fields = ("name",)
    ordering = ("name",)
    joined = ("host", "pickup_point")
    fields = ("name", "host", "pickup_point")
    permission = Permission.SEE_RESERVATIONS

    def own_rows(self, user: User) -> QuerySet[Group]:
        return super().own_rows(user).annotate(member_count=Count("memberships"))

    @display(description=_("households"), ordering="member_count")
    def households(self, group: Group) -> int:
        count: int = group.member_count  # type: ignore[attr-defined]
        return count
