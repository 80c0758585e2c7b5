"""Addresses of inbox, wishes about messages, and threads."""

from django.urls import path

from marketplace.views import inbox, notices, threads

urlpatterns = [
    path("inbox/", inbox.page, name="inbox"),
    path("inbox/unread/", inbox.unread, name="inbox_unread"),
    path("inbox/read/", inbox.read_all, name="inbox_read"),
    path("inbox/<int:notice_id>/", inbox.open_notice, name="inbox_notice"),
    path("me/notices/", notices.wishes, name="notices"),
    path("me/notices/push/", notices.push, name="push"),
    path("me/notices/stop/<str:signed>/", notices.stop, name="notices_stop"),
    path("threads/", threads.own, name="threads"),
    path("threads/<int:thread_id>/", threads.thread, name="thread"),
    path("threads/<int:thread_id>/settle/", threads.settle_thread, name="thread_settle"),
    path("threads/<int:thread_id>/pass-on/", threads.pass_thread_on, name="thread_pass_on"),
    path("threads/about/<int:reservation_id>/", threads.about, name="thread_about"),
    path("threads/about/<int:reservation_id>/<int:offer_id>/", threads.about, name="thread_about_line"),
    path("threads/order-line/<int:order_line_id>/", threads.about_order, name="thread_about_order_line"),
]
