"""The three desks: one admin site each, with its own door and its own rows.

Lists and forms only; what changes a state is a POST page of our own that calls an action (order_pages, window_pages).
"""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from unfold.sites import UnfoldAdminSite

from marketplace.access import merchants_of
from marketplace.admin.today import first_page
from marketplace.models import HubRole, User
from marketplace.rules.roles import HUB_DESK_ROLES


class Desk(UnfoldAdminSite):
    """A site that is entered through the one login page and is "not found" for everybody else."""

    def may_enter(self, user: User) -> bool:
        """Whether this person works at the desk."""
        raise Http404

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        return not isinstance(user, AnonymousUser) and user.is_active and self.may_enter(user)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if request.user.is_authenticated:
            raise Http404
        return redirect_to_login(request.GET.get("next") or request.path)


class OwnFirstPage(Desk):
    """A desk whose first page is ours; lists and forms stay the admin's."""

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]
        return first_page(request, site_name=self.name, lists=self.get_app_list(request))


class MerchantDesk(OwnFirstPage):
    """Where a merchant's members look after products, offers and purchase orders."""

    settings_name = "UNFOLD_MERCHANT_DESK"

    def may_enter(self, user: User) -> bool:
        return merchants_of(user).exists()


class HubDesk(OwnFirstPage):
    """Where a hub's coordinators, treasurers, dispatchers and analysts run its week."""

    settings_name = "UNFOLD_HUB_DESK"

    def may_enter(self, user: User) -> bool:
        return HubRole.objects.filter(user=user, role__in=[role.value for role in HUB_DESK_ROLES]).exists()


class StaffAdmin(Desk):
    """Set-up and support for the platform's own staff."""

    settings_name = "UNFOLD_STAFF"

    def may_enter(self, user: User) -> bool:
        return user.is_staff


merchant_desk = MerchantDesk(name="desk")
hub_desk = HubDesk(name="hub")
staff_admin = StaffAdmin(name="admin")
