"""The ledger as a state machine: certificates are said often and in any order, processes die, credit is approved late.

The store is a journal by cause, as the table is; what is booked is what `rules.deposit` makes. After every step all accounts
together hold nothing, and each learner holds exactly the credit of the certificates that were booked.
"""

import uuid
from dataclasses import dataclass

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.creditbank.ledger.rules import Amount, Unbalanced, balances, check_balanced, deposit
from tests.fault.pure.runs import RUNS, run
from tests.harness.report import Found

pytestmark = [pytest.mark.fault, pytest.mark.rule("PP-23", "PP-45")]
STANDARDS = [uuid.UUID(int=number) for number in range(1, 5)]
LEARNERS = [uuid.UUID(int=number) for number in range(100, 106)]


@dataclass(frozen=True)
class Certificate:
    id: int
    standard: uuid.UUID
    learner: uuid.UUID


class Ledger(RuleBasedStateMachine):
    """Journals by their cause, what waits for its credit record, and what was said."""

    def __init__(self) -> None:
        super().__init__()
        self.issued: list[Certificate] = []
        self.credit: dict[uuid.UUID, int] = {}
        self.journals: dict[int, tuple[Amount, ...]] = {}
        self.waiting: dict[int, Certificate] = {}
        self.unheard: set[int] = set()

    @initialize(credit=st.integers(1, 10**6))
    def one_standard_has_its_credit(self, credit: int) -> None:
        self.credit[STANDARDS[0]] = credit

    @rule(standard=st.sampled_from(STANDARDS), learner=st.sampled_from(LEARNERS), count=st.integers(1, 5))
    def certificates_are_issued(self, standard: uuid.UUID, learner: uuid.UUID, count: int) -> None:
        for _ in range(count):
            self.unheard.add(len(self.issued))
            self.issued.append(Certificate(len(self.issued), standard, learner))

    @precondition(lambda self: self.issued)
    @rule(data=st.data(), dies=st.booleans())
    def a_batch_is_heard(self, data: st.DataObject, dies: bool) -> None:
        """Old ones and new ones, in any order, some twice. `dies`: before its commit, so nothing of it stays."""
        batch = data.draw(st.lists(st.sampled_from(self.issued), min_size=1, max_size=8))
        journals, waiting = dict(self.journals), dict(self.waiting)
        for one in batch:
            if one.standard in self.credit:
                self.book(journals, one)
            else:
                waiting[one.id] = one
        if not dies:
            self.journals, self.waiting = journals, waiting
            self.unheard -= {one.id for one in batch}

    def book(self, journals: dict[int, tuple[Amount, ...]], one: Certificate) -> None:
        if one.id in journals:
            return  # its cause is claimed
        made = deposit(one.standard, one.learner, self.credit[one.standard])
        check_balanced(made)
        journals[one.id] = made

    @rule(standard=st.sampled_from(STANDARDS), credit=st.integers(1, 10**6))
    def a_credit_record_is_approved(self, standard: uuid.UUID, credit: int) -> None:
        self.credit.setdefault(standard, credit)  # approved once, and for good

    @rule(step=st.integers(1, 4), dies=st.booleans())
    def the_timer_books_what_waited(self, step: int, dies: bool) -> None:
        ready = [one for one in self.waiting.values() if one.standard in self.credit][:step]
        journals = dict(self.journals)
        for one in ready:
            self.book(journals, one)
        if not dies:
            self.journals = journals
            for one in ready:
                del self.waiting[one.id]

    @rule(account=st.sampled_from(LEARNERS), credit=st.integers(-5, 0))
    def nothing_and_less_than_nothing_is_refused(self, account: uuid.UUID, credit: int) -> None:
        with pytest.raises(Unbalanced):
            deposit(STANDARDS[0], account, credit)
        with pytest.raises(Unbalanced):
            deposit(account, account, 1)

    @invariant()
    def all_accounts_together_hold_nothing(self) -> None:
        assert sum(self.balances().values()) == 0
        for journal in self.journals.values():
            check_balanced(journal)

    @invariant()
    def each_learner_holds_what_was_booked_and_no_more(self) -> None:
        totals = self.balances()
        for learner in LEARNERS:
            mine = [one for one in self.issued if one.learner == learner and one.id in self.journals]
            assert totals.get(learner, 0) == sum(self.credit[one.standard] for one in mine)

    @invariant()
    def every_certificate_that_was_heard_is_booked_or_waits(self) -> None:
        heard = {one.id for one in self.issued} - self.unheard
        assert heard == set(self.journals) | set(self.waiting)

    def balances(self) -> dict[uuid.UUID, int]:
        return balances(amount for journal in self.journals.values() for amount in journal)


@pytest.mark.parametrize("runs", RUNS)
def test_however_certificates_come_each_is_booked_once_and_the_books_balance(runs: int, found: Found) -> None:
    run(Ledger, runs, found)
