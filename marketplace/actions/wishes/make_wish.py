"""Make a wish, take it back, or say that what was offered is not it."""

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace import clock
from marketplace.access import household_of, hub_known_to, wish_for
from marketplace.errors import InvalidInput
from marketplace.models import User, Wish, WishTopic
from marketplace.rules.wishes import LONGEST_WISH, topic_of

MOST_WISHES = 50
MOST_A_WEEK = 1000


@transaction.atomic
def make_wish(*, hub_id: int, text: str, a_week: int | None = None, household_id: int | None = None, by: User) -> Wish:
    """Wish for something that the hub's rounds do not offer; the same wish again only changes how many.

    Raises InvalidInput (place "text", "a_week"), NotFound (household, hub).
    """
    household, hub = household_of(by, household_id), hub_known_to(hub_id)
    text = " ".join(text.split())
    key = topic_of(text)
    if not key:
        raise _problem("text", _("Write what you wish for, like “oat milk”."))
    if len(text) > LONGEST_WISH:
        raise _problem("text", _("A few words are enough: at most %(most)s characters.") % {"most": LONGEST_WISH})
    if a_week is not None and not 1 <= a_week <= MOST_A_WEEK:
        raise _problem("a_week", _("Give a number from 1 to %(most)s, or leave it empty.") % {"most": MOST_A_WEEK})
    topic, _made = WishTopic.objects.get_or_create(hub=hub, key=key, defaults={"name": text})
    living = Wish.objects.filter(household=household).exclude(state=Wish.State.WITHDRAWN)
    before = living.filter(topic__in=[topic.pk, topic.same_as_id or topic.pk]).first()
    if before is None and living.filter(topic__hub=hub).count() >= MOST_WISHES:
        raise _problem("text", _("These are a lot of wishes; take one back first."))
    if before is not None:
        Wish.objects.filter(pk=before.pk).update(text=text, a_week=a_week, state=Wish.State.OPEN, offered=None)
        before.refresh_from_db()
        return before
    return Wish.objects.create(topic=topic, household=household, text=text, a_week=a_week, by=by, since=clock.now())


@transaction.atomic
def withdraw_wish(*, wish_id: int, by: User) -> None:
    """Take it back. Harmless twice. Raises NotFound for a foreign one."""
    Wish.objects.filter(pk=wish_for(by, wish_id).pk).update(state=Wish.State.WITHDRAWN)


@transaction.atomic
def not_this(*, wish_id: int, by: User) -> None:
    """What was offered is not what was wished: the wish is open again, and that product no longer answers it."""
    wish = wish_for(by, wish_id)
    if wish.offered is None:
        return
    Wish.objects.filter(pk=wish.pk, state=Wish.State.OFFERED).update(
        state=Wish.State.OPEN, offered=None, not_these=[*wish.not_these, wish.offered.product_id]
    )


def _problem(place: str, sentence: str) -> InvalidInput:
    return InvalidInput(problems=[{"place": place, "problem": sentence}])
