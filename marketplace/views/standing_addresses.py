"""Addresses of the usual, the standing and the wished for."""

from django.urls import path

from marketplace.views import standing, usual, wishes

urlpatterns = [
    path("me/usual/", usual.where, name="usual_where"),
    path("rounds/<int:round_id>/usual/", usual.usual_page, name="usual"),
    path("me/standing/", standing.standing_list, name="standing"),
    path("me/standing/keep/", standing.keep, name="standing_keep"),
    path("me/standing/away/", standing.away, name="absence_add"),
    path("me/standing/away/<int:absence_id>/", standing.back_again, name="absence_remove"),
    path("me/standing/<int:standing_id>/pause/", standing.pause, name="standing_pause"),
    path("me/standing/<int:standing_id>/resume/", standing.resume, name="standing_resume"),
    path("me/standing/<int:standing_id>/stop/", standing.stop, name="standing_stop"),
    path("me/standing/<int:standing_id>/rounds/<int:round_id>/", standing.skip, name="standing_skip"),
    path("me/wishes/", wishes.wishes, name="wishes"),
    path("me/wishes/<int:wish_id>/withdraw/", wishes.withdraw, name="wish_withdraw"),
    path("me/wishes/<int:wish_id>/not-this/", wishes.reject, name="wish_reject"),
]
