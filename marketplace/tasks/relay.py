"""Wake-ups of the relay; what there is to do stands in the outbox."""

from celery import shared_task

from marketplace import relay


@shared_task(name="marketplace.deliver_event", queue="notify", soft_time_limit=60, time_limit=90)
def deliver_event(event_id: int) -> None:
    relay.deliver(event_id)


@shared_task(name="marketplace.deliver_pending", queue="notify", soft_time_limit=60, time_limit=90)
def deliver_pending() -> None:
    relay.deliver_pending()
