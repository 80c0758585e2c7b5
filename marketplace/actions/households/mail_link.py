"""Send an invitation's link by mail. Not part of any transaction: the link works whether or not the mail arrives."""

import logging
from collections.abc import Mapping

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from marketplace.rules.names import without_links

logger = logging.getLogger(__name__)


def mail_link(*, to: str, template: str, facts: Mapping[str, object]) -> bool:
    """Whether the mail server took the mail `emails/<template>`. The address of the sender is never in it, and of all
    facts the link alone can be followed: names are typed by whoever sends it."""
    told = {name: fact if name == "link" else without_links(str(fact)) for name, fact in facts.items()}
    subject = " ".join(render_to_string(f"emails/{template}_subject.txt", told).split())
    body = render_to_string(f"emails/{template}.txt", told)
    mail = EmailMessage(subject=subject, body=body, from_email=settings.DEFAULT_FROM_EMAIL, to=[to])
    try:
        mail.send()
    except OSError as problem:  # refused, unreachable or timed out; smtplib's errors are OSErrors too
        logger.warning("An invitation's mail was not taken: %s", problem)
        return False
    return True
