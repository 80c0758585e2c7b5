"""Celery's door to the sending of purchase orders."""

from celery import shared_task

from marketplace.actions.send_dispatch import send_due_dispatches as send_due


@shared_task(name="marketplace.send_due_dispatches")
def send_due_dispatches() -> None:
    send_due()
