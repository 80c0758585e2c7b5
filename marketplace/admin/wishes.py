"""What households wish for, on the hub desk (all of it, and which wishes mean the same) and on the merchant desk (what
may be told: counts from five households on)."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.admin import register
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace.access import hubs_where, merchants_of
from marketplace.actions.wishes.same_wish import same_wish
from marketplace.admin.scoping import ScopedAdmin, actor
from marketplace.admin.sites import hub_desk, merchant_desk
from marketplace.errors import InvalidInput, NotFound
from marketplace.models import User, WishTopic
from marketplace.queries.wishes import WishedFor, topics_of, wished_at, wished_for_merchants
from marketplace.rules.roles import Permission


class WishesAdmin(ScopedAdmin):
    """Its list is a page of our own."""

    def wished(self, user: User) -> Sequence[WishedFor]:
        raise Http404

    def page(self, request: HttpRequest, **more: Any) -> HttpResponse:
        if not self.has_view_permission(request):
            raise Http404
        user = actor(request)
        back = reverse("admin:index", current_app=self.admin_site.name)
        context = {"wished": self.wished(user), "back": back, **more}
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "desk/wishes.html", context, status=422 if more.get("problems") else 200)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return self.page(request)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        raise Http404

    def history_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        raise Http404


@register(WishTopic, site=hub_desk)
class HubWishesAdmin(WishesAdmin):
    """A coordinator also says which wishes mean the same."""

    def own_rows(self, user: User) -> QuerySet[Any]:
        return topics_of(hubs_where(user, Permission.RUN_ROUNDS))

    def may_see(self, user: User) -> bool:
        return hubs_where(user, Permission.RUN_ROUNDS).exists()

    def wished(self, user: User) -> Sequence[WishedFor]:
        return wished_at(hubs_where(user, Permission.RUN_ROUNDS))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        topics = self.own_rows(actor(request))
        if request.method != "POST":
            return self.page(request, topics=topics, may_join=True)
        topic, same_as = request.POST.get("topic", ""), request.POST.get("same_as", "")
        try:
            same_wish(topic_id=_number(topic), same_as_id=_number(same_as), by=actor(request))
        except InvalidInput as refused:
            problems = [str(told["problem"]) for told in refused.facts["problems"]]
            return self.page(request, topics=topics, may_join=True, problems=problems)
        except NotFound:
            raise Http404 from None
        messages.success(request, _("They are counted as one now."))
        return redirect(request.path)


@register(WishTopic, site=merchant_desk)
class MerchantWishesAdmin(WishesAdmin):
    """Counts, never households."""

    def own_rows(self, user: User) -> QuerySet[Any]:
        return WishTopic.objects.none()

    def wished(self, user: User) -> Sequence[WishedFor]:
        return wished_for_merchants(list(merchants_of(user).values_list("pk", flat=True)))


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 18 else 0
