"""Addresses of the pages."""

from django.urls import include, path

from marketplace.views import (
    app,
    bundles,
    gallery,
    offer_changes,
    outcome_pages,
    pages,
    pictures,
    places,
    remind,
    reserving,
)

urlpatterns = [
    path("", pages.home, name="home"),
    path("", include("marketplace.views.account_addresses")),
    path("", include("marketplace.views.hosting_addresses")),
    path("rounds/<int:round_id>/", pages.round_page, name="round"),
    path("rounds/<int:round_id>/live/", pages.live, name="live"),
    path("rounds/<int:round_id>/goods/<int:offer_id>/", pages.offer, name="offer"),
    path("places/", places.choose, name="places"),
    path("places/take/", places.take, name="take_place"),
    path("hubs/<slug:slug>/follow/", remind.follow, name="follow_hub"),
    path("windows/<int:window_id>/remind/", remind.remind, name="remind"),
    path("windows/<int:window_id>/calendar.ics", remind.calendar, name="calendar"),
    path("assets/<slug:digest>/<slug:name>.<slug:extension>", bundles.serve, name="bundle"),
    path("pictures/<slug:digest>-<int:size>.<slug:extension>", pictures.picture, name="picture"),
    path("rounds/<int:round_id>/offers/<int:offer_id>/", reserving.reserve_line, name="reserve_line"),
    path("rounds/<int:round_id>/basket/", reserving.basket, name="basket"),
    path("rounds/<int:round_id>/basket/cancel/", reserving.cancel, name="cancel"),
    path("rounds/<int:round_id>/changes/", offer_changes.changes, name="changes"),
    path("rounds/<int:round_id>/reservation/", outcome_pages.reservation, name="reservation"),
    path("", include("marketplace.views.household_addresses")),
    path("", include("marketplace.views.standing_addresses")),
    path("", include("marketplace.views.message_addresses")),
    path("", include("marketplace.views.after_addresses")),
    path("manifest.webmanifest", app.manifest, name="manifest"),
    path("service-worker.js", app.worker, name="service_worker"),
    path("offline/", app.offline, name="offline"),
    path("gallery/", gallery.gallery, name="gallery"),
]
