"""One recovery code, one link to a part of a line: used by several at the same moment, once."""

from threading import Barrier

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

from marketplace.actions.sharing.answer_share import answer_share
from marketplace.actions.sharing.offer_share import offer_share
from marketplace.errors import IllegalMove, InvitationSpent
from marketplace.models import LineShare
from tests.factories import make_user
from tests.races.reserving_threads import Market, at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def test_control_looking_first_and_then_marking_lets_a_code_in_twice() -> None:
    codes = RecoveryCodes.activate(make_user("Ana"))
    code, pk = codes.get_unused_codes()[0], codes.instance.pk
    both_have_looked = Barrier(2)

    def naive() -> bool:
        found = RecoveryCodes(Authenticator.objects.get(pk=pk))
        unused = code in found.get_unused_codes()
        both_have_looked.wait(10)
        found._mark_code_used(0)
        return unused

    assert at_once([naive, naive]) == [True, True]


def test_a_recovery_code_opens_for_one_of_eight_at_once() -> None:
    codes = RecoveryCodes.activate(make_user("Ana"))
    code, pk = codes.get_unused_codes()[0], codes.instance.pk
    answers = at_once([lambda: Authenticator.objects.get(pk=pk).wrap().validate_code(code) for _ in range(8)])
    assert sorted(map(str, answers)) == ["False"] * 7 + ["True"]
    assert len(RecoveryCodes(Authenticator.objects.get(pk=pk)).get_unused_codes()) == 9


def test_eight_different_codes_at_once_are_all_used_up() -> None:
    codes = RecoveryCodes.activate(make_user("Ana"))
    pk, some = codes.instance.pk, codes.get_unused_codes()[:8]
    acts = [lambda code=code: Authenticator.objects.get(pk=pk).wrap().validate_code(code) for code in some]
    answers = at_once(acts)
    assert answers == [True] * 8
    assert len(RecoveryCodes(Authenticator.objects.get(pk=pk)).get_unused_codes()) == 2


def test_a_link_to_a_part_of_a_line_is_taken_by_one_of_eight() -> None:
    market = Market()
    offer = market.offer()
    (ana,) = market.people(1)
    market.reserving(ana, (offer, 4))()
    share, token = offer_share(round_id=market.round.pk, offer_id=offer.pk, parts=1, total_parts=2, by=ana)
    others = market.people(8)
    acts = [lambda by=by: answer_share(token=token, accept=True, by=by) for by in others]
    answers = at_once(acts)
    assert sum(isinstance(answer, LineShare) for answer in answers) == 1
    assert sum(isinstance(answer, InvitationSpent | IllegalMove) for answer in answers) == 7
    share.refresh_from_db()
    assert (share.state, share.agreed_units) == ("accepted", 4)
