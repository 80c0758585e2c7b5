"""Celery's door to what hosts are sent and told."""

from celery import shared_task

from marketplace.actions.hosting.send_hand_out_lists import send_hand_out_lists as send_lists
from marketplace.actions.hosting.tell_no_shows import tell_no_shows as tell_absent
from marketplace.actions.shifts.tell_gaps import tell_gaps


@shared_task(name="marketplace.send_hand_out_lists")
def send_hand_out_lists() -> None:
    send_lists()


@shared_task(name="marketplace.tell_no_shows")
def tell_no_shows() -> None:
    tell_absent()


@shared_task(name="marketplace.tell_shift_gaps")
def tell_shift_gaps() -> None:
    tell_gaps()
