"""The feed is valid Atom (RFC 4287); the pages speak both languages and need nothing from elsewhere (PP-44)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from xml.etree import ElementTree as xml

import pytest
import time_machine
from werkzeug.test import Client, TestResponse
from werkzeug.wrappers import Response

from onex.chassis.access import Role
from onex.chassis.web.app import Runtime, create_app
from services.registry.policies import api, pages
from services.registry.tables import AccessKey
from tests.registry.policies.test_policies import PDF, body, drafted, published, upload
from tests.registry.world import API, World

pytestmark = pytest.mark.rule("PP-44", "OP-45")
ATOM = "{http://www.w3.org/2005/Atom}"
Get = Callable[..., TestResponse]


def read(world: World, query: str = "") -> xml.Element:
    answer = world.registry.call("GET", f"{API}/policies/feed.atom{query}", expect=200)
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    return xml.fromstring(answer.data)


def texts(parent: xml.Element, name: str) -> list[str]:
    return [one.text or "" for one in parent.findall(ATOM + name)]


def links(parent: xml.Element, rel: str) -> list[dict[str, str]]:
    return [one.attrib for one in parent.findall(f"{ATOM}link") if one.get("rel", "alternate") == rel]


def check_required(feed: xml.Element) -> None:
    """What RFC 4287 demands of a feed (section 4.1.1) and of an entry (4.1.2), and of what is in them."""
    assert feed.tag == f"{ATOM}feed"
    for element in (feed, *feed.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            (text,) = texts(element, name)
            assert text.strip()
        assert datetime.fromisoformat(texts(element, "updated")[0]).tzinfo is not None  # RFC 3339, 3.3
        assert element.find(f"{ATOM}author/{ATOM}name") is not None
        for one in element.findall(f"{ATOM}link"):
            assert one.attrib["href"].startswith("http")
        alternates = [(one.get("type"), one.get("hreflang")) for one in links(element, "alternate")]
        assert len(alternates) == len(set(alternates)) == 1
        assert len(element.findall(f"{ATOM}summary")) <= 1
        assert all(one.get("term") for one in element.findall(f"{ATOM}category"))
    assert len(links(feed, "self")) == 1
    ids = texts(feed, "id") + [texts(entry, "id")[0] for entry in feed.findall(f"{ATOM}entry")]
    assert len(ids) == len(set(ids))
    assert all("://" in one or one.startswith("urn:") for one in ids)  # 4.2.6: an IRI
    extra = {one.tag for one in feed} - {
        ATOM + name for name in ("id", "title", "updated", "author", "link", "generator", "entry", "category")
    }
    assert extra == set()


def test_an_empty_library_has_a_valid_feed(world: World) -> None:
    feed = read(world)
    check_required(feed)
    assert feed.findall(f"{ATOM}entry") == []


def test_the_feed_tells_of_what_is_published_in_two_languages(world: World) -> None:
    one = drafted(world)
    kept = upload(world, one, PDF)
    drafted(world, "二")
    world.post(f"/policies/{one}/publication", expect=200)
    for language, tag, title in (("zh", "zh-CN", body()["title_zh"]), ("en", "en", body()["title_en"])):
        feed = read(world, f"?lang={language}")
        check_required(feed)
        assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == tag
        (entry,) = feed.findall(f"{ATOM}entry")
        assert (texts(entry, "id"), texts(entry, "title")) == ([f"urn:uuid:{one}"], [title])
        assert "教职成〔2019〕6号" in texts(entry, "summary")[0]
        (file,) = links(entry, "enclosure")
        assert file["href"].endswith(f"/registry/v1/policies/{one}/attachments/{kept['id']}")
        assert (file["type"], file["length"]) == ("application/pdf", str(len(PDF)))
    assert xml.tostring(read(world)) == xml.tostring(read(world, "?lang=zh"))
    world.registry.call("GET", f"{API}/policies/feed.atom?lang=fr", expect=422)


def test_what_changed_last_comes_first_and_what_was_withdrawn_is_gone(world: World) -> None:
    with time_machine.travel("2026-03-01T00:00:00Z", tick=False) as now:
        first = published(world, "一")
        now.shift(60)
        second = published(world, "二")
        assert [texts(one, "id")[0][9:] for one in read(world).findall(f"{ATOM}entry")] == [second, first]
        now.shift(60)
        world.post(f"/policies/{first}/supersession", {"superseded_by_id": second}, expect=200)
        feed = read(world)
        assert [texts(one, "id")[0][9:] for one in feed.findall(f"{ATOM}entry")] == [first, second]
        newest = feed.findall(f"{ATOM}entry")[0]
        assert texts(feed, "updated") == texts(newest, "updated") == ["2026-03-01T00:02:00Z"]
        assert texts(newest, "published") == ["2026-03-01T00:00:00Z"]
        assert [one.get("term") for one in newest.findall(f"{ATOM}category")] == ["plan", "superseded"]
        assert links(newest, "related")[0]["href"].endswith(second)
        world.post(f"/policies/{first}/withdrawal", {"reason": "x"}, expect=200)
        assert [texts(one, "id")[0][9:] for one in read(world).findall(f"{ATOM}entry")] == [second]


def test_no_text_breaks_the_feed(world: World) -> None:
    published(
        world, "<一>&\ufffe\uffff", title_zh='"</title><script>x</script>\ufffe', summary_zh="a\uffffb", contact=""
    )
    feed = read(world)
    check_required(feed)
    assert texts(feed.findall(f"{ATOM}entry")[0], "title") == ['"</title><script>x</script>']
    assert "ab" in texts(feed.findall(f"{ATOM}entry")[0], "summary")[0]


def test_a_reader_that_has_the_feed_is_told_so(world: World) -> None:
    published(world)
    path = f"{API}/policies/feed.atom"
    answer = world.registry.call("GET", path, expect=200)
    world.registry.call("GET", path, headers={"If-None-Match": answer.headers["ETag"]}, expect=304)
    published(world, "二")
    world.registry.call("GET", path, headers={"If-None-Match": answer.headers["ETag"]}, expect=200)


@pytest.fixture
def get(world: World) -> Get:
    """The pages, as a browser without a token gets them."""
    app = create_app("registry", Runtime.of(world.registry.settings, AccessKey), [api.blp], pages=[pages.blp])

    def call(path: str = "", expect: int = 200, **options: Any) -> TestResponse:
        answer = Client(app, Response).get(f"/registry/policies{path}", **options)
        assert answer.status_code == expect
        return answer

    return call


def test_the_pages_show_the_library_in_both_languages(world: World, get: Get) -> None:
    assert "没有相符的文件" in get().text
    one = drafted(world, address="http://www.moe.gov.cn/srcsite/A07/x.html", contact="欧阳娜娜")
    kept = upload(world, one, PDF)
    assert body()["title_en"] not in get().text
    get(f"/{one}", 404)
    world.post(f"/policies/{one}/publication", expect=200)
    for page in (get(), get(f"/{one}")):
        for shown in (body()["title_zh"], body()["title_en"], "教职成〔2019〕6号", "教育部等四部门", "2019-04-04"):
            assert shown.replace("“", "“") in page.text
        assert "欧阳" not in page.text
        assert "<script" not in page.text
        assert "Set-Cookie" not in page.headers
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        assert 'lang="zh-CN"' in page.text
        assert 'lang="en"' in page.text
        assert 'type="application/atom+xml"' in page.text
    single = get(f"/{one}").text
    for shown in (f"/registry/v1/policies/{one}/attachments/{kept['id']}", kept["sha256"], "010-66092162"):
        assert shown in single
    assert 'href="http://www.moe.gov.cn/srcsite/A07/x.html"' in single


def test_the_page_searches_and_pages(world: World, get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "ROWS", 2)
    for number in range(3):
        published(world, f"教〔{number}〕", title_en=f"Plan {number}", issued_on=f"2019-04-0{number + 1}")
    first = get("?title=plan").text
    assert ("Plan 2" in first, "Plan 1" in first, "Plan 0" in first) == (True, True, False)
    following = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = get(following.removeprefix("/registry/policies")).text
    assert ("Plan 2" in second, "Plan 0" in second) == (False, True)
    assert "Plan 1" in get("?number=教〔1").text
    assert "没有相符的文件" in get("?kind=notice").text
    for wrong in ("?kind=rumour", "?cursor=x", "?title=" + "x" * 201):
        assert "查找条件有误" in get(wrong, 422).text
    assert "没有相符的文件" in get("?title=%00zzz").text


def test_the_page_escapes_what_people_wrote(world: World, get: Get) -> None:
    one = published(world, title_zh="<script>alert(1)</script>", summary_en="<img src=x onerror=alert(1)>")
    for page in (get(), get(f"/{one}")):
        assert "<script>" not in page.text
        assert "<img src=x" not in page.text
    assert "&lt;script&gt;" in get().text
    assert 'value="&#34;&gt;' in get('?title=">').text


def test_a_superseded_policy_leads_to_its_successor_and_a_withdrawn_one_is_gone(world: World, get: Get) -> None:
    old, new = published(world, "一"), published(world, "二")
    world.post(f"/policies/{old}/supersession", {"superseded_by_id": new}, expect=200)
    page = get(f"/{old}").text
    assert "已被" in page
    assert f"/registry/policies/{new}" in page
    assert "已被替代" in get().text
    world.post(f"/policies/{new}/withdrawal", {"reason": "x"}, Role.MINISTRY, 200)
    assert "没有该文件" in get(f"/{new}", 404).text
