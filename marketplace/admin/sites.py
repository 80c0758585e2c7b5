"""The three desks: one admin site each, with its own door and its own rows.

Lists and forms only; what changes a state is a POST page of our own that calls an action (order_pages, window_pages).
"""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from unfold.sites import UnfoldAdminSite

from marketplace.access import merchants_of
from marketplace.admin.today import first_page
from marketplace.models import HubRole, User
from marketplace.queries.sign_in import has_second_step
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
        # Asked for by its own address it leads to the desk: signed in, nobody finds it again.
        here = reverse("admin:index", current_app=self.name)
        return redirect_to_login(request.GET.get("next") or here)

    def search(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]
        # Switched off in the settings; its address would still keep answers in the cache and fail on odd pages.
        raise Http404

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]
        return redirect("account_change_password")

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:
        """Every page of the desk. Without a second step of signing in, where one is required, it leads to setting it
        up: whoever works here can change prices, orders and where money is paid to.
        """
        guarded = super().admin_view(view, cacheable)

        def inner(request: HttpRequest, *args: Any, **named: Any) -> Any:
            if settings.MFA_REQUIRED and self.has_permission(request) and not has_second_step(person_of(request)):
                return redirect_to_login(request.get_full_path(), reverse("needs_second_step"))
            return guarded(request, *args, **named)

        return update_wrapper(inner, view)


def person_of(request: HttpRequest) -> User:
    """Who has been let in."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


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
