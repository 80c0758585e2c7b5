"""Pause, resume or stop a standing reservation, or leave it out of one coming round."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace import clock
from marketplace.access import round_for, standing_for
from marketplace.errors import InvalidInput, WindowClosed
from marketplace.models import OrderingWindow, StandingReservation, StandingRun, User
from marketplace.rules.states import WindowState


@transaction.atomic
def pause_standing(*, standing_id: int, until: date | None = None, by: User) -> None:
    """Let it rest: for handovers up to `until`, or until it is resumed. What is in a basket already stays there.

    Raises NotFound for a foreign one, InvalidInput (place "until") for a day that is over.
    """
    standing = standing_for(by, standing_id)
    now = clock.now()
    if until is not None and until < now.date():
        raise InvalidInput(problems=[{"place": "until", "problem": _("Choose a day that is still to come.")}])
    StandingReservation.objects.filter(pk=standing.pk, stopped_at__isnull=True).update(
        paused_at=now, paused_until=until
    )


@transaction.atomic
def resume_standing(*, standing_id: int, by: User) -> None:
    """Take it up again from the next window that opens. Raises NotFound for a foreign one."""
    standing = standing_for(by, standing_id)
    StandingReservation.objects.filter(pk=standing.pk).update(paused_at=None, paused_until=None)


@transaction.atomic
def stop_standing(*, standing_id: int, by: User) -> None:
    """End it; its history stays. Harmless twice. Raises NotFound for a foreign one."""
    standing = standing_for(by, standing_id)
    StandingReservation.objects.filter(pk=standing.pk, stopped_at__isnull=True).update(stopped_at=clock.now())


@transaction.atomic
def skip_round(*, standing_id: int, round_id: int, by: User) -> None:
    """Leave it out of one round that has not opened. Harmless twice.

    Raises NotFound, WindowClosed where the round's windows have opened: then the basket is the place to change it.
    """
    standing = standing_for(by, standing_id)
    _refuse_opened(by, standing, round_id)
    StandingRun.objects.get_or_create(
        standing=standing, round_id=round_id, defaults={"state": StandingRun.State.SKIPPED, "at": clock.now()}
    )


@transaction.atomic
def keep_round(*, standing_id: int, round_id: int, by: User) -> None:
    """Take back `skip_round`. Harmless twice; raises as it does."""
    standing = standing_for(by, standing_id)
    _refuse_opened(by, standing, round_id)
    StandingRun.objects.filter(standing=standing, round_id=round_id, state=StandingRun.State.SKIPPED).delete()


def _refuse_opened(by: User, standing: StandingReservation, round_id: int) -> None:
    round_ = round_for(by, round_id)
    opened = OrderingWindow.objects.filter(round=round_, offers__product_id=standing.product_id).exclude(
        state__in=[WindowState.DRAFT.value, WindowState.SCHEDULED.value]
    )
    window = opened.first()
    if window is not None:
        raise WindowClosed(
            window_id=window.pk, closes_at=window.closes_at, next_opens_at=None, time_zone=round_.hub.time_zone
        )
