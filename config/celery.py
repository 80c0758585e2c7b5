"""The worker's side: queues and the beat timetable. Messages are wake-ups; scanners over the database do the work."""

import os

from celery import Celery
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")

# Task modules, one per noun; they hold doors only.
TASK_MODULES = (
    "marketplace.tasks.windows",
    "marketplace.tasks.relay",
    "marketplace.tasks.demand",
    "marketplace.tasks.dispatch",
    "marketplace.tasks.standing",
    "marketplace.tasks.notices",
    "marketplace.tasks.hosting",
)

app = Celery("windrow")
app.set_default()  # for every thread, not only the importing one
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.imports = TASK_MODULES
app.conf.task_routes = {
    "marketplace.close_due_windows": {"queue": "closing"},
    "marketplace.open_due_windows": {"queue": "closing"},
    "marketplace.close_window": {"queue": "closing"},
    "marketplace.plan_rounds": {"queue": "planning"},
    "marketplace.place_standing": {"queue": "planning"},
}


def _every(task: str, seconds: float) -> dict[str, object]:
    # A message that waited longer than its period is superseded by the next one.
    return {"task": task, "schedule": seconds, "options": {"expires": max(seconds, 1.0)}}


app.conf.beat_schedule = {
    "close due windows": _every("marketplace.close_due_windows", settings.SCAN_SECONDS),
    "open due windows": _every("marketplace.open_due_windows", settings.SCAN_SECONDS),
    "deliver pending events": _every("marketplace.deliver_pending", 5.0),
    # Four times as often as it may act: a turn that comes too early costs a quarter of a second, not a whole one.
    "refresh demand": _every("marketplace.refresh_demand", 0.25),
    "send due dispatches": _every("marketplace.send_due_dispatches", settings.SCAN_SECONDS),
    "send hand-out lists": _every("marketplace.send_hand_out_lists", 60.0),
    "tell no-shows": _every("marketplace.tell_no_shows", 60.0),
    "tell shift gaps": _every("marketplace.tell_shift_gaps", 300.0),
    "send due notices": _every("marketplace.send_due_notices", settings.SCAN_SECONDS),
    "remind": _every("marketplace.remind", 60.0),
    "place standing": _every("marketplace.place_standing", settings.SCAN_SECONDS),
    "plan rounds": _every("marketplace.plan_rounds", 3600.0),
}
