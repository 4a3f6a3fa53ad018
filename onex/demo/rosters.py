"""Rosters of invented candidates, as schools send them, with mistakes put in on purpose and counted.

Everything comes from a seed, so that a test, a demo and a benchmark meet the same file again.
`python -m onex.demo.rosters examples/rosters` writes the sample files.
"""

from __future__ import annotations

import csv
import io
import random
import re
import sys
import zipfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import openpyxl
from stdnum.cn import ric

# Counties and districts of GB/T 2260 whose codes have not changed since before 1998.
# fmt: off
DIVISIONS = (
    "110101", "110105", "110106", "110108", "120101", "120103", "130102", "130203", "140105", "150102", "210102",
    "210202", "220102", "230102", "310101", "310104", "310105", "310109", "320102", "320106", "330102", "330106",
    "340102", "340104", "350102", "350203", "360102", "360111", "370102", "370202", "410102", "410105", "420102",
    "420106", "430102", "430104", "440103", "440106", "440303", "440305", "450103", "500103", "500105", "510104",
    "510107", "520102", "530102", "540102", "610102", "610113", "620102", "630102", "650102", "650103", "653101",
)
# fmt: on
FIRST_BIRTH, LAST_BIRTH = date(1998, 1, 1), date(2008, 12, 31)

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余"
    "于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金贾夏韦付方邹熊白孟秦邱侯江尹薛闫段雷"
    "龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常"
)
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅建国志文斌宇浩然子轩雨欣"
    "怡诗涵梓晨俊豪佳琪思远嘉宁可心一诺博海燕鹏飞婷雪晓东春生慧颖丹凤立新天成乐瑶"
)
DOUBLE_SURNAMES = ("欧阳", "司马", "上官", "诸葛", "皇甫")
MINORITY_NAMES = (
    ("阿卜杜拉", "买买提", "艾力", "古丽娜尔", "阿依古丽", "吐尔逊", "玉素甫", "热依汗"),
    ("阿布都热西提", "吾买尔", "依明", "肉孜", "托合提", "买合木提", "艾合买提", "卡德尔"),
)
LATIN_NAMES = (
    ("Maria", "João", "Mary-Jane", "Nguyen", "Li", "Fátima", "Hélène", "Anna"),
    ("da Silva", "O'Brien", "Van Anh", "Wei", "García", "Müller", "Kowalska", "Rosa"),
)

HEADINGS = ("证件类型", "证件号码", "姓名", "考生类别", "院校代码", "证书编码", "级别", "考点代码")
STUDENT, SOCIAL = "学生", "社会人员"
LEVELS = {"primary": "初级", "intermediate": "中级", "advanced": "高级"}

# What is put in on purpose, under the code by which it comes back. The second and third need to know other rows
# and other data, so the reader of the file lets them pass and the assessment service finds them.
MISTAKES = ("wrong_check_digit", "duplicate", "unknown_college", "empty_name", "not_text")
STRAY_BYTE = b"\xff"  # begins a character in neither UTF-8 nor GB18030
_STRAY_PLACE = "\ue000"


@dataclass(frozen=True)
class Candidate:
    """One row of a roster. `level` is one of LEVELS; `college_code` is empty for a social candidate."""

    document_number: str
    name: str
    college_code: str
    level: str
    site_code: str
    certificate_type: str = ""

    def cells(self) -> tuple[str, ...]:
        """The row in the order of HEADINGS."""
        kind = STUDENT if self.college_code else SOCIAL
        level = LEVELS[self.level]
        number = self.document_number
        return ("居民身份证", number, self.name, kind, self.college_code, self.certificate_type, level, self.site_code)


@dataclass(frozen=True)
class Roster:
    """A file, and what is in it: the candidates of its good rows in order, and how often each mistake occurs."""

    data: bytes
    filename: str
    candidates: tuple[Candidate, ...]
    bad: dict[str, int]

    @property
    def good(self) -> int:
        """How many rows are good."""
        return len(self.candidates)


def make_roster(
    n: int,
    *,
    seed: int,
    colleges: Sequence[str],
    sites: Sequence[str],
    levels: Sequence[str] = ("intermediate",),
    certificate_type: str = "",
    encoding: str = "utf-8",
    form: str = "csv",
    bad_share: float = 0.01,
    social_share: float = 0.05,
) -> Roster:
    """A roster of `n` rows, of which `n * bad_share` (rounded) are bad, each of MISTAKES in turn.

    `colleges`, `sites`: the codes to choose from. `form`: "csv" or "xlsx"; `encoding` is that of a CSV. A stray
    byte is only possible in a CSV that is not UTF-16. The first row is always good. Raises ValueError if `form`
    is another, or all rows would be bad.
    """
    if form not in ("csv", "xlsx"):
        raise ValueError(f"no such form: {form}")
    chance = random.Random(seed)
    bad_count = round(n * bad_share)
    if bad_count and bad_count >= n:
        raise ValueError("at least the first row has to be good")
    mistakes = MISTAKES if form == "csv" and not encoding.startswith("utf-16") else MISTAKES[:-1]
    first = chance.randrange(len(mistakes))  # so that small rosters do not all have the same one
    in_turn = (mistakes[first:] + mistakes[:first]) * (bad_count // len(mistakes) + 1)
    places = dict(zip(chance.sample(range(1, n), bad_count), in_turn, strict=False))
    taken: set[str] = set()
    good: list[Candidate] = []
    rows: list[tuple[str, ...]] = []
    for place in range(n):
        candidate = Candidate(
            _document_number(chance, taken),
            _name(chance),
            "" if chance.random() < social_share else chance.choice(colleges),
            chance.choice(levels),
            chance.choice(sites),
            certificate_type,
        )
        mistake = places.get(place)
        if mistake is None:
            good.append(candidate)
        else:
            candidate = _spoilt(candidate, mistake, chance, good, colleges)
        rows.append(candidate.cells())
    data = _xlsx(rows) if form == "xlsx" else _csv(rows, encoding)
    return Roster(data, f"roster-{seed}.{form}", tuple(good), dict(Counter(places.values())))


def _document_number(chance: random.Random, taken: set[str]) -> str:
    while True:
        born = FIRST_BIRTH + timedelta(days=chance.randrange((LAST_BIRTH - FIRST_BIRTH).days + 1))
        digits = f"{chance.choice(DIVISIONS)}{born:%Y%m%d}{chance.randrange(1, 1000):03}"
        if digits not in taken:
            taken.add(digits)
            return digits + ric.calc_check_digit(digits + "0")


def _name(chance: random.Random) -> str:
    kind = chance.random()
    if kind < 0.04:
        return "·".join(map(chance.choice, MINORITY_NAMES))
    if kind < 0.06:
        return " ".join(map(chance.choice, LATIN_NAMES))
    surname = chance.choice(DOUBLE_SURNAMES) if kind < 0.08 else chance.choice(SURNAMES)
    return surname + "".join(chance.choices(GIVEN, k=chance.choice((1, 2, 2))))


def _spoilt(
    candidate: Candidate, mistake: str, chance: random.Random, earlier: list[Candidate], colleges: Sequence[str]
) -> Candidate:
    if mistake == "wrong_check_digit":
        right = candidate.document_number
        wrong = chance.choice([digit for digit in "0123456789X" if digit != right[-1]])
        return replace(candidate, document_number=right[:-1] + wrong)
    if mistake == "duplicate":
        return chance.choice(earlier)
    if mistake == "unknown_college":
        unknown = (f"{number:05}" for number in range(99999, 0, -1))
        return replace(candidate, college_code=next(code for code in unknown if code not in colleges))
    if mistake == "empty_name":
        return replace(candidate, name="")
    return replace(candidate, name=_STRAY_PLACE + candidate.name)


def _csv(rows: list[tuple[str, ...]], encoding: str) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    writer.writerows(rows)
    # One character that occurs nowhere else marks where the stray bytes go.
    return STRAY_BYTE.join(_encoded(text.getvalue(), encoding))


def _encoded(text: str, encoding: str) -> list[bytes]:
    first, *others = text.split(_STRAY_PLACE)
    return [first.encode(encoding), *(part.encode(encoding.replace("-sig", "")) for part in others)]


def _xlsx(rows: list[tuple[str, ...]]) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    worksheet = book.create_sheet("考生名册")
    worksheet.append(HEADINGS)
    for row in rows:
        worksheet.append(row)
    raw = io.BytesIO()
    book.save(raw)
    return _without_times(raw)


def _without_times(raw: io.BytesIO) -> bytes:
    """The same workbook without the time of its making, so that a seed gives the same bytes tomorrow."""
    settled = io.BytesIO()
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(settled, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2019-04-04T00:00:00Z", content)
            target.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return settled.getvalue()


def _sample(seed: int, *, bad_share: float, encoding: str = "utf-8", form: str = "csv") -> Roster:
    return make_roster(
        20,
        seed=seed,
        colleges=("12345", "10866", "13743"),
        sites=("GD-0001", "GD-0002"),
        levels=tuple(LEVELS),
        encoding=encoding,
        form=form,
        bad_share=bad_share,
    )


def write_samples(folder: Path) -> list[Path]:
    """Write the sample files of 20 rows into `folder` and return their paths."""
    samples = {
        "good-utf8.csv": _sample(1, bad_share=0),
        "good-gb18030.csv": _sample(2, bad_share=0, encoding="gb18030"),
        "good.xlsx": _sample(3, bad_share=0, form="xlsx"),
        "mistakes.csv": _sample(4, bad_share=0.25),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, roster in samples.items():
        (folder / name).write_bytes(roster.data)
    return [folder / name for name in samples]


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m onex.demo.rosters FOLDER")
    for written in write_samples(Path(sys.argv[1])):
        print(written)
