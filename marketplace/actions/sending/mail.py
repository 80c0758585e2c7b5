"""The mail that carries one revision of a purchase order: text first, table attached."""

from datetime import date, datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation

from marketplace.models import Dispatch
from marketplace.rules.order_texts import message_id, order_table


def mail_of(dispatch: Dispatch) -> EmailMessage:
    """The mail of a dispatch whose revision and order are at hand; made from the frozen content alone."""
    revision = dispatch.revision
    content = revision.content
    zone = ZoneInfo(content["hub"]["time_zone"])
    with translation.override(content["merchant"]["language"] or "en"):
        values = {
            **content,
            "handover_on": date.fromisoformat(content["handover_on"]),
            "due_at": datetime.fromisoformat(content["due_at"]).astimezone(zone),
            "zone": content["hub"]["time_zone"],
            "hash": revision.content_hash[:16],
            "desk_url": f"{settings.SITE_URL}/desk/",
            "units": sum(line["ordered"] for line in content["lines"]),
        }
        subject = " ".join(render_to_string("emails/purchase_order_subject.txt", values).split())
        body = render_to_string("emails/purchase_order.txt", values)
    mail = EmailMessage(
        subject=subject,
        body=body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[dispatch.address],
        reply_to=[content["hub"]["email"]],
        headers={
            "Message-ID": message_id(content, revision.content_hash, urlsplit(settings.SITE_URL).hostname or "windrow"),
            "X-Windrow-Order": f"{content['number']} r{content['revision']} {revision.content_hash}",
        },
    )
    mail.attach(f"{content['number']}-r{content['revision']}.csv", order_table(content), "text/csv")
    return mail
