"""Every door's address; each app names its own."""

from django.urls import URLPattern, URLResolver, include, path

from marketplace.admin.desks import hub_desk, merchant_desk, staff_admin

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("marketplace.urls")),
    path("api/", include("marketplace.api.urls")),
    path("desk/", merchant_desk.urls),
    path("hub/", hub_desk.urls),
    path("admin/", staff_admin.urls),
]

handler403 = "marketplace.views.problems.not_allowed"
handler404 = "marketplace.views.problems.not_found"
handler429 = "marketplace.views.problems.too_often"
handler500 = "marketplace.views.problems.broken"
