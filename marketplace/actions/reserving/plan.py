"""What a request would change, line by line, before scarce things are taken."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from marketplace.actions.reserving.answer import LineReason
from marketplace.actions.reserving.context import Context, HeldLine, OfferFacts, Taking
from marketplace.actions.reserving.request import Request, Verb, refuse
from marketplace.errors import NotFound
from marketplace.rules.states import WindowState
from marketplace.rules.wanted import LineProblem, Problem, WantedLine, collecting_problem


@dataclass(slots=True, kw_only=True)
class LinePlan:
    """One line: what is held, what was asked, and what it comes to. Each later check may only take from the wish.

    `offered_back`: firm units that will be offered to others; `takings`: units that come from others' lines; `agrees`:
    the household agrees to the offer's change, and to nothing else.
    """

    offer: OfferFacts
    held: HeldLine | None
    wanted: WantedLine | None
    now: WantedLine
    reason: LineReason = LineReason.NONE
    offered_back: int = 0
    agrees: bool = False
    takings: list[Taking] = field(default_factory=list)

    @property
    def held_firm(self) -> int:
        return self.held.firm if self.held else 0

    @property
    def asked_firm(self) -> int:
        return self.wanted.firm if self.wanted else self.held_firm

    @property
    def rise(self) -> int:
        """Firm units more than held (negative: fewer)."""
        return self.now.firm - self.held_firm

    @property
    def taken_over(self) -> int:
        """Firm units that come from others' lines."""
        return sum(taking.units for taking in self.takings)

    @property
    def agreed_version(self) -> int:
        """The offer's version that the stored line agrees to. Asking for a line agrees to the terms there are; one that
        waits for an agreement gets it by being changed only where the page showed the new terms."""
        if self.held is None or self.agrees:
            return self.offer.version
        if self.now == self.wish_held:
            return self.held.agreed_version
        seen = self.wanted.seen_version if self.wanted else None
        agreed = self.held_counts or (seen is not None and seen >= self.offer.agreement_version)
        return self.offer.version if agreed else self.held.agreed_version

    @property
    def held_counts(self) -> bool:
        """Whether there is a line, and its household agreed to the offer as it is."""
        return self.held is not None and self.held.agreed_version >= self.offer.agreement_version

    @property
    def counts(self) -> bool:
        """Whether the line as it will be counts at the close."""
        return self.agreed_version >= self.offer.agreement_version

    @property
    def counted_held(self) -> HeldLine | None:
        return self.held if self.held_counts else None

    def counted(self, wish: WantedLine) -> WantedLine:
        """What a wish of this line adds to the demand: nothing while the line waits for an agreement."""
        return wish if self.counts else WantedLine(offer_id=wish.offer_id, firm=0)

    @property
    def asks_more(self) -> bool:
        """Whether more units are wanted than held, firm or extra."""
        held = self.wish_held
        return self.now.firm > held.firm or self.now.flexible > held.flexible

    @property
    def counted_rise(self) -> int:
        """By how much the offer's units in all rise: its own rise without what others give."""
        return self.rise - self.taken_over

    @property
    def changes(self) -> bool:
        """Whether the stored line would differ."""
        return (
            self.now != self.wish_held
            or self.offered_back != self.held_offered_back
            or (self.held is not None and self.agreed_version != self.held.agreed_version)
        )

    @property
    def wish_held(self) -> WantedLine:
        """The wish that is held already."""
        return wish_of(self.held, self.now.offer_id)

    @property
    def held_offered_back(self) -> int:
        return self.held.offered_back if self.held else 0

    def keep_as_held(self, reason: LineReason) -> None:
        """Refuse the wish altogether."""
        self.now, self.reason, self.takings = self.wish_held, reason, []

    def rise_only_by(self, units: int, short: LineReason) -> None:
        """Take part of a wished rise; all or nothing stays all or nothing."""
        if self.now.whole_only and units < self.rise:
            return self.keep_as_held(LineReason.WHOLE_ONLY_SHORT)
        if not self.held_firm + units:
            return self.keep_as_held(short)
        self.now, self.reason = replace(self.now, firm=self.held_firm + units), short
        return None

    def line_after(self, window_id: int, at: datetime) -> HeldLine:
        """The line to be stored; only for a plan with firm units."""
        wish = self.now
        placed_at, raised, offered_at = at, [], at if self.offered_back else None
        if self.held is not None:
            placed_at = self.held.placed_at
            raised = times_after(self.held.raised, self.rise, at)
            # Offering more takes a new place in the queue; else early single units would keep one for many.
            if 0 < self.offered_back <= self.held.offered_back:
                offered_at = self.held.offered_back_at
        return HeldLine(
            wish.offer_id, window_id, wish.firm, wish.flexible, wish.flexible_for, wish.max_unit_price_minor,
            wish.whole_only, placed_at, raised, self.offered_back, offered_at,
            self.agreed_version, list(wish.substitutes), wish.collect_until,
        )  # fmt: skip


def plan_lines(request: Request, context: Context) -> list[LinePlan]:
    """A plan for each line that is held or named, in the order of offer ids; late wishes are already refused.

    Raises NotFound for a round of drafts, InvalidLines for offers that the round has not (a draft window's are not
    announced, so they do not exist either), and WindowNotOpen or WindowClosed (through `refuse_late`)
    where no wish is in time.
    """
    if not any(context.is_announced(window_id) for window_id in context.windows):
        raise NotFound(kind="round", id=request.round_id)
    unknown = [
        Problem(f"lines[{index}].offer_id", LineProblem.NO_SUCH_OFFER)
        for index, wanted in enumerate(request.lines)
        if wanted.offer_id not in context.offers or not context.is_announced(context.offers[wanted.offer_id].window_id)
    ]
    refuse(unknown or _problems_here(request, context))
    named = {wanted.offer_id: wanted for wanted in request.lines}
    plans = []
    for offer_id in sorted(named.keys() | context.lines.keys()):
        offer, held = context.offers[offer_id], context.lines.get(offer_id)
        wanted = named.get(offer_id)
        if wanted is None and request.replace and context.takes_changes(offer.window_id):
            wanted = WantedLine(offer_id=offer_id, firm=0)
        agrees = wanted is not None and request.verb is Verb.AGREE
        now = wish_of(held, offer_id) if wanted is None or agrees else wanted
        plan = LinePlan(offer=offer, held=held, wanted=wanted, now=_nothing_extra(now), agrees=agrees)
        late = not context.takes_changes(offer.window_id)
        if late and plan.now != plan.wish_held:
            plan.keep_as_held(_late(context, offer.window_id))
        elif plan.asks_more and _is_outdated(wanted, offer):
            plan.keep_as_held(LineReason.PRICE_CHANGED)
        # A wish says how much is wanted, so it withdraws what was offered to others, until it is offered anew.
        if late or wanted is None:
            plan.offered_back = plan.held_offered_back
        plans.append(plan)
    return plans


def times_after(raised: list[dict[str, Any]], rise: int, at: datetime) -> list[dict[str, Any]]:
    """The raised parts after a rise (a new part) or a fall (the latest units go first, the first ones last)."""
    if rise > 0:
        return [*raised, {"at": at.isoformat(), "by": rise}]
    parts = list(raised)
    while rise < 0 and parts:
        last = parts.pop()
        rise += last["by"]
        if rise > 0:
            parts.append({**last, "by": rise})
    return parts


def wish_of(held: HeldLine | None, offer_id: int) -> WantedLine:
    """The wish that a stored line stands for; without one, for nothing."""
    if held is None:
        return WantedLine(offer_id=offer_id, firm=0)
    return WantedLine(
        offer_id=held.offer_id,
        firm=held.firm,
        flexible=held.flexible,
        flexible_for=held.flexible_for,
        max_unit_price_minor=held.max_unit_price_minor,
        whole_only=held.whole_only,
        substitutes=tuple(held.substitutes),
        collect_until=held.collect_until,
    )


def _nothing_extra(wish: WantedLine) -> WantedLine:
    """Taking an offer out of the basket is one wish, however it is worded; and what a page showed is no wish."""
    return replace(wish, seen_version=None) if wish.firm else WantedLine(offer_id=wish.offer_id, firm=0)


def _is_outdated(wanted: WantedLine | None, offer: OfferFacts) -> bool:
    """Whether the page showed the offer as it was before a change that is no improvement."""
    return wanted is not None and wanted.seen_version is not None and wanted.seen_version < offer.agreement_version


def _problems_here(request: Request, context: Context) -> list[Problem]:
    """Problems that show only in this round, today."""
    problems = []
    for index, wanted in enumerate(request.lines):
        held = context.lines.get(wanted.offer_id)
        if wanted.collect_until != (held and held.collect_until):
            problem = collecting_problem(wanted.collect_until, context.now.date())
            problems += [Problem(f"lines[{index}].collect_until", problem)] if problem else []
        if context.offers[wanted.offer_id].product_id in wanted.substitutes:
            problems.append(Problem(f"lines[{index}].substitutes", LineProblem.OWN_SUBSTITUTE))
        elif not context.products.issuperset(wanted.substitutes):
            problems.append(Problem(f"lines[{index}].substitutes", LineProblem.NO_SUCH_SUBSTITUTE))
    return problems


def _late(context: Context, window_id: int) -> LineReason:
    return LineReason.WINDOW_NOT_OPEN if is_early(context, window_id) else LineReason.WINDOW_CLOSED


def is_early(context: Context, window_id: int) -> bool:
    """Not open yet, or never: draft, scheduled, cancelled, or before `opens_at`."""
    window = context.windows[window_id]
    if window.state in (WindowState.DRAFT, WindowState.SCHEDULED, WindowState.CANCELLED):
        return True
    return window.state == WindowState.OPEN and context.now < window.opens_at
