"""Addresses of one's own pages: the overview, household, shared lines, membership of hubs, own data."""

from django.urls import path

from marketplace.views import households, me, membership, own_data, sharing

urlpatterns = [
    path("me/", me.me, name="me"),
    path("me/household/", households.household, name="household"),
    path("me/household/invite/", households.invite, name="household_invite"),
    path("me/household/choose/", households.choose, name="household_choose"),
    path("me/household/invitations/<int:invitation_id>/withdraw/", households.withdraw, name="household_withdraw"),
    path("me/household/members/<int:member_id>/remove/", households.remove, name="household_remove"),
    path("me/household/join/<str:token>/", households.join, name="household_join"),
    path("me/shares/", sharing.shares, name="shares"),
    path("me/shares/<int:share_id>/", sharing.answer, name="share_answer"),
    path("me/shares/join/<str:token>/", sharing.link, name="share_link"),
    path("me/shares/new/<int:round_id>/<int:offer_id>/", sharing.offer, name="share_line"),
    path("me/data/", own_data.my_data, name="my_data"),
    path("me/data/export.json", own_data.export_json, name="export_json"),
    path("me/data/export.zip", own_data.export_csv, name="export_csv"),
    path("me/data/consent/", own_data.consent, name="consent"),
    path("me/data/erase/", own_data.erase, name="erase"),
    path("hubs/<slug:slug>/join/", membership.join, name="hub_join"),
    path("hubs/<slug:slug>/join/<str:token>/", membership.join, name="hub_join_invited"),
]
