from collections import Counter
import pytest
from hypothesis import settings, Phase
from hypothesis.stateful import run_state_machine_as_test
from marketplace.models import LedgerTransaction, Settlement, LedgerEntry
from tests.flows.test_money_machine import MoneyMachine
seen=Counter(); causes=Counter(); kinds=Counter()
class M(MoneyMachine):
    def teardown(self):
        seen.update(LedgerTransaction.objects.values_list("kind",flat=True)); causes.update(Settlement.objects.values_list("cause",flat=True))
        kinds.update(LedgerEntry.objects.values_list("destination__kind",flat=True)); kinds.update(LedgerEntry.objects.values_list("source__kind",flat=True))
        super().teardown()
@pytest.mark.django_db
def test_it():
    run_state_machine_as_test(M, settings=settings(max_examples=12, stateful_step_count=20, deadline=None, phases=[Phase.generate]))
    print(seen, causes, kinds)
