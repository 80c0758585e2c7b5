"""Same wish: a coordinator says that two topics mean the same thing."""

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.access import wish_topic_for_coordinator
from marketplace.errors import InvalidInput
from marketplace.models import User, Wish, WishTopic


@transaction.atomic
def same_wish(*, topic_id: int, same_as_id: int, by: User) -> None:
    """Count the wishes of one topic with another's of the same hub, from now on and those that there are.

    A household that wished both keeps the older one. Harmless twice. Raises NotFound for a foreign topic, InvalidInput
    (place "same_as") where it would lead to itself.
    """
    topic, into = wish_topic_for_coordinator(by, topic_id), wish_topic_for_coordinator(by, same_as_id)
    into = into.same_as or into
    if into.pk == topic.pk or into.hub_id != topic.hub_id:
        sentence = _("Choose another wish of the same hub.")
        raise InvalidInput(problems=[{"place": "same_as", "problem": sentence}])
    both = Wish.objects.filter(topic=into).exclude(state=Wish.State.WITHDRAWN).values("household_id")
    twice = Wish.objects.filter(topic=topic, household__in=both).exclude(state=Wish.State.WITHDRAWN)
    twice.update(state=Wish.State.WITHDRAWN)
    Wish.objects.filter(topic=topic).update(topic=into)
    WishTopic.objects.filter(same_as=topic).update(same_as=into)
    WishTopic.objects.filter(pk=topic.pk).update(same_as=into)
