"""A list is filtered and sorted as asked, every row stands on one page, and nobody else's rows on any."""

import base64
import uuid
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from onex.chassis.access import Role
from onex.chassis.web.listing import Listing, equal
from tests.chassis.web.conftest import FIRST, THINGS, Shop, Thing, ThingSchema

SORTS = ["code", "made_at", "day", "size", "price", "maker", "kept"]
COLUMN = {"maker": "maker_id"}


def test_the_newest_come_first(shop: Shop) -> None:
    ids = shop.fill(7)
    assert [one["id"] for one in shop.walk("")] == [str(one) for one in reversed(ids)]


@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize("sort", SORTS)
def test_every_row_is_seen_once_in_the_order_asked_for_though_many_are_equal(shop: Shop, sort: str, sign: str) -> None:
    shop.fill(11, code=lambda n: f"É{n % 4}", size=lambda n: n % 3 - 1, price=lambda n: -(n % 5))
    shop.fill(3, made_at=FIRST)
    with shop.service.database.session() as session:
        rows = session.scalars(select(Thing)).all()
    key = lambda row: (getattr(row, COLUMN.get(sort, sort)), row.id.int)  # noqa: E731
    if sort == "code":
        key = lambda row: (row.code.encode(), row.id.int)  # noqa: E731
    expected = [str(row.id) for row in sorted(rows, key=key, reverse=sign == "-")]
    assert [one["id"] for one in shop.walk(f"?sort={sign}{sort}")] == expected


def test_rows_added_while_one_turns_pages_move_nothing(shop: Shop) -> None:
    shop.fill(9, code=lambda n: f"M{n}")
    added = iter(range(100))

    def between() -> None:
        shop.fill(1, code=f"A{next(added)}")

    assert [one["code"] for one in shop.walk("?sort=code", between=between)] == [f"M{n}" for n in range(9)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=used", [7, 4, 1]),
        ("state=used&state=gone", [8, 7, 5, 4, 2, 1]),
        (f"maker_id={uuid.UUID(int=1)}", [7, 4, 1]),
        (f"maker_id={uuid.UUID(int=1)}&maker_id={uuid.UUID(int=2)}", [8, 7, 5, 4, 2, 1]),
        (f"maker_id={uuid.UUID(int=1)}&state=new", []),
        ("size_cm=3&size_cm=5", [5, 3]),
        ("kept=false", [7, 5, 3, 1]),
        ("day=2026-01-03", [2]),
        ("code=T-000", [8, 7, 6, 5, 4, 3, 2, 1, 0]),
        ("code=T-0003", [3]),
        ("code=T_000", []),
        ("code=%25", []),
        ("code=\\", []),
        ("code=t-000", []),
        ("lasting_from=2026-01-08", [8, 7]),
        ("lasting_to=2026-01-02", [1, 0]),
        ("lasting_from=2026-01-03&lasting_to=2026-01-04", [3, 2]),
        ("lasting_from=2026-01-04&lasting_to=2026-01-03", []),
        ("weight_from=3&weight_to=4", [4, 3]),
        ("price_from=0.5&price_to=0.75", [3, 2]),
        ("made_from=2026-01-08&made_to=2026-01-08", [7]),
        ("made_to=9999-12-31&made_from=0001-01-01", [8, 7, 6, 5, 4, 3, 2, 1, 0]),
        ("state=used&weight_from=2&sort=size", [4, 7]),
        (f"maker_id={uuid.UUID(int=1)}&sort=-size", [7, 4, 1]),
    ],
)
def test_filters_narrow_the_list(shop: Shop, query: str, found: list[int]) -> None:
    shop.fill(9)
    assert shop.names(f"?{query}") == found
    sorted_already = "sort" in query
    assert sorted_already or sorted(shop.names(f"?{query}&sort=size")) == sorted(found)


def test_a_day_begins_and_ends_in_beijing(shop: Shop) -> None:
    moments = [FIRST + timedelta(hours=h, microseconds=m) for h, m in ((-8, -1), (-8, 0), (16, -1), (16, 0))]
    shop.fill(4, made_at=lambda n: moments[n])
    assert shop.names("?made_from=2026-01-01&made_to=2026-01-01") == [2, 1]


def test_a_filter_and_a_sort_go_on_from_page_to_page(shop: Shop) -> None:
    shop.fill(20)
    found = shop.walk("?state=used&sort=-code")
    assert [one["code"] for one in found] == [f"T-{n:04}" for n in (19, 16, 13, 10, 7, 4, 1)]


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.TEO])
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("begins=T-", [0, 1, 2, 3, 4, 5, 6]),
        ("since_from=2025-12-27&since_to=2025-12-31", [1, 2, 3, 4, 5]),
        (f"since_to=2025-12-31&maker_id={uuid.UUID(int=1)}", [1, 4]),
        ("since_from=2025-12-27&begins=T-&state=used", [1, 4]),
        ("since_from=2025-12-27&sort=-size", [5, 4, 3, 2, 1, 0]),
    ],
)
def test_what_an_index_leads_to_comes_in_its_order_unless_another_is_asked_for(
    shop: Shop, query: str, found: list[int], role: Role
) -> None:
    """The index of the ids would be walked from its newest end, however long ago it was that is asked for."""
    shop.fill(7, made_at=lambda n: FIRST - timedelta(days=n))
    assert [int(one["name"].split()[1]) for one in shop.walk(f"?{query}", role)] == found


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("state=lost", "state"),
        ("state=used&state=lost", "state"),
        ("maker_id=x", "maker_id"),
        ("size_cm=x", "size_cm"),
        ("size_cm=99999999999", "size_cm"),
        ("kept=perhaps", "kept"),
        ("day=2026-02-30", "day"),
        ("made_from=yesterday", "made_from"),
        ("made_to=2026-01-01T00:00:00Z", "made_to"),
        ("price_from=NaN", "price_from"),
        ("code=", "code"),
        ("code=" + "x" * 201, "code"),
        ("sort=name", "sort"),
        ("sort=--code", "sort"),
        ("sort=", "sort"),
        ("format=pdf", "format"),
        ("state=%00", "state"),
    ],
)
def test_a_wrong_value_is_refused_by_its_name(shop: Shop, query: str, names: str) -> None:
    refused = shop.get(f"?{query}", expect=422)
    assert (refused["code"], list(refused["errors"]["query"])) == ("invalid", [names])


def test_a_cursor_serves_the_sort_and_filters_it_was_given_for_and_no_other(shop: Shop) -> None:
    shop.fill(9)
    lists = ["?", "?sort=code", "?sort=-code", "?sort=size", "?state=new&", "?state=used&", "?code=T", "/shouted?"]
    cursors = {path: shop.get(f"{path}&size=1")["next"] for path in lists}
    for path in lists:
        for source, cursor in cursors.items():
            same = path == source or {path, source} == {"?", "/shouted?"}  # one table, one order
            answer = shop.get(f"{path}&cursor={cursor}", expect=200 if same else 400)
            assert same or answer["code"] == "malformed"


def test_a_cursor_may_ask_for_another_size(shop: Shop) -> None:
    shop.fill(9)
    cursor = shop.get("?sort=code&size=2")["next"]
    assert shop.names(f"?sort=code&size=4&cursor={cursor}") == [2, 3, 4, 5]


@pytest.mark.parametrize("sort", [*SORTS, ""])
def test_a_cursor_that_was_tampered_with_is_malformed_and_never_breaks(shop: Shop, sort: str) -> None:
    shop.fill(9)
    path = f"?sort={sort}" if sort else "?"
    good = base64.urlsafe_b64decode(shop.get(f"{path}&size=1")["next"] + "==")
    for wrong in (good[:7], good[:8], good[:20], good[1:], good[:24] + b"\xff", good[:24] + b"a\x00", b"", b"x" * 5000,
                  good[:24] + b"9" * 400, good[:24] + b"x", good[:24] + b"NaN"):  # fmt: skip
        cursor = base64.urlsafe_b64encode(wrong).decode().rstrip("=")
        if wrong == b"" or (sort == "code" and wrong in (good[:24] + b"9" * 400, good[:24] + b"x", good[:24] + b"NaN")):
            continue  # no cursor at all; and any text may be a code
        assert shop.get(f"{path}&cursor={cursor}", expect=400)["code"] == "malformed", wrong
    for wrong_text in ("x", "not a cursor", "AAAA", "' OR 1=1", "é", "A" * 500):
        assert shop.get(f"{path}&cursor={wrong_text}", expect=400)["code"] == "malformed"


def test_a_list_confined_to_an_owner_shows_nobody_elses(shop: Shop) -> None:
    mine = shop.fill(8)
    shop.fill(8, owner_id=uuid.uuid4())
    for path in ("?", "?sort=code", "?sort=-code", f"?maker_id={uuid.UUID(int=0)}", "?sort=made_at&state=new"):
        found = {one["id"] for one in shop.walk(path, Role.COLLEGE)}
        assert found
        assert found <= {str(one) for one in mine}


def plan(shop: Shop, query: dict[str, Any], confined: bool) -> str:
    """The plan of a list's page, where PostgreSQL is kept from reading the small table whole."""
    from onex.chassis.owned import owned_by

    base = owned_by(select(Thing), Thing.owner_id, shop.owner_id) if confined else select(Thing)
    given = THINGS.query_schema().load(query)
    with shop.service.database.session() as session:
        session.connection().exec_driver_sql("SET LOCAL enable_seqscan = off")
        statements: list[Any] = []
        execute = session.execute

        def spy(statement: Any, *rest: Any, **options: Any) -> Any:
            statements.append(statement)
            return execute(statement, *rest, **options)

        session.execute = spy  # type: ignore[method-assign]
        first = THINGS.answer(session, base, {**given, "size": 2})
        THINGS.answer(session, base, {**given, "size": 2, "cursor": first["next"]})  # type: ignore[index]
        sql = statements[-1].compile(session.connection(), compile_kwargs={"render_postcompile": True})
        return "\n".join(session.connection().exec_driver_sql(f"EXPLAIN {sql}", sql.params).scalars())


@pytest.mark.parametrize(
    ("query", "confined", "index"),
    [
        ({}, False, "thing_of_a_test_pkey|pk_thing_of_a_test"),
        ({}, True, "ix_thing_owner"),
        ({"sort": "code"}, False, "ix_thing_code"),
        ({"sort": "-code"}, False, "ix_thing_code"),
        ({"sort": "code"}, True, "ix_thing_owner_code"),
        ({"sort": "-code"}, True, "ix_thing_owner_code"),
    ],
)
def test_a_page_is_read_by_an_index_and_nothing_is_sorted(
    shop: Shop, query: dict[str, str], confined: bool, index: str
) -> None:
    shop.fill(60)
    shop.fill(60, owner_id=uuid.uuid4())
    with shop.service.database.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE thing_of_a_test")
        connection.commit()
    explained = plan(shop, query, confined)
    assert "Sort" not in explained, explained
    assert any(f"using {one} on" in explained for one in index.split("|")), explained
    assert "Index Cond" in explained, explained


def test_the_openapi_document_tells_the_arguments_and_the_three_kinds_of_answer(shop: Shop) -> None:
    document = shop.web.get("/creditbank/v1/openapi.json").get_json()  # type: ignore[attr-defined]
    door = document["paths"]["/creditbank/v1/things"]["get"]
    arguments = {one["name"]: one for one in door["parameters"]}
    assert {"cursor", "size", "sort", "format", "state", "code", "made_from", "made_to", "price_from"} <= set(arguments)
    assert arguments["state"]["explode"] is True
    assert arguments["state"]["schema"]["items"]["enum"] == ["new", "used", "gone"]
    assert arguments["maker_id"]["schema"]["items"]["format"] == "uuid"
    assert set(arguments["format"]["schema"]["enum"]) == {"csv", "xlsx"}
    assert {"code", "-code"} <= set(arguments["sort"]["schema"]["enum"])
    content = door["responses"]["200"]["content"]
    assert set(content) == {
        "application/json",
        "text/csv",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
    assert content["application/json"]["schema"]["$ref"].endswith("/ThingPage")
    assert document["components"]["schemas"]["ThingPage"]["properties"]["items"]["items"]["$ref"].endswith("/Thing")


def test_a_list_is_not_sorted_by_a_column_that_may_be_empty() -> None:
    with pytest.raises(ValueError, match="parts"):
        Listing(ThingSchema, Thing.id, sorts={"parts": Thing.parts})


def test_a_filter_takes_no_name_of_the_paging(shop: Shop) -> None:
    with pytest.raises(ValueError, match="size"):
        Listing(ThingSchema, Thing.id, filters={"size": equal(Thing.size)})


def test_a_view_shows_rows_in_another_form(shop: Shop) -> None:
    shop.fill(2)
    assert shop.get("/shouted")["items"] == [
        {"name": "THING 1", "asked_by": "operator"},
        {"name": "THING 0", "asked_by": "operator"},
    ]
