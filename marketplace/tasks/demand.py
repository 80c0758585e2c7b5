"""Wakes the projection of demand."""

from celery import shared_task

from marketplace.actions import refresh_demand as refreshing


@shared_task(name="marketplace.refresh_demand", queue="notify", soft_time_limit=20, time_limit=30)
def refresh_demand() -> None:
    refreshing.refresh_demand()
