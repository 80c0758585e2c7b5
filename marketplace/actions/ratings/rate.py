"""Rate one merchant's goods of a round."""

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.errors import InvalidInput, NotFound, RatingNotOpen
from marketplace.models import Rating, User
from marketplace.queries.claims import claim_time
from marketplace.queries.progress import own_order
from marketplace.queries.ratings import may_rate
from marketplace.rules.claims import MOST_STARS, MOST_TEXT


@transaction.atomic
def rate(*, round_id: int, merchant_id: int, stars: int, words: str = "", by: User) -> Rating:
    """The household's rating, written or changed.

    Raises NotFound for a merchant of whom the household got nothing, RatingNotOpen before the handover and after the
    deadline, InvalidInput for other stars than one to five.
    """
    order = own_order(by, round_id)
    if not any(line.merchant_id == merchant_id and line.got for line in order.result.lines):
        raise NotFound(kind="merchant", id=merchant_id)
    time = claim_time(order.reservation, order.steps, order.now)
    if not may_rate(order, time):
        raise RatingNotOpen(
            opens_at=order.reservation.handover.ends_at,
            deadline=time.deadline,
            late=time.is_late,
            time_zone=order.reservation.round.hub.time_zone,
        )
    problems = []
    if not 1 <= stars <= MOST_STARS:
        problems.append({"place": "stars", "problem": _("Choose from one to five stars.")})
    if len(words) > MOST_TEXT:
        problems.append({"place": "words", "problem": _("Say it in %(most)d letters or fewer.") % {"most": MOST_TEXT}})
    if problems:
        raise InvalidInput(problems=problems)
    rating, _made = Rating.objects.update_or_create(
        reservation=order.reservation,
        merchant_id=merchant_id,
        defaults={"stars": stars, "words": words.strip(), "by": by, "rated_at": order.now},
    )
    return rating
