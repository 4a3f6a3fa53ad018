"""The policy library: drafted by those who may, published to everyone, superseded or withdrawn (OP-45, PP-44)."""

import hashlib
import io
import uuid
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from onex.chassis import clock
from onex.chassis.access import Role
from onex.contracts.pilot import PolicyPublished
from services.registry.policies import errors, media, rules
from services.registry.policies.models import Policy
from tests.harness.service import json_of
from tests.registry.world import API, World

PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\n%%EOF\n"


def body(number: str = "教职成〔2019〕6号", **changes: Any) -> dict[str, Any]:
    whole = {
        "number": number,
        "source": "教育部等四部门",
        "kind": "plan",
        "issued_on": "2019-04-04",
        "title_zh": "关于在院校实施“学历证书+若干职业技能等级证书”制度试点方案",
        "title_en": "Pilot plan of the 1+X certificate system",
        "summary_zh": "部署启动试点工作。",
        "office": "教育部职业教育与成人教育司",
        "office_phone": "010-66092162",
        "contact": "于先生",
    }
    return whole | changes


def province(code: str) -> dict[str, Any]:
    return {"role": Role.PROVINCE, "province_code": code}


def drafted(world: World, number: str = "教职成〔2019〕6号", who: Any = None, **changes: Any) -> str:
    return str(world.post("/policies", body(number, **changes), **(who or {}))["id"])


def published(world: World, number: str = "教职成〔2019〕6号", **changes: Any) -> str:
    one = drafted(world, number, **changes)
    world.post(f"/policies/{one}/publication", expect=200)
    return one


def anyone(world: World, path: str = "", expect: int = 200) -> Any:
    """What is answered without a token."""
    return json_of(world.registry.call("GET", f"{API}/policies{path}", expect=expect))


def upload(world: World, one: str, data: bytes, name: str = "方案.pdf", expect: int = 201, **who: Any) -> Any:
    who = who or {"role": Role.OPERATOR}
    path = f"{API}/policies/{one}/attachments"
    return json_of(world.registry.call("POST", path, data={"file": (io.BytesIO(data), name)}, expect=expect, **who))


def archive(*names: str) -> bytes:
    """An office document with these parts, empty ones."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name in ("[Content_Types].xml", *names):
            made.writestr(name, "<x/>")
    return file.getvalue()


@pytest.mark.rule("OP-45", "PP-44")
def test_a_policy_is_drafted_published_and_read_by_anyone(world: World) -> None:
    one = drafted(world)
    assert anyone(world)["items"] == []
    anyone(world, f"/{one}", 404)
    done = world.post(f"/policies/{one}/publication", expect=200)
    assert (done["state"], done["published_by"]) == ("published", "test-operator-")
    (said,) = world.registry.said(PolicyPublished)
    assert isinstance(said, PolicyPublished)
    assert (str(said.policy_id), said.number, str(said.issued_on)) == (one, "教职成〔2019〕6号", "2019-04-04")
    assert (said.title_zh, said.title_en, said.source) == (done["title_zh"], done["title_en"], "教育部等四部门")
    seen = anyone(world, f"/{one}")
    assert (seen["number"], seen["source"], seen["issued_on"]) == ("教职成〔2019〕6号", "教育部等四部门", "2019-04-04")
    assert (seen["office"], seen["office_phone"], seen["attachments"]) == (done["office"], "010-66092162", [])
    (row,) = anyone(world)["items"]
    assert row["id"] == one
    refused = world.post(f"/policies/{one}/publication", expect=409)
    assert (refused["code"], refused["clause"]) == ("policy_is_published", "OP-45")


@pytest.mark.rule("OP-45")
def test_the_contacts_name_is_sealed_and_never_public(world: World) -> None:
    one = drafted(world, contact="欧阳娜娜")
    shown = world.post(f"/policies/{one}/publication", expect=200)
    assert shown["contact"] == "欧**娜"
    public = world.registry.call("GET", f"{API}/policies/{one}").get_data(as_text=True)
    assert "contact" not in public
    assert "欧阳" not in public
    with world.registry.database.session() as session:
        sealed = session.scalars(select(Policy.sealed_contact)).one()
    assert sealed is not None
    assert "欧阳" not in sealed
    assert world.get(f"/policies/{one}/record", Role.MINISTRY)["contact"] == "欧**娜"
    assert world.post("/policies", body("二", contact=""))["contact"] == ""


@pytest.mark.rule("OP-45")
def test_a_draft_is_put_right_and_what_was_published_is_not(world: World) -> None:
    one = drafted(world)
    changed = world.send("PUT", f"/policies/{one}", body(title_en="Plan", contact=""), Role.OPERATOR, 200)
    assert (changed["title_en"], changed["contact"]) == ("Plan", "")
    world.post(f"/policies/{one}/publication", expect=200)
    refused = world.send("PUT", f"/policies/{one}", body(), Role.OPERATOR, 409)
    assert refused["code"] == "policy_is_published"


@pytest.mark.rule("OP-45")
def test_a_superseded_policy_stays_readable_and_names_its_successor(world: World) -> None:
    old, new, waiting = published(world, "一"), published(world, "二"), drafted(world, "三")
    path = f"/policies/{old}/supersession"
    for wrong in (old, waiting, str(uuid.uuid4())):
        refused = world.post(path, {"superseded_by_id": wrong}, expect=422)
        assert refused["code"] == "policy_successor_wrong"
    assert world.post(path, {"superseded_by_id": new}, expect=200)["state"] == "superseded"
    seen = anyone(world, f"/{old}")
    assert (seen["state"], seen["superseded_by_id"]) == ("superseded", new)
    assert world.post(path, {"superseded_by_id": new}, expect=409)["code"] == "policy_is_superseded"
    refused = world.post(f"/policies/{waiting}/supersession", {"superseded_by_id": new}, expect=409)
    assert refused["code"] == "policy_is_draft"


@pytest.mark.rule("OP-45")
def test_what_is_withdrawn_is_gone_for_the_public_and_says_why(world: World) -> None:
    one = published(world)
    assert world.post(f"/policies/{one}/withdrawal", {}, expect=422)["code"] == "policy_reason_missing"
    done = world.post(f"/policies/{one}/withdrawal", {"reason": "文件有误。"}, expect=200)
    assert (done["state"], done["reason"]) == ("withdrawn", "文件有误。")
    anyone(world, f"/{one}", 404)
    assert anyone(world)["items"] == []
    assert world.get("/policies?state=withdrawn")["items"][0]["id"] == one
    refused = world.post(f"/policies/{one}/withdrawal", {"reason": "x"}, expect=409)
    assert refused["code"] == "policy_is_withdrawn"
    again = drafted(world)  # its number is free again
    assert world.post(f"/policies/{again}/withdrawal", {}, expect=200)["state"] == "withdrawn"


@pytest.mark.rule("OP-45")
@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"number": ""}, 422, "invalid"),
        ({"source": " "}, 422, "invalid"),
        ({"kind": "rumour"}, 422, "invalid"),
        ({"address": "javascript:alert(1)"}, 422, "invalid"),
        ({"address": "http://moe.gov.cn/a b"}, 422, "invalid"),
        ({"province_code": "99"}, 422, "province_unknown"),
        ({"title_zh": "\u0000"}, 422, "invalid"),
        ({"office": ""}, 422, "invalid"),
    ],
)
def test_a_wrong_policy_is_refused(world: World, change: dict[str, Any], status: int, code: str) -> None:
    assert world.post("/policies", body(**change), expect=status)["code"] == code


@pytest.mark.rule("OP-45")
def test_a_number_is_given_once_and_no_document_is_from_the_future(world: World) -> None:
    one = drafted(world)
    assert world.post("/policies", body(), expect=409)["code"] == "policy_exists"
    other = drafted(world, "二")
    refused = world.send("PUT", f"/policies/{other}", body(), Role.OPERATOR, 409)
    assert refused["code"] == "policy_exists"
    tomorrow = str(clock.today() + timedelta(days=1))
    refused = world.post("/policies", body("三", issued_on=tomorrow), expect=422)
    assert refused["code"] == "policy_not_issued_yet"
    assert world.post("/policies", body("三", issued_on=str(clock.today())))["id"] != one


@pytest.mark.rule("OP-45", "OP-01")
def test_a_province_keeps_its_own_policies_alone(world: World) -> None:
    national = drafted(world, "一")
    mine = drafted(world, "京教〔2020〕1号", province("11"), province_code="32")
    assert world.get(f"/policies/{mine}", **province("11"))["province_code"] == "11"
    for who in (province("32"), {"role": Role.COLLEGE, "organization_id": uuid.uuid4()}):
        world.get(f"/policies/{mine}", expect=404, **who)
        assert world.get("/policies", **who)["items"] == []
    assert [one["id"] for one in world.get("/policies", **province("11"))["items"]] == [mine]
    world.post(f"/policies/{mine}/publication", expect=404, **province("32"))
    world.post(f"/policies/{mine}/publication", expect=200, **province("11"))
    refused = world.post(f"/policies/{mine}/withdrawal", {"reason": "x"}, expect=403, **province("32"))
    assert refused["code"] == "organization_not_allowed"
    world.get(f"/policies/{mine}/record", expect=403, **province("32"))
    world.get(f"/policies/{mine}/record", Role.COLLEGE, 403)
    world.send("PUT", f"/policies/{national}", body(), expect=404, **province("11"))
    upload(world, national, PDF, expect=404, **province("11"))
    world.post("/policies", body("x"), Role.TEO, 403)


@pytest.mark.rule("OP-45", "PP-44")
def test_the_library_is_searched_by_number_source_day_kind_and_title(world: World) -> None:
    plan = published(world, "教职成〔2019〕6号")
    guide = published(
        world,
        "教职成厅函〔2019〕19号",
        source="教育部办公厅等三部门",
        kind="opinions",
        issued_on="2019-11-09",
        title_zh="指导意见 100%_落实",
        title_en="Guiding opinions",
    )

    def found(query: str) -> list[str]:
        return [one["id"] for one in anyone(world, f"?{query}")["items"]]

    assert found("") == found("sort=-issued_on") == [guide, plan]
    assert found("sort=issued_on") == [plan, guide]
    assert found("number=教职成〔") == [plan]
    assert found("number=教职成") == [guide, plan]
    assert found("source=教育部办公厅") == found("kind=opinions") == [guide]
    assert found("issued_from=2019-04-05") == found("issued_from=2019-11-09&issued_to=2019-11-09") == [guide]
    assert found("issued_to=2019-04-04") == [plan]
    assert found("title=方案") == found("title=pilot PLAN") == [plan]
    assert found("title=100%25_") == [guide]
    assert found("title=_") == [guide]  # a character like any other
    assert found("title=没有") == []
    assert anyone(world, "?kind=rumour", 422)["code"] == "invalid"


@pytest.mark.rule("OP-45")
def test_a_file_is_kept_byte_by_byte_and_downloaded_safely(world: World) -> None:
    one = drafted(world)
    kept = upload(world, one, PDF, "../试点方案.exe")
    assert (kept["name"], kept["media_type"], kept["size"]) == ("试点方案.pdf", "application/pdf", len(PDF))
    assert kept["sha256"] == hashlib.sha256(PDF).hexdigest()
    path = f"{API}/policies/{one}/attachments/{kept['id']}"
    world.registry.call("GET", path, expect=404)  # a draft's files are no more public than the draft
    early = world.registry.call("GET", path, role=Role.OPERATOR, expect=200)
    assert (early.data, early.headers["Cache-Control"]) == (PDF, "private, no-store")
    world.post(f"/policies/{one}/publication", expect=200)
    answer = world.registry.call("GET", path, expect=200)
    assert answer.data == PDF
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "filename*=UTF-8''%E8%AF%95" in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    again = world.registry.call("GET", path, headers={"If-None-Match": answer.headers["ETag"]}, expect=304)
    assert again.data == b""
    (listed,) = anyone(world, f"/{one}")["attachments"]
    assert listed == kept
    other = published(world, "二")
    world.registry.call("GET", f"{API}/policies/{other}/attachments/{kept['id']}", expect=404)
    world.registry.call("GET", f"{API}/policies/{one}/attachments/{uuid.uuid4()}", expect=404)


@pytest.mark.rule("OP-45")
def test_files_are_added_to_and_taken_from_drafts_only(world: World) -> None:
    one = drafted(world)
    kept = upload(world, one, PDF)
    assert upload(world, one, PDF, "again.pdf", 409)["code"] == "attachment_exists"
    path = f"{API}/policies/{one}/attachments/{kept['id']}"
    world.registry.call("DELETE", path, **province("11"), expect=404)
    world.registry.call("DELETE", path, role=Role.OPERATOR, expect=204)
    world.registry.call("DELETE", path, role=Role.OPERATOR, expect=404)
    kept = upload(world, one, PDF)
    world.post(f"/policies/{one}/publication", expect=200)
    assert upload(world, one, PDF + b"x", expect=409)["code"] == "policy_is_published"
    path = f"{API}/policies/{one}/attachments/{kept['id']}"
    world.registry.call("DELETE", path, role=Role.OPERATOR, expect=409)
    world.registry.call("GET", path, expect=200)


@pytest.mark.rule("OP-45")
def test_a_file_of_twenty_megabytes_is_kept_and_one_byte_more_is_refused(world: World) -> None:
    one = drafted(world)
    largest = PDF.ljust(20 * 1024 * 1024, b" ")
    assert upload(world, one, largest)["size"] == 20_971_520
    assert upload(world, one, largest + b" ", expect=413)["code"] == "attachment_too_large"


@pytest.mark.rule("OP-45")
def test_a_policy_has_twenty_files_at_most() -> None:
    rules.check_file(rules.MOST_BYTES, 19)
    with pytest.raises(errors.TooManyFiles):
        rules.check_file(1, 20)
    with pytest.raises(errors.FileTooLarge):
        rules.check_file(rules.MOST_BYTES + 1, 0)


@pytest.mark.rule("OP-45")
@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (PDF, media.PDF),
        (b"\x89PNG\r\n\x1a\n" + bytes(8), media.PNG),
        (b"\xff\xd8\xff\xe0" + bytes(8), media.JPEG),
        (archive("word/document.xml"), media.DOCX),
        (archive("xl/workbook.xml"), media.XLSX),
        (archive("OFD.xml"), media.OFD),
        (b"", None),
        (b"<html><script>alert(1)</script></html>", None),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", None),
        (b"MZ\x90\x00", None),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", None),
        (b" %PDF-1.7", None),
        (archive("word/document.xml", "word/vbaProject.bin"), None),
        (archive("index.html"), None),
        (archive("word/document.xml")[:-9], None),
        (b"PK\x03\x04" + bytes(40), None),
    ],
)
def test_what_a_file_is_is_told_from_its_bytes(world: World, data: bytes, media_type: str | None) -> None:
    one = drafted(world)
    if media_type is None:
        assert upload(world, one, data, "plan.pdf", 422)["code"] == "attachment_refused"
    else:
        assert upload(world, one, data, "plan.bin")["media_type"] == media_type


@pytest.mark.rule("OP-45")
@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("方案.pdf", "方案.pdf"),
        ("方案.docx", "方案.pdf"),
        ("a.b.c", "a.b.pdf"),
        ("..\\..\\boot.ini", "boot.pdf"),
        ("/etc/passwd", "passwd.pdf"),
        ('a"b\r\nSet-Cookie: x', "a_b_Set-Cookie_ x.pdf"),
        ("invoice\u202efdp.exe", "invoice_fdp.pdf"),
        ("", "document.pdf"),
        ("....", "document.pdf"),
        ("长" * 500, "长" * 120 + ".pdf"),
    ],
)
def test_a_files_name_is_made_harmless(name: str, kept: str) -> None:
    assert media.safe_name(name, media.PDF) == kept
