"""Wake-ups for notices: what is due stands in the database."""

from celery import shared_task

from marketplace.actions.notices.remind_closing import remind_closing
from marketplace.actions.notices.remind_waiting import remind_waiting
from marketplace.actions.notices.send_due_notices import send_due_notices
from marketplace.notice_words import notice_text


@shared_task(name="marketplace.send_due_notices", queue="notify", soft_time_limit=85, time_limit=90)
def send_due() -> None:
    """Send every mail and push that is due."""
    send_due_notices(words=notice_text)


@shared_task(name="marketplace.remind", queue="notify", soft_time_limit=50, time_limit=55)
def remind() -> None:
    """Tell of windows that close soon, and of units that still wait."""
    remind_closing()
    remind_waiting()
