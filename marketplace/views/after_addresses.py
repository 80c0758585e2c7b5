"""The addresses of what comes after a close: receipts, the way of the goods, claims, ratings."""

from django.urls import URLPattern, path

from marketplace.views import claims, outcome_pages, ratings

urlpatterns: list[URLPattern] = [
    path("rounds/<int:round_id>/reservation/news/", outcome_pages.reservation_news, name="reservation_news"),
    path("rounds/<int:round_id>/reservation/problem/", claims.report, name="make_claim"),
    path("rounds/<int:round_id>/reservation/rating/<int:merchant_id>/", ratings.rate, name="rate"),
    path("claims/<int:claim_id>/", claims.claim, name="claim"),
    path("claims/photos/<int:photo_id>/", claims.photo, name="claim_photo"),
    path("me/reservations/", outcome_pages.reservations, name="reservations"),
]
