"""Wakes the end of what households collect; which of it is over stands in the database."""

from celery import shared_task

from marketplace.actions.collecting.end_rests import end_rests


@shared_task(name="marketplace.end_rests", soft_time_limit=270, time_limit=280)
def end() -> None:
    """End what is past its last day."""
    end_rests()
