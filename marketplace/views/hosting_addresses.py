"""Addresses of groups, hosts, helpers and the widget."""

from django.urls import path

from marketplace.views import groups, hand_out, hosting, joining, shifts, widget

urlpatterns = [
    path("groups/", groups.groups, name="groups"),
    path("groups/start/", groups.start, name="start_group"),
    path("groups/<int:group_id>/", groups.group, name="group"),
    path("groups/<int:group_id>/edit/", groups.edit, name="edit_group"),
    path("groups/<int:group_id>/leave/", groups.leave, name="leave_group"),
    path("groups/<int:group_id>/hand-over/", groups.hand_over, name="hand_over_group"),
    path("groups/<int:group_id>/remove/", groups.remove, name="remove_member"),
    path("groups/<int:group_id>/renew/", groups.renew, name="renew_invitation"),
    path("groups/<int:group_id>/rounds/<int:round_id>/", groups.group_round, name="group_round"),
    path("join/<str:token>/", joining.join, name="join"),
    path("join/<str:token>/card.png", joining.card, name="join_card"),
    path("hosting/", hosting.board, name="board"),
    path("hosting/points/<int:point_id>/", hosting.point, name="point"),
    path("hosting/handovers/<int:handover_id>/", hand_out.handover, name="hand_out"),
    path("hosting/handovers/<int:handover_id>/ticks/", hand_out.ticks, name="hand_out_ticks"),
    path("hosting/handovers/<int:handover_id>/mail/", hand_out.mail, name="hand_out_mail"),
    path("hosting/handovers/<int:handover_id>/move/", hosting.move, name="move_handover"),
    path("hosting/handovers/<int:handover_id>/move/back/", hosting.back, name="move_back"),
    path("hosting/handovers/<int:handover_id>/room/", hosting.room, name="room"),
    path("hosting/handovers/<int:handover_id>/deputies/", hosting.deputies, name="deputies"),
    path("hosting/handovers/<int:handover_id>/deputies/<int:link_id>/revoke/", hosting.revoke, name="revoke_deputy"),
    path("hosting/handovers/<int:handover_id>/shifts/", shifts.host_shifts, name="host_shifts"),
    path("hosting/handovers/<int:handover_id>/shifts/copy/", shifts.copy, name="copy_shifts"),
    path("hosting/deputy/<str:token>/", hand_out.deputy, name="deputy"),
    path("hosting/deputy/<str:token>/ticks/", hand_out.deputy_ticks, name="deputy_ticks"),
    path("hosting/shifts/<int:shift_id>/remove/", shifts.remove, name="remove_shift"),
    path("shifts/", shifts.shifts, name="shifts"),
    path("shifts/<int:shift_id>/help/", shifts.help_in, name="help_in_shift"),
    path("shifts/<int:shift_id>/step-back/", shifts.withdraw, name="withdraw_from_shift"),
    path("widget/rounds/<int:round_id>/", widget.widget, name="widget"),
]
