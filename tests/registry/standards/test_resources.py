"""Textbooks come from qualified publishers, banks are renewed in time and cost at most what they cost to make."""

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from onex.chassis import clock
from onex.chassis.access import Role
from services.registry.standards import errors, resource_queries
from services.registry.standards import resource_rules as rules
from tests.registry.world import World

ISBN = "9787040532838"  # group 7, registrant 04
DAY = timedelta(days=1)


@pytest.fixture
def type_id(world: World) -> str:
    return str(world.published_type(world.admitted_teo()["id"])["id"])


def publisher(world: World, name: str = "高等教育出版社", **changes: Any) -> dict[str, Any]:
    body = {"name_zh": name, "name_en": "Higher Education Press", "qualification": "图书出版许可证（京）新出许字001号"}
    return world.post("/publishers", body | {"isbn_prefixes": ["7-04"]} | changes)


def bank(type_id: str, **changes: Any) -> dict[str, Any]:
    body = {
        "kind": "question_bank",
        "certificate_type_id": type_id,
        "title_zh": "初级题库",
        "address": "https://example.cn/bank",
        "updated_on": str(clock.today()),
    }
    return body | changes


def textbook(type_id: str, publisher_id: str, **changes: Any) -> dict[str, Any]:
    book = {
        "kind": "textbook",
        "title_zh": "Web前端开发教程",
        "isbn": ISBN,
        "edition": "1",
        "publisher_id": publisher_id,
    }
    return bank(type_id) | book | changes


@pytest.mark.rule("OP-20")
@pytest.mark.parametrize(
    ("written", "isbn"),
    [
        ("9787040532838", "9787040532838"),
        ("978-7-04-053283-8", "9787040532838"),
        ("0-306-40615-2", "9780306406157"),
        ("080442957X", "9780804429573"),
    ],
)
def test_an_isbn_of_ten_or_thirteen_is_kept_in_thirteen(written: str, isbn: str) -> None:
    assert rules.isbn13(written) == isbn


@pytest.mark.rule("OP-20")
@pytest.mark.parametrize(
    "wrong", ["9787040532839", "0-306-40615-3", "080442957x1", "978704053283", "", "9777040532838"]
)
def test_an_isbn_with_a_wrong_check_digit_length_or_prefix_is_none(wrong: str) -> None:
    with pytest.raises(errors.IsbnWrong):
        rules.isbn13(wrong)


@pytest.mark.rule("OP-20")
@pytest.mark.parametrize(
    ("prefixes", "its"), [(["7-04"], True), (["7-115", "7-04"], True), ([], True), (["7-115"], False)]
)
def test_an_isbn_is_its_publishers_own(prefixes: list[str], its: bool) -> None:
    if its:
        rules.check_isbn_of(ISBN, prefixes)
    else:
        with pytest.raises(errors.IsbnOfAnother):
            rules.check_isbn_of(ISBN, prefixes)


@pytest.mark.rule("OP-20")
@pytest.mark.parametrize(
    ("kind", "given", "good"),
    [
        ("textbook", ("isbn", "1", "publisher"), True),
        ("textbook", (None, "1", "publisher"), False),
        ("textbook", ("isbn", None, "publisher"), False),
        ("textbook", ("isbn", "1", None), False),
        ("case_bank", (None, None, None), True),
        ("question_bank", ("isbn", None, None), False),
    ],
)
def test_a_textbook_names_isbn_edition_and_publisher(kind: str, given: tuple[Any, Any, Any], good: bool) -> None:
    if good:
        rules.check_textbook(kind, *given)
    else:
        with pytest.raises(errors.NotATextbook):
            rules.check_textbook(kind, *given)


@pytest.mark.rule("OP-20")
def test_a_struck_publisher_qualifies_no_more() -> None:
    rules.check_qualified(None)
    with pytest.raises(errors.PublisherStruck):
        rules.check_qualified(datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.rule("OP-20")
def test_a_textbook_is_offered_from_a_publisher_on_the_list(world: World, type_id: str) -> None:
    press = publisher(world)
    assert publisher_again(world) == "publisher_exists"
    body = textbook(type_id, press["id"], isbn="978-7-04-053283-8")
    made = world.post("/resources", body)
    assert (made["isbn"], made["state"], made["price_fen"]) == (ISBN, "offered", 0)
    assert world.post("/resources", body, expect=409)["code"] == "resource_exists"
    for change, code in (
        ({"isbn": "9787040532839"}, "isbn_wrong"),
        ({"isbn": "9787115545381"}, "isbn_of_another_publisher"),
        ({"publisher_id": str(uuid.uuid4())}, "publisher_unknown"),
        ({"publisher_id": None}, "not_of_a_textbook"),
        ({"certificate_type_id": str(uuid.uuid4())}, "certificate_type_unknown"),
        ({"updated_on": str(clock.today() + DAY)}, "update_not_newer"),
    ):
        assert world.post("/resources", body | change, expect=422)["code"] == code
    world.post(f"/publishers/{press['id']}/striking", {"reason": "许可证被吊销"}, expect=200)
    struck = world.post("/resources", body, expect=409)
    assert (struck["code"], struck["clause"]) == ("publisher_struck_off", "OP-20")
    assert world.get(f"/resources/{made['id']}")["state"] == "offered"  # what it published stays


@pytest.mark.rule("OP-20")
def test_a_publisher_is_put_right_until_it_is_struck_off(world: World) -> None:
    press, path = publisher(world), "/publishers/"
    other = publisher(world, "人民邮电出版社", isbn_prefixes=["7-115"])
    body = {"name_zh": "高教社", "name_en": "HEP", "qualification": "新许可证", "isbn_prefixes": ["7-04", "7-89"]}
    assert world.send("PUT", path + press["id"], body, Role.OPERATOR, 200)["isbn_prefixes"] == ["7-04", "7-89"]
    taken = world.send("PUT", path + press["id"], body | {"name_zh": "人民邮电出版社"}, Role.OPERATOR, 409)
    assert taken["code"] == "publisher_exists"
    world.post(f"{path}{other['id']}/striking", {"reason": "停业"}, expect=200)
    again = world.post(f"{path}{other['id']}/striking", {"reason": "停业"}, expect=409)
    assert again["code"] == "publisher_struck_off"
    assert world.send("PUT", path + other["id"], body, Role.OPERATOR, 409)["code"] == "publisher_struck_off"
    names = [(one["name_zh"], one["struck_at"] is not None) for one in world.get("/publishers")["items"]]
    assert names == [("人民邮电出版社", True), ("高教社", False)]


def publisher_again(world: World) -> str:
    body = {"name_zh": "高等教育出版社", "name_en": "x", "qualification": "y"}
    return str(world.post("/publishers", body, expect=409)["code"])


@pytest.mark.rule("OP-21")
@pytest.mark.parametrize(
    ("price", "users", "cost", "good"),
    [
        (0, 1, [], True),
        (0, 10**7, [], True),
        (1, 1, [], False),
        (3, 100, [100, 200], True),
        (3, 101, [100, 200], False),
        (301, 1, [100, 200], False),
        (10**12, 10**6, [10**12] * 100, False),
    ],
)
def test_a_resource_is_free_or_at_cost_to_the_fen(price: int, users: int, cost: list[int], good: bool) -> None:
    items = [{"name": "x", "amount_fen": one} for one in cost]
    if good:
        rules.check_price(price, users, items)
    else:
        with pytest.raises(errors.PriceAboveCost) as refused:
            rules.check_price(price, users, items)
        assert refused.value.facts == {"cost_fen": sum(cost)}


@pytest.mark.rule("OP-21")
def test_a_resource_is_stale_from_the_day_after_its_due_day() -> None:
    due = rules.due_on(date(2026, 1, 31), 1)
    assert due == date(2026, 2, 28)
    assert [rules.is_stale(due, on) for on in (due - DAY, due, due + DAY)] == [False, False, True]


@pytest.mark.rule("OP-21")
@pytest.mark.parametrize(
    ("updated_on", "last", "good"),
    [
        (date(2026, 3, 2), None, True),
        (date(2026, 3, 2), date(2026, 3, 1), True),
        (date(2026, 3, 2), date(2026, 3, 2), False),
        (date(2026, 3, 1), date(2026, 3, 2), False),
        (date(2026, 3, 3), None, False),
    ],
)
def test_an_update_is_newer_than_the_last_and_not_in_the_future(
    updated_on: date, last: date | None, good: bool
) -> None:
    if good:
        rules.check_update(updated_on, last, date(2026, 3, 2))
    else:
        with pytest.raises(errors.UpdateNotNewer):
            rules.check_update(updated_on, last, date(2026, 3, 2))


@pytest.mark.rule("OP-21")
def test_a_price_above_cost_is_refused_when_offered_and_when_corrected(world: World, type_id: str) -> None:
    items = [{"name": "服务器", "amount_fen": 20_000}, {"name": "编写", "amount_fen": 30_001}]
    at_cost = bank(type_id, price_fen=500, users=100, cost_items=items)
    assert world.post("/resources", at_cost | {"price_fen": 501}, expect=422)["code"] == "price_above_cost"
    made = world.post("/resources", at_cost)
    described = {"title_zh": "题库", "address": "https://example.cn", "users": 100, "cost_items": items}
    path = f"/resources/{made['id']}"
    dear = world.send("PUT", path, described | {"price_fen": 501}, Role.OPERATOR, 422)
    assert (dear["code"], dear["cost_fen"]) == ("price_above_cost", 50_001)
    assert (
        world.send("PUT", path, described | {"price_fen": 0, "interval_months": 6}, Role.OPERATOR, 200)["price_fen"]
        == 0
    )
    for wrong in (1.5, "500", -1, 10**12 + 1):
        assert world.post("/resources", at_cost | {"price_fen": wrong}, expect=422)["code"] == "invalid"


@pytest.mark.rule("OP-21", "OP-41")
def test_what_is_not_renewed_in_time_is_listed_until_it_is(world: World, type_id: str) -> None:
    teo_id = uuid.UUID(world.get(f"/certificate-types/{type_id}")["teo_id"])
    first = clock.today()
    made = world.post("/resources", bank(type_id, interval_months=1))
    due = date.fromisoformat(made["due_on"])
    other_teo = {"organization_id": uuid.uuid4()}

    def overdue(role: Role = Role.OPERATOR, **who: Any) -> list[str]:
        return [one["id"] for one in world.get("/resources/overdue", role, **who)["items"]]

    with time_machine.travel(clock.now() + (due - first)):
        assert clock.today() == due
        assert overdue() == []
    with time_machine.travel(clock.now() + (due - first) + DAY):
        assert overdue() == overdue(Role.PROVINCE, province_code="11") == [made["id"]]
        assert overdue(Role.TEO, organization_id=teo_id) == [made["id"]]
        assert overdue(Role.TEO, **other_teo) == []
        stale = world.get(f"/organizations/{teo_id}/stale")["items"]
        assert ("question_bank", made["id"]) in [(one["kind"], one["id"]) for one in stale]
        renewed = {"updated_on": str(clock.today()), "what_changed": "新增200题"}
        path = f"/resources/{made['id']}/updates"
        assert world.post(path, renewed, expect=200)["updated_on"] == str(clock.today())
        assert world.post(path, renewed, expect=422)["code"] == "update_not_newer"
        assert overdue() == []
        (update,) = world.get(path)["items"]
        assert (update["late"], update["what_changed"]) == (True, "新增200题")
    other = world.admitted_teo(2)
    for stranger in ({"organization_id": uuid.UUID(other["id"])}, other_teo):
        assert world.get(f"/organizations/{teo_id}/stale", Role.TEO, 404, **stranger)["code"] == "not_found"
    assert world.get(f"/organizations/{uuid.uuid4()}/stale", expect=404)["code"] == "not_found"


@pytest.mark.rule("OP-41", "OP-21")
def test_stale_standards_in_force_count_beside_resources(world: World) -> None:
    teo = world.admitted_teo()
    made = world.post("/certificate-types", world.type_body(teo["id"]))
    world.reviewed_standard(made["id"], "primary", "1.0", released_on="2019-04-20", interval_months=12)
    world.reviewed_standard(made["id"], "primary", "2.0", released_on="2021-06-01", interval_months=24)
    world.reviewed_standard(made["id"], "advanced", "1.0", released_on="2021-06-01", interval_months=36)
    world.post(f"/certificate-types/{made['id']}/publication", expect=200)
    withdrawn = world.post("/resources", bank(made["id"], updated_on="2021-01-31", interval_months=1))
    world.post(f"/resources/{withdrawn['id']}/withdrawal", expect=200)
    assert world.post(f"/resources/{withdrawn['id']}/withdrawal", expect=409)["code"] == "resource_is_withdrawn"
    world.post("/resources", bank(made["id"], kind="case_bank", updated_on="2021-01-31", interval_months=25))

    def stale(on: date) -> list[tuple[str, str | None, date]]:
        with world.registry.database.session() as session:
            found = resource_queries.stale_resources(session, uuid.UUID(teo["id"]), on)
        return [(one.kind, one.level, one.due_on) for one in found]

    bank_due, primary_due = date(2023, 2, 28), date(2023, 6, 1)
    assert stale(bank_due) == []
    assert stale(bank_due + DAY) == [("case_bank", None, bank_due)]
    assert stale(primary_due + DAY) == [("case_bank", None, bank_due), ("standard", "primary", primary_due)]
    with world.registry.database.session() as session:
        assert resource_queries.stale_resources(session, uuid.uuid4(), date(2030, 1, 1)) == []


@pytest.mark.rule("OP-20", "OP-21")
def test_a_textbooks_new_edition_renews_it(world: World, type_id: str) -> None:
    press = publisher(world)
    made = world.post("/resources", textbook(type_id, press["id"], updated_on="2024-01-01"))
    path = f"/resources/{made['id']}/updates"
    edition = {"updated_on": "2025-01-01", "what_changed": "第二版", "isbn": "7040183498", "edition": "2"}
    assert world.post(path, edition, expect=422)["code"] == "not_of_a_textbook"
    renewed = world.post(path, edition | {"publisher_id": press["id"]}, expect=200)
    assert (renewed["isbn"], renewed["edition"], renewed["due_on"]) == (rules.isbn13("7040183498"), "2", "2028-01-01")
    assert world.get(path)["items"][0]["late"] is False


def test_a_teo_offers_for_its_own_types_and_anyone_finds_what_is_offered(world: World, type_id: str) -> None:
    own = uuid.UUID(world.get(f"/certificate-types/{type_id}")["teo_id"])
    refused = world.post("/resources", bank(type_id), Role.TEO, 403, organization_id=uuid.uuid4())
    assert refused["code"] == "organization_not_allowed"
    one = world.post("/resources", bank(type_id), Role.TEO, organization_id=own)
    two = world.post("/resources", bank(type_id, kind="case_bank", level="primary"), Role.TEO, organization_id=own)
    for path, body in ((f"/resources/{one['id']}/withdrawal", None), (f"/resources/{one['id']}/updates", {
        "updated_on": str(clock.today()), "what_changed": "x"})):  # fmt: skip
        assert world.post(path, body, Role.TEO, 403, organization_id=uuid.uuid4())["code"] == "organization_not_allowed"
    world.post(f"/resources/{one['id']}/withdrawal", None, Role.TEO, 200, organization_id=own)

    def seen(query: str = "", **who: Any) -> list[str]:
        answer = world.registry.call("GET", f"/registry/v1/resources{query}", expect=200, **who)
        assert answer.json is not None
        return [one["id"] for one in answer.json["items"]]

    assert seen() == [two["id"]]
    assert seen(role=Role.TEO, organization_id=own) == [two["id"], one["id"]]
    assert seen("?kind=question_bank") == []
    assert seen("?level=primary&kind=case_bank&kind=textbook") == [two["id"]]
    hidden = world.registry.call("GET", f"/registry/v1/resources/{one['id']}", expect=404)
    assert hidden.json is not None


@pytest.mark.rule("OP-41")
def test_a_case_is_opened_on_what_is_stale_and_on_nothing_else(world: World) -> None:
    teo = world.admitted_teo()
    made = world.post("/certificate-types", world.type_body(teo["id"]))
    path = f"/organizations/{teo['id']}/stale/exit-case"
    assert world.post(path, expect=409)["code"] == "nothing_stale"
    banks = [world.post("/resources", bank(made["id"], updated_on="2021-01-31", title_zh=title)) for title in "甲乙"]
    case = world.post(path, None, Role.MINISTRY)
    assert (case["ground"], case["organization_id"], case["opened_by_itself"]) == ("d", teo["id"], False)
    assert all(one["id"] in case["found"] and "due 2022-01-31" in case["found"] for one in banks)
    assert world.post(path, expect=409)["code"] == "exit_case_open"
    for who in (
        {"role": Role.TEO, "organization_id": uuid.UUID(teo["id"])},
        {"role": Role.PROVINCE, "province_code": "11"},
    ):
        assert world.post(path, None, expect=403, **who)["code"] == "role_not_allowed"  # type: ignore[arg-type]
