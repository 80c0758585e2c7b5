"""The questions that wait, on the hub desk and on the merchant desk: the longest first."""

from typing import Any, ClassVar

from django.contrib.admin import register
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from marketplace import clock
from marketplace.access import hubs_where
from marketplace.admin.scoping import ScopedAdmin, actor
from marketplace.admin.sites import hub_desk, merchant_desk
from marketplace.models import Thread, User
from marketplace.queries.threads import open_questions, threads_as
from marketplace.rules.roles import Permission
from marketplace.rules.threads import Side
from marketplace.thread_words import thread_card


class QuestionsAdmin(ScopedAdmin):
    """Its list is a page of our own; each question opens on its thread's page."""

    side: ClassVar[Side]

    def own_rows(self, user: User) -> QuerySet[Any]:
        return threads_as(user, self.side, clock.now())

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise Http404
        after, now = request.GET.get("after", ""), clock.now()
        found = open_questions(
            actor(request), self.side, now, after=int(after) if after.isdecimal() and len(after) < 18 else None
        )
        context = {
            "cards": [thread_card(thread, self.side, now) for thread in found.threads],
            "following": found.following,
            "side": self.side.value,
            "back": reverse("admin:index", current_app=self.admin_site.name),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "marketplace/threads/desk.html", context)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        raise Http404

    def history_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        raise Http404


@register(Thread, site=hub_desk)
class HubQuestionsAdmin(QuestionsAdmin):
    side = Side.HUB

    def may_see(self, user: User) -> bool:
        return hubs_where(user, Permission.ANSWER_HOUSEHOLDS).exists()


@register(Thread, site=merchant_desk)
class MerchantQuestionsAdmin(QuestionsAdmin):
    side = Side.MERCHANT
