"""Double entry holds for whatever is booked (PP-23)."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.creditbank.ledger import rules
from services.creditbank.ledger.rules import Amount, Unbalanced, balances, check_balanced, deposit

pytestmark = pytest.mark.rule("PP-23", "PP-45")
ISSUANCES = [uuid.UUID(int=n) for n in range(1, 4)]
LEARNERS = [uuid.UUID(int=n) for n in range(100, 110)]
BOOKINGS = st.lists(
    st.tuples(st.sampled_from(ISSUANCES), st.sampled_from(LEARNERS), st.integers(min_value=1, max_value=10**6))
)


@given(BOOKINGS)
def test_whatever_is_booked_all_accounts_sum_to_zero(bookings: list[tuple[uuid.UUID, uuid.UUID, int]]) -> None:
    journals = [deposit(*one) for one in bookings]
    for journal in journals:
        check_balanced(journal)
    totals = balances(amount for journal in journals for amount in journal)
    assert sum(totals.values()) == 0


@given(BOOKINGS)
def test_a_learner_has_the_sum_of_what_was_booked_to_them(bookings: list[tuple[uuid.UUID, uuid.UUID, int]]) -> None:
    totals = balances(amount for one in bookings for amount in deposit(*one))
    for learner in LEARNERS:
        assert totals.get(learner, 0) == sum(credit for _, to, credit in bookings if to == learner)
    for issuance in ISSUANCES:
        assert totals.get(issuance, 0) == -sum(credit for by, _, credit in bookings if by == issuance)


@given(st.lists(st.builds(Amount, st.sampled_from(LEARNERS), st.integers(min_value=-1000, max_value=1000)), max_size=5))
def test_a_journal_is_accepted_exactly_when_it_balances(journal: list[Amount]) -> None:
    amounts = [one.hundredths for one in journal]
    balanced = len(amounts) >= 2 and all(amounts) and sum(amounts) == 0
    if balanced:
        check_balanced(journal)
    else:
        with pytest.raises(Unbalanced):
            check_balanced(journal)


@pytest.mark.parametrize("credit_hundredths", [0, -1])
def test_credit_is_positive(credit_hundredths: int) -> None:
    with pytest.raises(Unbalanced):
        deposit(ISSUANCES[0], LEARNERS[0], credit_hundredths)


def test_one_hundredth_is_credit_and_an_account_gives_itself_nothing() -> None:
    assert [one.hundredths for one in deposit(ISSUANCES[0], LEARNERS[0], 1)] == [-1, 1]
    with pytest.raises(Unbalanced):
        deposit(LEARNERS[0], LEARNERS[0], 1)


@pytest.mark.rule("PP-23")
def test_a_reversal_is_the_deposit_the_other_way_round_and_balances() -> None:
    issuance, learner = uuid.uuid4(), uuid.uuid4()
    done, undone = rules.deposit(issuance, learner, 250), rules.reversal(issuance, learner, 250)
    rules.check_balanced(undone)
    assert rules.balances([*done, *undone]) == {issuance: 0, learner: 0}
    with pytest.raises(rules.Unbalanced):
        rules.reversal(issuance, learner, 0)


@pytest.mark.rule("PP-45")
def test_every_standing_has_its_consequence_for_the_credit() -> None:
    assert {standing: rules.consequence(standing).value for standing in rules.STANDINGS} == {
        "valid": "free",
        "suspended": "held",
        "revoked": "reversed",
        "replaced": "free",
    }
    with pytest.raises(KeyError):
        rules.consequence("lost")
