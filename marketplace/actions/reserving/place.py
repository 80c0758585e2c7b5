"""The course of every reserving request: hold, look, decide, take, write (locks: docs/adr/0002)."""

from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction

from marketplace import locks
from marketplace.actions.reserving import guard, scarce, telling
from marketplace.actions.reserving.answer import ReservationAnswer
from marketplace.actions.reserving.context import Context, Who
from marketplace.actions.reserving.filling import keep_what_fills
from marketplace.actions.reserving.giving import Attempt, BeginAnew, Givers, stored_line
from marketplace.actions.reserving.plan import LinePlan, plan_lines
from marketplace.actions.reserving.request import Request, check
from marketplace.actions.reserving.store import store
from marketplace.actions.reserving.writing import Writing
from marketplace.models import User
from marketplace.rules.states import VersionState


def place(request: Request, *, by: User) -> ReservationAnswer:
    """Decide one request and store its version; the same request again gets the same answer.

    Four statements on PostgreSQL, one more where a cap or a handover is short, two more where that turned out only
    under the lock, two or three more in the filling stretch; taking over what others offer there costs more (giving.py)
    and may need a second attempt. Raises the errors of `guard`, InvalidLines, InvalidInput and HandoverFull; after any
    of them nothing has changed.
    """
    check(request)
    attempt = Attempt()
    while True:
        try:
            return _attempt(request, attempt, by)
        except BeginAnew as why:
            attempt = attempt.after(why)


def _attempt(request: Request, attempt: Attempt, by: User) -> ReservationAnswer:
    with transaction.atomic():
        steps = store()
        if attempt.households:
            steps.hold_households(attempt.households)
        who = steps.who(request, by)
        locks.windows_shared(who.window_ids)
        context = steps.context(request, who)
        before = guard.answered_before(request, context)
        if before is not None:
            return before
        guard.check_reservation(request, context)
        plans = plan_lines(request, context)
        guard.check_in_time(request, context, plans)
        guard.check_terms_seen(request, context, plans)
        guard.check_member(request, context, plans)
        group_id = guard.group_of(request, context)
        handover = guard.handover_of(request, context, who.household_id)
        givers = Givers(household_id=who.household_id, attempt=attempt)
        keep_what_fills(steps, context, plans, givers)
        givers.read(plans)
        places_left = givers.places_left(context.now)

        def told() -> tuple[ReservationAnswer, Writing]:
            guard.check_something_kept(request, context, plans)
            answer = _answer(request, context, plans, handover.id)
            return answer, _writing(request, context, plans, answer, who, group_id, by)

        wants, reservation_id = scarce.wanted(context, plans, handover, places_left), None
        if scarce.seems_to_fit(context, wants):
            answer, writing = told()
            taken = [want for want in wants if want.units]
            reservation_id = steps.take_and_write(taken, writing) if taken else steps.write(writing)
        if reservation_id is None:
            scarce.take_scarce(steps, context, plans, handover, places_left)
            answer, writing = told()
            reservation_id = steps.write(writing)
        givers.write(request, context.now)
        return replace(answer, reservation_id=reservation_id)


def _answer(request: Request, context: Context, plans: Sequence[LinePlan], handover_id: int) -> ReservationAnswer:
    """The answer, for now without the id of a reservation that does not exist yet."""
    lines = telling.tell_lines(context, plans)
    now, at_most = telling.sums(lines)
    held = context.reservation
    return ReservationAnswer(
        reservation_id=held.id if held else 0,
        round_id=request.round_id,
        version=held.version + 1 if held else 1,
        state=(VersionState.PLACED if any(plan.now.firm for plan in plans) else VersionState.CANCELLED).value,
        handover_id=handover_id,
        currency=context.currency,
        lines=lines,
        now_minor=now,
        at_most_minor=at_most,
        closes_at=telling.deadline(context, plans),
    )


def _writing(
    request: Request,
    context: Context,
    plans: Sequence[LinePlan],
    answer: ReservationAnswer,
    who: Who,
    group_id: int | None,
    by: User,
) -> Writing:
    changed = [plan for plan in plans if plan.changes]
    put = {plan.now.offer_id: plan.line_after(plan.offer.window_id, context.now) for plan in changed if plan.now.firm}
    gone = [plan.now.offer_id for plan in changed if not plan.now.firm]
    after = {offer_id: line for offer_id, line in {**context.lines, **put}.items() if offer_id not in gone}
    return Writing(
        round_id=request.round_id,
        household_id=who.household_id,
        user_id=by.pk,
        handover_id=answer.handover_id,
        group_id=group_id,
        state=answer.state,
        version=answer.version,
        at=context.now,
        put=list(put.values()),
        gone=gone,
        request_key=request.request_key,
        request_hash=request.body_hash(),
        lines=[stored_line(line) for line in after.values()],
        answer=answer.as_json(),
        changed_offers=[plan.now.offer_id for plan in changed],
        via=request.via,
    )
