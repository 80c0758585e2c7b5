"""Addresses of the pages."""

from django.urls import path

from marketplace.views import accounts, gallery, outcome_pages, pages, reserving

urlpatterns = [
    path("", pages.home, name="home"),
    path("login/", accounts.login, name="login"),
    path("logout/", accounts.logout, name="logout"),
    path("rounds/<int:round_id>/", pages.round_page, name="round"),
    path("rounds/<int:round_id>/live/", pages.live, name="live"),
    path("rounds/<int:round_id>/offers/<int:offer_id>/", reserving.reserve_line, name="reserve_line"),
    path("rounds/<int:round_id>/basket/", reserving.basket, name="basket"),
    path("rounds/<int:round_id>/basket/cancel/", reserving.cancel, name="cancel"),
    path("rounds/<int:round_id>/reservation/", outcome_pages.reservation, name="reservation"),
    path("gallery/", gallery.gallery, name="gallery"),
]
