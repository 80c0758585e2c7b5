"""A hand-out list as mail: a short text, and the list itself as a PDF to print."""

from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation

from marketplace.errors import ListNotOpen
from marketplace.models import User
from marketplace.queries.hosting import HandOutList
from marketplace.queries.shifts import shifts_at


def values_of(found: HandOutList) -> dict[str, Any]:
    """What the mail and the PDF say; times on the hub's wall."""
    handover, round_ = found.handover, found.handover.round
    zone = ZoneInfo(round_.hub.time_zone)
    rows = found.rows or ()
    return {
        "list": found,
        "rows": rows,
        "round": round_,
        "hub": round_.hub,
        "point": handover.pickup_point,
        "moved_to": handover.moved_to,
        "starts_at": handover.starts_at.astimezone(zone),
        "ends_at": handover.ends_at.astimezone(zone),
        "printed_at": found.now.astimezone(zone),
        "zone": round_.hub.time_zone,
        "households": len(rows),
        "units": sum(row.units for row in rows),
        "total_minor": sum(row.total_minor for row in rows),
        "with_codes": any(row.code for row in rows),
        "shifts": shifts_at(handover),
        "link": f"{settings.SITE_URL}/hosting/handovers/{handover.pk}/",
    }


def pdf_of(found: HandOutList) -> bytes:
    """The list on A4, in black alone. Slow: never inside a request or a transaction."""
    # Imported here: it loads the system's Pango, which no other part of the house needs.
    from weasyprint import HTML  # type: ignore[import-untyped]  # it has no stubs

    html = render_to_string("marketplace/hosting/hand_out_pdf.html", values_of(found))
    drawn: bytes = HTML(string=html, url_fetcher=_no_addresses).write_pdf(pdf_tags=True) or b""
    return drawn


def _no_addresses(url: str, *args: Any, **kwargs: Any) -> dict[str, Any]:
    raise ValueError(f"A list loads nothing from elsewhere: {url}")


def mail_of(found: HandOutList, user: User) -> EmailMessage:
    """The mail to one person in their language. Raises ListNotOpen where the names are not to be seen."""
    if found.rows is None:
        raise ListNotOpen(over=found.over)
    with translation.override(user.language or settings.LANGUAGE_CODE):
        values = {**values_of(found), "person": user.name}
        mail = EmailMessage(
            subject=" ".join(render_to_string("emails/hand_out_subject.txt", values).split()),
            body=render_to_string("emails/hand_out.txt", values),
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[user.email],
            reply_to=[found.handover.round.hub.email],
        )
        mail.attach(f"hand-out-{found.handover.pk}.pdf", pdf_of(found), "application/pdf")
    return mail
