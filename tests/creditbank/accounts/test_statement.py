"""A learner reads what is in the account and why; nobody else does but the operator (PP-23)."""

import uuid

import pytest

from onex.chassis.access import Role
from tests.creditbank.conftest import approve
from tests.creditbank.samples import certificate
from tests.harness.service import Service, json_of

MINE = "/creditbank/v1/my-statement"


@pytest.mark.rule("PP-23")
def test_credit_accumulates_in_the_learners_account(creditbank: Service) -> None:
    approve(creditbank, level="primary", credit_hundredths=250)
    approve(creditbank, level="advanced", credit_hundredths=401)
    learner = uuid.uuid4()
    first, second = certificate("primary", learner_id=learner), certificate("advanced", learner_id=learner)
    creditbank.hear(first, certificate())
    creditbank.hear(second)
    mine = json_of(creditbank.call("GET", MINE, role=Role.LEARNER, learner_id=learner, expect=200))
    assert mine["balance_hundredths"] == 651
    assert mine["account"]["learner_id"] == str(learner)
    assert [
        (one["certificate_number"], one["level"], one["credit_hundredths"], one["issued_on"]) for one in mine["items"]
    ] == [(second.number, "advanced", 401, "2026-03-02"), (first.number, "primary", 250, "2026-03-02")]
    assert mine["items"][0]["certificate_type_name_zh"] == "Web前端开发"


@pytest.mark.rule("PP-23")
def test_a_learner_without_credit_has_an_empty_statement(creditbank: Service) -> None:
    mine = json_of(creditbank.call("GET", MINE, role=Role.LEARNER, learner_id=uuid.uuid4(), expect=200))
    assert mine == {
        "account": None, "balance_hundredths": 0, "held_hundredths": 0, "available_hundredths": 0, "items": [], "next": None,
    }  # fmt: skip


def test_a_statement_pages_and_its_balance_is_of_all_entries(creditbank: Service) -> None:
    approve(creditbank, credit_hundredths=100)
    learner = uuid.uuid4()
    creditbank.hear(*(certificate(learner_id=learner) for _ in range(5)))
    seen, cursor = [], ""
    for size in (2, 2, 1):
        path = f"{MINE}?size=2" + (f"&cursor={cursor}" if cursor else "")
        page = json_of(creditbank.call("GET", path, role=Role.LEARNER, learner_id=learner, expect=200))
        assert (len(page["items"]), page["balance_hundredths"]) == (size, 500)
        seen += [one["certificate_id"] for one in page["items"]]
        cursor = page["next"]
    assert cursor is None
    assert len(set(seen)) == 5


def test_the_operator_reads_a_learners_statement_and_nobody_else_does(creditbank: Service) -> None:
    approve(creditbank)
    (heard,) = creditbank.hear(certificate())
    path = f"/creditbank/v1/accounts/{heard.event.learner_id}/statement"
    assert json_of(creditbank.call("GET", path, role=Role.OPERATOR, expect=200))["balance_hundredths"] == 250
    for role in set(Role) - {Role.OPERATOR}:
        creditbank.call("GET", path, role=role, expect=403)
    unknown = f"/creditbank/v1/accounts/{uuid.uuid4()}/statement"
    assert json_of(creditbank.call("GET", unknown, role=Role.OPERATOR, expect=404))["code"] == "not_found"


def test_only_learners_have_a_statement_of_their_own(creditbank: Service) -> None:
    for role in set(Role) - {Role.LEARNER}:
        creditbank.call("GET", MINE, role=role, expect=403)
    creditbank.call("GET", MINE, expect=401)


def test_a_cursor_that_no_list_gave_out_is_a_400(creditbank: Service) -> None:
    approve(creditbank)
    (heard,) = creditbank.hear(certificate())
    answer = creditbank.call(
        "GET", f"{MINE}?cursor=oops", role=Role.LEARNER, learner_id=heard.event.learner_id, expect=400
    )
    assert json_of(answer)["code"] == "malformed"
