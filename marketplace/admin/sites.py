"""The three desks: one admin site each, with its own door and its own rows.

Lists and forms only; what changes a state is a POST page of our own that calls an action (order_pages, window_pages).
"""

from http import HTTPStatus
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from knox.models import AuthToken
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
        # Asked for by its own address it leads to the desk: signed in, nobody finds it again.
        here = reverse("admin:index", current_app=self.name)
        return redirect_to_login(request.GET.get("next") or here)

    def search(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]
        # Switched off in the settings; its address would still keep answers in the cache and fail on odd pages.
        raise Http404

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]
        answer: HttpResponse = super().password_change(request, extra_context)
        if request.method == "POST" and answer.status_code == HTTPStatus.FOUND:
            # Django ends the other sessions; whoever knew the old password keeps no token either.
            AuthToken.objects.filter(user=request.user).delete()
        return answer


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
