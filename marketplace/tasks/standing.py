"""Wake-ups for standing reservations: rows wait in the database, a message only says that it is time to look."""

from celery import shared_task

from marketplace.actions.standing.place_standing import place_due


@shared_task(name="marketplace.place_standing", soft_time_limit=270, time_limit=300)
def place() -> None:
    """Put what waits into the baskets."""
    place_due()
