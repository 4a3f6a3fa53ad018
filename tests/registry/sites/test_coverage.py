"""The coverage report: cities with pilot colleges and no filed site for a type (OP-24)."""

from typing import Any

import pytest
from sqlalchemy import text

from onex.chassis.access import Role
from services.registry.sites.coverage import PAGE_OF_GAPS
from tests.registry.sites.conftest import Parties
from tests.registry.world import World


def gaps(world: World, query: str = "", **who: Any) -> list[tuple[str, str]]:
    items = world.get(f"/sites/coverage?{query}", **(who or {"role": Role.OPERATOR}))["items"]
    return [(one["type_code"], one["city_code"]) for one in items]


@pytest.mark.rule("OP-24")
def test_a_city_is_covered_once_a_site_of_the_type_is_filed_in_it(
    world: World, parties: Parties, declared: str
) -> None:
    other = world.admitted_college(300, province_code="32", division_code="320102")
    world.post("/organizations", world.college_body(301, province_code="32", division_code="320205"))  # not admitted
    assert gaps(world) == [("001", "1101"), ("001", "3201")]
    world.settle_as_teo(declared, parties.teo_id)
    world.settle_as_province(declared)
    assert gaps(world) == [("001", "1101"), ("001", "3201")], "settled is not filed"
    world.file(declared)
    assert gaps(world) == [("001", "3201")]
    item = world.get("/sites/coverage")["items"][0]
    assert (item["certificate_type_id"], item["teo_id"]) == (parties.type_id, parties.teo_id)
    assert (item["province_code"], item["colleges"]) == ("32", 1)
    assert other["division_code"] == "320102"


@pytest.mark.rule("OP-24")
@pytest.mark.parametrize("step", ["suspension", "closing"])
def test_a_site_that_is_suspended_or_closed_covers_nothing(
    world: World, parties: Parties, filed: str, step: str
) -> None:
    assert gaps(world) == []
    world.post(f"/sites/{filed}/{step}", {"reason": "Repairs."}, expect=200, **parties.province)
    assert gaps(world) == [("001", "1101")]


@pytest.mark.rule("OP-24")
def test_a_site_of_a_college_that_has_exited_covers_nothing(world: World, parties: Parties, filed: str) -> None:
    world.admitted_college(300)
    assert gaps(world) == []
    with world.registry.database.transaction() as session:
        session.execute(text("UPDATE organization SET status='exited' WHERE id=:id"), {"id": parties.college_id})
    assert gaps(world) == [("001", "1101")]


@pytest.mark.rule("OP-24")
def test_a_site_covers_its_own_city_and_type_only(world: World, parties: Parties, filed: str) -> None:
    world.published_type(parties.teo_id, "002")
    world.post("/certificate-types", world.type_body(parties.teo_id, "003"))  # not published
    world.admitted_college(300, province_code="13", division_code="130102")
    assert gaps(world) == [("001", "1301"), ("002", "1101"), ("002", "1301")]


@pytest.mark.rule("OP-24", "OP-01")
def test_each_reads_in_their_scope(world: World, parties: Parties) -> None:
    world.admitted_college(300, province_code="32", division_code="320102")
    other_teo = world.admitted_teo(2)
    other_type = world.published_type(other_teo["id"], "002")
    everything = [("001", "1101"), ("001", "3201"), ("002", "1101"), ("002", "3201")]
    assert gaps(world) == gaps(world, role=Role.MINISTRY) == everything
    assert gaps(world, role=Role.PROVINCE, province_code="32") == [("001", "3201"), ("002", "3201")]
    assert gaps(world, "province_code=11", role=Role.PROVINCE, province_code="32") == []
    assert gaps(world, role=Role.PROVINCE) == gaps(world, role=Role.TEO) == []
    assert gaps(world, **parties.teo) == [("001", "1101"), ("001", "3201")]
    assert gaps(world, f"certificate_type_id={other_type['id']}", **parties.teo) == []
    assert gaps(world, "province_code=11") == [("001", "1101"), ("002", "1101")]
    assert gaps(world, f"certificate_type_id={other_type['id']}") == [("002", "1101"), ("002", "3201")]
    for role in (Role.COLLEGE, Role.PARTNER, Role.LEARNER):
        assert world.get("/sites/coverage", role, 403)["code"] == "role_not_allowed"


@pytest.mark.rule("OP-24")
def test_the_report_is_paged_and_exported_whole(world: World, parties: Parties) -> None:
    world.published_type(parties.teo_id, "002")
    for number, division in enumerate(("130102", "130202", "320102"), start=300):
        world.admitted_college(number, province_code=division[:2], division_code=division)
    everything = gaps(world)
    assert len(everything) == 8
    paged, cursor = [], ""
    for _ in range(9):
        page = world.get(f"/sites/coverage?size=3&cursor={cursor}")
        paged += [(one["type_code"], one["city_code"]) for one in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert paged == everything
    answer = world.registry.call("GET", "/registry/v1/sites/coverage?format=csv", role=Role.OPERATOR, expect=200)
    lines = answer.get_data(as_text=True).lstrip("\ufeff").splitlines()
    assert [tuple(line.split(",")[index] for index in (0, 5)) for line in lines[1:]] == everything
    xlsx = world.registry.call("GET", "/registry/v1/sites/coverage?format=xlsx", role=Role.OPERATOR, expect=200)
    assert xlsx.get_data()[:2] == b"PK"


@pytest.mark.parametrize("cursor", ["x", "8J-YgA", "fHx8", "AHx8"])
def test_a_cursor_that_was_not_given_out_is_refused(world: World, cursor: str) -> None:
    assert world.get(f"/sites/coverage?cursor={cursor}", expect=400)["code"] == "malformed"


@pytest.mark.rule("OP-24")
def test_at_real_size_a_page_looks_its_cities_up_by_index(world: World, parties: Parties) -> None:
    """447 types, 10,000 colleges in 333 cities, 100,000 filed sites: the page reads what it shows, not the tables."""
    with world.registry.database.transaction() as session:
        fill(session, parties)
        session.execute(text("ANALYZE organization, certificate_type, site"))
    scope = {"province": None, "teo": None, "type": None, "code": "", "city": "", "in_province": "", "rows": 51}
    with world.registry.database.session() as session:
        lines = session.execute(text(f"EXPLAIN (ANALYZE, TIMING OFF) {PAGE_OF_GAPS.text}"), scope).scalars().all()
    plan = "\n".join(lines)
    assert "ix_site_filed_in_division" in plan
    assert "Seq Scan on site" not in plan


def fill(session: Any, parties: Parties) -> None:
    """The colleges, the types of one TEO, and for every type a filed site in two of three cities."""
    session.execute(
        text(
            "INSERT INTO organization (id, code, name_zh, name_en, kind, division_code, province_code, status, version,"
            " created_by, sealed_contacts) SELECT gen_random_uuid(), 'C' || n, 'C', 'C', 'college',"
            " (1000 + n % 333) || '02', CAST(10 + n % 333 / 11 AS text), 'admitted', 1, 'test', ''"
            " FROM generate_series(1, 10000) AS n"
        )
    )
    session.execute(
        text(
            "INSERT INTO certificate_type SELECT (jsonb_populate_record(type, jsonb_build_object("
            " 'id', gen_random_uuid(), 'code', to_char(100 + n, 'FM000')))).*"
            " FROM certificate_type AS type, generate_series(1, 446) AS n WHERE type.id = :type"
        ),
        {"type": parties.type_id},
    )
    session.execute(
        text(
            "INSERT INTO site (id, code, college_id, certificate_type_id, teo_id, province_code, address_zh,"
            " division_code, capacity, conditions, state, declared_by)"
            " SELECT gen_random_uuid(), type.code || '-' || city.division_code, city.college_id, type.id, type.teo_id,"
            " city.province_code, 'A', city.division_code, 1, '{}', 'filed', 'test'"
            " FROM certificate_type AS type, (SELECT DISTINCT ON (division_code) division_code, id AS college_id,"
            " province_code FROM organization WHERE kind = 'college' AND left(division_code, 4)::int % 3 > 0) AS city"
        )
    )
