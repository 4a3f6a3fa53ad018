"""What is typeset: one page, every character of it drawn, the same again."""

import threading
from dataclasses import replace

import eventlet
import pylopdf_fonts_jp
import pylopdf_fonts_zh_cn
import pytest
from eventlet import tpool

from onex.chassis.settings import SettingError
from services.certificates.documents import press as press_module
from services.certificates.documents.errors import NotDrawable, PressBusy
from services.certificates.documents.face import Attached, Face, qr_svg
from services.certificates.documents.press import Press, Pressroom
from services.certificates.inquiry.wording import STATES
from tests.certificates.documents.reading import Reader, code_in, opened

SCANNED = "https://onex.example/certificates/inquiry/26004200000000000000?t=abcdefghijklmnop"
FACE = Face(
    name="张三",
    type_zh="Web前端开发",
    type_en="Web Front-end Development",
    level_zh="中级",
    level_en="Intermediate",
    standard="2.0",
    teo_zh="某某教育科技有限公司",
    teo_en="Moumou Education Technology Co., Ltd.",
    college_zh="某某职业技术学院",
    college_en="Moumou Vocational College",
    issued={"year": 2026, "month": 3, "day": 2},
    issued_zh="2026年3月2日",
    issued_en="2 March 2026",
    number="2600-4200-0000-0000-0000",
    foreign_number=None,
    address="https://onex.example/certificates/inquiry/26004200000000000000",
    qr=qr_svg(SCANNED),
    mark=None,
)
ATTACHED = {"c.vc.json": Attached('{"a": "凭证"}', "application/vc", "credential", "source")}
LONG = {
    "name": "阿卜杜热合曼·买买提艾力·" * 16 + "Abdulrahm",
    "type_zh": "智能新能源汽车动力与驱动系统综合应用技术" * 3,
    "type_en": "Intelligent new-energy vehicle power and drive systems, integrated application " * 3,
    "teo_zh": "北京某某某某国际教育科技集团股份有限公司职业技能评价中心" * 2,
    "teo_en": "Beijing Moumou International Education Technology Group Vocational Skill Assessment Centre " * 2,
    "college_zh": "新疆生产建设兵团某某某某现代农业与机电工程职业技术学院" * 2,
    "college_en": "Moumou Vocational and Technical College of Modern Agriculture and Engineering of Xinjiang " * 2,
    "foreign_number": "2019-0042-" * 8,
}


@pytest.fixture(scope="module")
def press() -> Press:
    return Press()


def mark(state: str) -> dict[str, str]:
    said = STATES[state]
    return {"zh": said.zh, "en": said.en, "meaning_zh": said.meaning_zh, "meaning_en": said.meaning_en}


def test_a_certificate_is_one_a4_page_with_every_font_in_it(press: Press) -> None:
    pdf = Reader(press.pdf(FACE, ATTACHED))
    assert len(pdf.document) == 1
    assert pdf.size_mm == (297, 210)
    fonts = pdf.fonts()
    assert any("NotoSerifSC" in name for name in fonts)
    assert all(fonts.values()), fonts
    assert all("+" in name for name in fonts)  # a subset: ABCDEF+NotoSerifSC
    assert len(pdf.content) < 150_000


def test_it_says_what_is_certified_in_chinese_and_english(press: Press) -> None:
    said = Reader(press.pdf(FACE, ATTACHED)).text
    for text in (
        "职业技能等级证书", "VOCATIONAL SKILL LEVEL CERTIFICATE", "张三", "Web前端开发", "Web Front-end Development", "中级",
        "Intermediate", "2.0", FACE.teo_zh, FACE.teo_en,
        FACE.college_zh, FACE.college_en, FACE.issued_zh, FACE.issued_en, FACE.number, FACE.address,
    ):  # fmt: skip
        assert text in said, text
    assert "t=abcdefghijklmnop" not in said


def test_it_is_a_pdf_for_archives_and_for_screen_readers(press: Press) -> None:
    pdf = press.pdf(FACE, ATTACHED)
    for claim in (b"<pdfaid:part>3<", b"<pdfaid:conformance>A<", b"<pdfuaid:part>1<", b"/AFRelationship/Source"):
        assert claim in pdf.replace(b" ", b""), claim
    metadata = Reader(pdf).document.get_metadata_dict()
    assert FACE.number in metadata["Title"]
    assert metadata["Author"] == FACE.teo_zh
    assert metadata["CreationDate"].startswith("D:20260302")
    assert FACE.name not in "".join(metadata.values())  # a file manager shows no name that the page does not


def test_the_same_certificate_is_the_same_file(press: Press) -> None:
    first = press.pdf(FACE, ATTACHED)
    assert press.pdf(replace(FACE, name="李四"), ATTACHED) != first
    assert press.pdf(FACE, ATTACHED) == first
    assert Press().pdf(FACE, ATTACHED) == first
    assert press.png(FACE, "card") == press.png(FACE, "card")


def test_what_is_attached_comes_out_as_it_went_in(press: Press) -> None:
    text = '{"名": "\\u0000 \\r\\n", "x": "𠮷\u200b"}\r\n'
    attached = ATTACHED | {"26.tlog-proof": Attached(text, "text/plain", "proof", "supplement")}
    found = Reader(press.pdf(FACE, attached)).attached()
    assert found == {name: one.text.encode() for name, one in attached.items()}


@pytest.mark.parametrize("name", ["㛃䶮", "山𠮷", "𬭎", "𰻝", "阿卜杜·热合曼", "Šárka Müller", "Өұғқ Жан", "欧阳娜娜"])
def test_rare_characters_and_other_scripts_are_drawn(press: Press, name: str) -> None:
    pdf = Reader(press.pdf(replace(FACE, name=name), ATTACHED))
    assert name in pdf.text
    assert all(pdf.fonts().values())
    assert press.png(replace(FACE, name=name), "card") != press.png(replace(FACE, name="张三"), "card")


@pytest.mark.parametrize("lacking", ["\U0002a6d6", "\ue863", "ᠮ"])
@pytest.mark.parametrize("field", ["name", "teo_zh"])
def test_what_no_font_can_draw_is_refused_and_never_a_box(press: Press, lacking: str, field: str) -> None:
    shown = replace(FACE, **{field: f"王{lacking}"})  # type: ignore[arg-type]
    for work in (
        lambda: press.pdf(shown, ATTACHED),
        lambda: press.png(shown, "card"),
        lambda: press.png(shown, "page"),
    ):
        with pytest.raises(NotDrawable) as refusal:
            work()
        assert refusal.value.facts["characters"] == [f"U+{ord(lacking):04X}"]
        assert "王" not in str(refusal.value.problem())
    assert press.pdf(FACE, ATTACHED)  # and the press goes on


def test_operators_can_add_fonts_for_what_ours_lack(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press_module, "PACKAGES", (pylopdf_fonts_zh_cn,))
    rare = replace(FACE, name="山𠮷")
    with pytest.raises(NotDrawable):
        Press().pdf(rare, ATTACHED)
    monkeypatch.setenv("ONEX_DOCUMENT_FONTS", str(pylopdf_fonts_jp.serif_path().parent))
    assert "山𠮷" in Reader(Press().pdf(rare, ATTACHED)).text


def test_a_folder_with_more_fonts_that_is_not_there_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONEX_DOCUMENT_FONTS", "/nowhere/at/all")
    with pytest.raises(SettingError, match="ONEX_DOCUMENT_FONTS"):
        Press()


@pytest.mark.parametrize(
    "name", ['#read("card.typ")', "*张* _三_ $x$ @y <z>", "\\u{41}", "= 张三", "// 张三", '"); #panic("']
)
def test_a_name_is_text_whatever_is_in_it(press: Press, name: str) -> None:
    assert name.replace(" ", "") in Reader(press.pdf(replace(FACE, name=name), ATTACHED)).text.replace(" ", "")


@pytest.mark.parametrize("state", [None, "revoked"])
def test_however_long_the_names_are_everything_is_on_the_page(press: Press, state: str | None) -> None:
    shown = replace(FACE, **LONG, mark=mark(state) if state else None)  # type: ignore[arg-type]
    pdf = Reader(press.pdf(shown, ATTACHED))
    assert len(pdf.document) == 1
    width, height = pdf.page.get_size()
    edge = 12 * 72 / 25.4  # the border
    for left, bottom, right, top in pdf.bounds():
        assert left >= edge
        assert bottom >= edge
        assert right <= width - edge
        assert top <= height - edge
    # The rows below grow upwards, and what stands above them ends before they begin.
    assert pdf.height("证书名称")[1] < pdf.height("intermediate level")[0]
    said = pdf.text.replace(" ", "")
    for text in LONG.values():
        assert text.replace(" ", "") in said, text
    assert opened(press.png(shown, "card")).size == (1200, 630)


@pytest.mark.parametrize("field", ["name", "type_zh", "type_en", "teo_zh", "teo_en", "college_zh", "college_en"])
@pytest.mark.parametrize("length", [340, 380])
def test_however_one_text_is_long_nothing_is_set_on_another(press: Press, field: str, length: int) -> None:
    """Around the length from which on the page is measured."""
    texts = ("name", "type_zh", "type_en", "teo_zh", "teo_en", "college_zh", "college_en")
    short = dict.fromkeys(texts, "某某") | {"foreign_number": "2019-0042-000123"}
    letters = "Moumou " * ((length - 36) // 7) if field.endswith("en") else "某" * ((length - 36) // 3)
    pdf = Reader(press.pdf(replace(FACE, **short | {field: letters}), ATTACHED))  # type: ignore[arg-type]
    assert pdf.height("证书名称")[1] < pdf.height("intermediate level")[0]


def test_who_studied_nowhere_has_no_line_for_it(press: Press) -> None:
    for college_zh, college_en, lines in (("", "", 0), ("某某职业技术学院", "", 1)):
        shown = replace(FACE, college_zh=college_zh, college_en=college_en)
        assert Reader(press.pdf(shown, ATTACHED)).text.count("就读院校") == lines


@pytest.mark.parametrize("state", ["suspended", "revoked", "replaced"])
def test_what_is_not_valid_says_so_across_the_page(press: Press, state: str) -> None:
    shown = replace(FACE, mark=mark(state))
    said = Reader(press.pdf(shown, ATTACHED)).text
    for text in (STATES[state].zh, STATES[state].en.upper(), STATES[state].meaning_zh):
        assert text in said
    assert press.png(shown, "card") != press.png(FACE, "card")


def test_the_code_leads_to_the_inquiry_from_page_and_pictures(press: Press) -> None:
    for shown in (FACE, replace(FACE, mark=mark("revoked"))):
        assert code_in(Reader(press.pdf(shown, ATTACHED)).picture()) == SCANNED
        assert code_in(opened(press.png(shown, "page"))) == SCANNED
        assert code_in(opened(press.png(shown, "card"))) == SCANNED


def test_pictures_have_the_size_that_they_are_shown_in(press: Press) -> None:
    assert opened(press.png(FACE, "card")).size == (1200, 630)
    width, height = opened(press.png(FACE, "page")).size
    assert (width, height) == (1754, 1240)


def test_a_worker_goes_on_while_a_document_is_made(press: Press) -> None:
    turns = 0

    def hub() -> None:
        nonlocal turns
        while True:
            turns += 1
            eventlet.sleep(0)

    others = eventlet.spawn(hub)
    made = []
    for one in (replace(FACE, name=f"第{at}人") for at in range(5)):
        before = turns
        made.append(tpool.execute(press.pdf, one, ATTACHED))
        assert turns - before > 5  # with the hub held up it would be one or two
    others.kill()
    assert [Reader(pdf).attached() for pdf in made] == [{"c.vc.json": ATTACHED["c.vc.json"].text.encode()}] * 5


def test_no_more_documents_are_made_at_once_than_there_are_presses() -> None:
    room = Pressroom(presses=1)
    in_hand, done = threading.Event(), threading.Event()
    made: list[bytes] = []

    def slow(press: Press) -> bytes:
        in_hand.set()
        assert done.wait(60)
        return press.pdf(FACE, ATTACHED)

    first = threading.Thread(target=lambda: made.append(room.make(slow)))
    first.start()
    assert in_hand.wait(60)
    with pytest.raises(PressBusy):
        room.make(lambda press: press.pdf(FACE, ATTACHED), patience_s=0.01)
    done.set()
    first.join()
    assert made == [room.make(lambda press: press.pdf(FACE, ATTACHED))]


def test_a_press_comes_back_whatever_became_of_its_work() -> None:
    room = Pressroom(presses=1)
    for _ in range(3):
        with pytest.raises(NotDrawable):
            room.make(lambda press: press.pdf(replace(FACE, name="\ue863"), ATTACHED))
    assert room.make(lambda press: press.pdf(FACE, ATTACHED), patience_s=0.01)
