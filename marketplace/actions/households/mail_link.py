"""Send an invitation's link by mail. Not part of any transaction: the link works whether or not the mail arrives."""

import logging
from collections.abc import Mapping

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

logger = logging.getLogger(__name__)


def mail_link(*, to: str, template: str, facts: Mapping[str, object]) -> bool:
    """Whether the mail server took the mail `emails/<template>`. The address of the sender is never in it."""
    subject = " ".join(render_to_string(f"emails/{template}_subject.txt", dict(facts)).split())
    body = render_to_string(f"emails/{template}.txt", dict(facts))
    mail = EmailMessage(subject=subject, body=body, from_email=settings.DEFAULT_FROM_EMAIL, to=[to])
    try:
        mail.send()
    except OSError as problem:  # refused, unreachable or timed out; smtplib's errors are OSErrors too
        logger.warning("An invitation's mail was not taken: %s", problem)
        return False
    return True
