"""The audit on real databases: silent where all is right, and naming each record that is not."""

from dataclasses import replace
from typing import Any

import orjson
import pytest

from onex.audit.audit import Terms, audit, count_books
from onex.chassis.access import Role
from onex.chassis.invariants import Kind
from tests.audit.main_road import MainRoad

AT_ONCE = Terms(patience_s=0, grace_s=0)


def found(road: MainRoad, terms: Terms = AT_ONCE) -> set[tuple[str, str, str]]:
    """(kind, book or invariant, record) of every finding."""
    return {(one.kind.value, one.book, one.record) for one in audit(road.urls, terms).findings}


def a_certificate(road: MainRoad) -> Any:
    return road.sql("certificates", "SELECT * FROM certificate ORDER BY id LIMIT 1 OFFSET 3")[0]


def test_the_main_job_is_found_sound_and_its_figures_are_equal(road: MainRoad) -> None:
    report = audit(road.urls, AT_ONCE)
    assert report.findings == []
    assert report.is_clean
    assert {name: report.figures[name] for name in ("passes", "certificates", "deposits", "notices")} == dict.fromkeys(
        ("passes", "certificates", "deposits", "notices"), road.candidates
    )
    assert report.deliveries == {"delivered": road.candidates}
    assert count_books(road.urls) == dict.fromkeys(("passes", "certificates", "deposits", "notices"), road.candidates)


# ---- the seeded corruptions: each is found, named, and nothing else is -------------------------------------------------


def test_a_certificate_that_was_deleted_is_missing_and_what_came_of_it_is_orphaned(road: MainRoad) -> None:
    lost = a_certificate(road)
    road.sql("certificates", "DELETE FROM certificate WHERE id = :id", id=lost.id)
    assert found(road) == {
        ("missing", "certificates", str(lost.result_id)),
        ("orphaned", "deposits", str(lost.id)),
        ("orphaned", "notices", str(lost.id)),
        ("altered", "entries_tallied", str(lost.teo_id)),
        ("altered", "log_waiting", str(lost.id)),
    }


def test_a_certificate_of_a_result_that_is_no_pass_is_orphaned(road: MainRoad) -> None:
    one = a_certificate(road)
    low = "UPDATE result SET passed = false, scores = '{1000,1000}', score_hundredths = 1000 WHERE id = :id"
    road.sql("assessment", low, id=one.result_id)
    (result,) = road.sql("assessment", "SELECT plan_id FROM result WHERE id = :id", id=one.result_id)
    assert found(road) == {
        ("orphaned", "certificates", str(one.result_id)),
        ("altered", "plans_counted", str(result.plan_id)),
    }


def test_a_result_that_its_scores_do_not_make_is_altered(road: MainRoad) -> None:
    one = a_certificate(road)
    road.sql("assessment", "UPDATE result SET score_hundredths = 9990 WHERE id = :id", id=one.result_id)
    assert found(road) == {("altered", "results_judged", str(one.result_id))}


def test_a_second_certificate_of_one_result_is_doubled(road: MainRoad) -> None:
    one = a_certificate(road)
    columns = ", ".join(one._fields).replace("id, number", "gen_random_uuid(), 'X' || number", 1)
    columns = columns.replace("status_list", "status_list + 1")  # its bit is its own
    road.sql("certificates", "DROP INDEX uq_certificate_result_id")
    try:
        road.sql("certificates", f"INSERT INTO certificate SELECT {columns} FROM certificate WHERE id = :id", id=one.id)
        (twin,) = road.sql("certificates", "SELECT id FROM certificate WHERE number LIKE 'X%'")
        assert found(road) == {
            ("doubled", "certificates", str(one.result_id)),
            ("missing", "deposits", str(twin.id)),
            ("missing", "notices", str(twin.id)),
            ("altered", "credentials_genuine", str(twin.id)),
            ("missing", "logged", str(twin.id)),
            ("altered", "entries_tallied", str(one.teo_id)),
        }
    finally:
        road.sql("certificates", "DELETE FROM certificate WHERE number LIKE 'X%'")
        road.sql(
            "certificates",
            "CREATE UNIQUE INDEX uq_certificate_result_id ON certificate (result_id) WHERE replaces IS NULL",
        )


def test_counts_that_are_not_those_of_the_records_are_altered(road: MainRoad) -> None:
    (plan,) = road.sql("assessment", "SELECT id FROM plan")
    road.sql("assessment", "UPDATE plan SET with_result = with_result + 1")
    road.sql(
        "certificates",
        "INSERT INTO entry_tally (teo_id, certificate_type_id, month, on_time, late, unknown)"
        " SELECT :id, certificate_type_id, month, -1, 1, 0 FROM entry_tally LIMIT 1",
        id=road.ids["teo"],
    )
    assert found(road) == {
        ("altered", "plans_counted", str(plan.id)),
        ("altered", "entries_tallied", str(road.ids["teo"])),
    }


def test_a_deposit_that_was_deleted_is_missing(road: MainRoad) -> None:
    one = a_certificate(road)
    road.tamper("creditbank", "deposit", "DELETE FROM deposit WHERE certificate_id = :id", id=one.id)
    assert found(road) == {("missing", "deposits", str(one.id)), ("missing", "journals_caused", str(one.id))}


def test_a_deposit_of_another_amount_than_was_approved_is_altered(road: MainRoad) -> None:
    one = a_certificate(road)
    change = "UPDATE deposit SET credit_hundredths = 9999 WHERE certificate_id = :id"
    road.tamper("creditbank", "deposit", change, id=one.id)
    assert found(road) == {
        ("altered", "deposits_approved", str(one.id)),
        ("altered", "deposits_booked", str(one.id)),
    }


def test_a_deposit_booked_at_another_amount_throughout_is_altered(road: MainRoad) -> None:
    """Deposit and entries agree with each other, and still not with the approved credit record."""
    one = a_certificate(road)
    of_it = "(SELECT journal_id FROM deposit WHERE certificate_id = :id)"
    doubled = f"UPDATE entry SET amount_hundredths = amount_hundredths * 2 WHERE journal_id = {of_it}"
    road.tamper("creditbank", "entry", doubled, id=one.id)
    change = "UPDATE deposit SET credit_hundredths = credit_hundredths * 2 WHERE certificate_id = :id"
    road.tamper("creditbank", "deposit", change, id=one.id)
    assert found(road) == {("altered", "deposits_approved", str(one.id))}


def test_a_journal_that_does_not_balance_is_altered(road: MainRoad) -> None:
    (entry,) = road.sql("creditbank", "SELECT * FROM entry WHERE amount_hundredths > 0 ORDER BY id LIMIT 1")
    more = "UPDATE entry SET amount_hundredths = amount_hundredths + 1 WHERE id = :id"
    road.tamper("creditbank", "entry", more, id=entry.id)
    (deposit,) = road.sql("creditbank", "SELECT * FROM deposit WHERE journal_id = :id", id=entry.journal_id)
    assert found(road) == {
        ("altered", "journals_balance", str(entry.journal_id)),
        ("altered", "deposits_booked", str(deposit.certificate_id)),
    }


def test_credit_moved_to_another_learners_account_is_altered(road: MainRoad) -> None:
    """The journal still balances; the money went to somebody else."""
    one, other = road.sql("creditbank", "SELECT * FROM entry WHERE amount_hundredths > 0 ORDER BY id LIMIT 2")
    move = "UPDATE entry SET account_id = :to WHERE id = :id"
    road.tamper("creditbank", "entry", move, id=one.id, to=other.account_id)
    (deposit,) = road.sql("creditbank", "SELECT * FROM deposit WHERE journal_id = :id", id=one.journal_id)
    assert found(road) == {("altered", "deposits_booked", str(deposit.certificate_id))}


def test_a_notice_that_was_deleted_is_missing(road: MainRoad) -> None:
    one = a_certificate(road)
    (notice,) = road.sql(
        "notifications", "SELECT * FROM notice WHERE certificate_id = :id AND name = 'certificate_issued'", id=one.id
    )
    road.sql("notifications", "DELETE FROM delivery WHERE notice_id = :id", id=notice.event_id)
    road.sql("notifications", "DELETE FROM notice WHERE event_id = :id", id=notice.event_id)
    assert found(road) == {("missing", "notices", str(one.id))}


def test_a_notice_of_a_certificate_that_does_not_exist_is_orphaned(road: MainRoad) -> None:
    (notice,) = road.sql(
        "notifications",
        "INSERT INTO notice (event_id, name, certificate_id, certificate_type_code, body, occurred_at)"
        " SELECT gen_random_uuid(), name, invented, certificate_type_code,"
        " CAST(json_build_object('number', 'X', 'certificate_id', invented) AS jsonb), occurred_at"
        " FROM notice, (SELECT gen_random_uuid() AS invented) AS made WHERE name = 'certificate_issued' LIMIT 1"
        " RETURNING event_id, certificate_id",
    )
    assert found(road) == {
        ("orphaned", "notices", str(notice.certificate_id)),
        ("missing", "deliveries_made", str(notice.event_id)),
    }


def test_a_delivery_that_was_lost_is_missing(road: MainRoad) -> None:
    (delivery,) = road.sql("notifications", "SELECT * FROM delivery ORDER BY id LIMIT 1")
    road.sql("notifications", "DELETE FROM delivery WHERE id = :id", id=delivery.id)
    assert found(road) == {("missing", "deliveries_made", str(delivery.notice_id))}


def test_what_was_noted_while_a_subscription_was_disabled_is_not_missing_and_what_came_after_is(road: MainRoad) -> None:
    """A delivery that was given up, before it was disabled or since, says nothing of the others."""
    road.sql("notifications", "UPDATE subscription SET state = 'disabled'")
    deliveries = road.sql("notifications", "DELETE FROM delivery RETURNING *")
    path = f"/notifications/v1/subscriptions/{road.subscription_id}/activation"
    road.services["notifications"].call("POST", path, role=Role.PARTNER, expect=200)
    assert found(road) == set()
    later, given_up = deliveries[0].notice_id, deliveries[1].notice_id
    road.sql(
        "notifications",
        "UPDATE notice SET noted_at = now() + interval '1 minute' WHERE event_id IN (:later, :given_up)",
        later=later,
        given_up=given_up,
    )
    road.sql(
        "notifications",
        "INSERT INTO delivery (id, notice_id, subscription_id, state) VALUES (:id, :id, :subscription, 'failed')",
        id=given_up,
        subscription=road.subscription_id,
    )
    assert found(road) == {("missing", "deliveries_made", str(later))}


@pytest.mark.parametrize("change", ["number", "level", "teo_id", "issued_on", "proof", "standard_version"])
def test_a_credential_that_does_not_say_what_was_signed_or_what_its_row_says_is_altered(
    road: MainRoad, change: str
) -> None:
    one = a_certificate(road)
    document = orjson.loads(one.credential)
    if change == "proof":
        document["credentialSubject"]["achievement"]["name"] = "Brain surgery"
    elif change == "number":
        document["id"] = document["id"][:-1] + ("Y" if document["id"].endswith("X") else "X")
    if change in ("proof", "number"):
        values = {"id": one.id, "credential": orjson.dumps(document).decode()}
        road.sql("certificates", "UPDATE certificate SET credential = :credential WHERE id = :id", **values)
        assert found(road) == {("altered", "credentials_genuine", str(one.id)), ("altered", "log_waiting", str(one.id))}
        return
    set_to = {
        "level": "'advanced'",
        "teo_id": "gen_random_uuid()",
        "issued_on": "issued_on - 1",
        "standard_version": "'9.9'",
    }
    road.sql("certificates", f"UPDATE certificate SET {change} = {set_to[change]} WHERE id = :id", id=one.id)
    assert ("altered", "credentials_genuine", str(one.id)) in found(road)
    elsewhere = {one for one in found(road, replace(AT_ONCE, signatures=False)) if one[0] == "altered"}
    assert elsewhere, "the row differs from its result, or from what was said of it, without a look at its credential"


def test_signatures_are_left_alone_when_asked(road: MainRoad) -> None:
    one = a_certificate(road)
    road.sql("certificates", "UPDATE certificate SET credential = '{}' WHERE id = :id", id=one.id)
    assert found(road, replace(AT_ONCE, signatures=False)) == {("altered", "log_waiting", str(one.id))}


def test_a_copy_of_what_the_registry_said_that_was_changed_is_altered(road: MainRoad) -> None:
    road.sql("certificates", "UPDATE teo SET name_zh = '冒名'")
    assert found(road) == {("altered", "TEOs copied", str(road.ids["teo"]))}


def test_an_event_that_does_not_leave_its_outbox_is_stuck(road: MainRoad) -> None:
    (row,) = road.sql(
        "certificates",
        "INSERT INTO outbox SELECT 'platform', gen_random_uuid(), 'onex.certificates.certificate_issued.v1',"
        " 'certificates.events', 'certificate_issued', 'a', 'b', now() - interval '301 seconds', '{}' RETURNING id",
    )
    report = audit(road.urls, replace(AT_ONCE, stuck_after_s=300))
    assert [(one.kind, one.service, one.record) for one in report.findings] == [
        (Kind.STUCK, "certificates", str(row.id))
    ]
    later = audit(road.urls, replace(AT_ONCE, stuck_after_s=3600))
    assert later.is_sound
    assert not later.is_clean
    assert later.unsent["certificates"] == 1


def test_what_was_parked_is_named_with_its_queue(road: MainRoad) -> None:
    (row,) = road.sql(
        "creditbank",
        "INSERT INTO parked (id, consumer, headers, body, code, reason, attempts) VALUES (gen_random_uuid(),"
        " 'creditbank.certificates.certificate_issued', '{}', '', 'undecodable', 'not JSON', 1) RETURNING id",
    )
    assert found(road) == {("parked", "creditbank.certificates.certificate_issued", str(row.id))}


def test_ten_corruptions_at_once_are_all_found(road: MainRoad) -> None:
    ids = [row.id for row in road.sql("certificates", "SELECT id FROM certificate ORDER BY id")]
    results = dict(road.sql("certificates", "SELECT id, result_id FROM certificate"))  # type: ignore[call-overload]
    notices = dict(  # type: ignore[call-overload]
        road.sql("notifications", "SELECT certificate_id, event_id FROM notice WHERE name = 'certificate_issued'")
    )
    road.sql("certificates", "DELETE FROM certificate WHERE id = :id", id=ids[0])
    road.sql("assessment", "DELETE FROM result WHERE id = :id", id=results[ids[1]])
    road.tamper("creditbank", "deposit", "DELETE FROM deposit WHERE certificate_id = :id", id=ids[2])
    change = "UPDATE deposit SET credit_hundredths = 1 WHERE certificate_id = :id"
    road.tamper("creditbank", "deposit", change, id=ids[3])
    (journal,) = road.sql("creditbank", "SELECT journal_id FROM deposit WHERE certificate_id = :id", id=ids[4])
    gone = "DELETE FROM entry WHERE journal_id = :id AND amount_hundredths > 0"
    road.tamper("creditbank", "entry", gone, id=journal.journal_id)
    road.sql("notifications", "DELETE FROM delivery WHERE notice_id = :id", id=notices[ids[5]])
    road.sql("notifications", "DELETE FROM notice WHERE event_id = :id", id=notices[ids[5]])
    road.sql("notifications", "DELETE FROM delivery WHERE notice_id = :id", id=notices[ids[6]])
    road.sql("certificates", "UPDATE certificate SET credential = 'x' WHERE id = :id", id=ids[7])
    assert found(road) >= {
        ("missing", "certificates", str(results[ids[0]])),
        ("orphaned", "deposits", str(ids[0])),
        ("orphaned", "notices", str(ids[0])),
        ("orphaned", "certificates", str(results[ids[1]])),
        ("missing", "deposits", str(ids[2])),
        ("altered", "deposits_approved", str(ids[3])),
        ("altered", "journals_balance", str(journal.journal_id)),
        ("missing", "notices", str(ids[5])),
        ("missing", "deliveries_made", str(notices[ids[6]])),
        ("altered", "credentials_genuine", str(ids[7])),
    }
