"""Administrative divisions: GB/T 2260 as `python-stdnum` carries it, and the 32 jurisdictions of the pilot.

The table is stdnum's `cn/loc`, taken from the Chinese Wikipedia's lists of GB/T 2260; entries say from and to which year
a name was in force, as in `[1983-]玄武区` or `[-2010]崇文区`.
"""

import functools
import re
from dataclasses import dataclass
from datetime import date

from stdnum import numdb

CORPS = "66"
XINJIANG = "65"

# OP-01: 31 provinces, autonomous regions and municipalities, and the Corps. GB/T 2260 has no division for the Corps; 66
# is the code under which education statistics count it. Its towns have divisions of Xinjiang (659001 and on).
PROVINCES = {
    "11": "北京市", "12": "天津市", "13": "河北省", "14": "山西省", "15": "内蒙古自治区", "21": "辽宁省", "22": "吉林省",
    "23": "黑龙江省", "31": "上海市", "32": "江苏省", "33": "浙江省", "34": "安徽省", "35": "福建省", "36": "江西省",
    "37": "山东省", "41": "河南省", "42": "湖北省", "43": "湖南省", "44": "广东省", "45": "广西壮族自治区", "46": "海南省",
    "50": "重庆市", "51": "四川省", "52": "贵州省", "53": "云南省", "54": "西藏自治区", "61": "陕西省", "62": "甘肃省",
    "63": "青海省", "64": "宁夏回族自治区", "65": "新疆维吾尔自治区", CORPS: "新疆生产建设兵团",
}  # fmt: skip

_SIX_DIGITS = re.compile("[0-9]{6}")
# Wherever the source names years; `[1986-1989]义马市,[1997-]济源市` is one code that stood for two places.
_NAMED = re.compile(r"^(?:\[(\d*)-(\d*)\])?(.+)$")


@dataclass(frozen=True)
class Named:
    """A name that a code stood for. The source knows years, not days: both years are taken as whole ones."""

    name: str
    from_year: int | None
    to_year: int | None

    def in_force(self, year: int) -> bool:
        """Whether the code stood for it in the year. In the year in which it ended it is over: the new code is in use."""
        return (self.from_year is None or self.from_year <= year) and (self.to_year is None or year < self.to_year)


@functools.lru_cache(maxsize=8192)
def names(division_code: str) -> tuple[Named, ...]:
    """What these six digits stand or stood for in GB/T 2260, none for digits it never had; 660000 stands for the Corps."""
    if division_code == CORPS + "0000":
        return (Named(PROVINCES[CORPS], None, None),)
    if not _SIX_DIGITS.fullmatch(division_code):
        return ()
    entries = [info["county"] for _, info in numdb.get("cn/loc").info(division_code) if "county" in info]
    return tuple(_named(one) for entry in entries for one in entry.split(","))


def in_force(division_code: str, on: date | None = None) -> bool:
    """Whether these six digits are a division of GB/T 2260 on a day; without one, whether no year ends it."""
    if on is None:
        return any(one.to_year is None for one in names(division_code))
    return any(one.in_force(on.year) for one in names(division_code))


def lies_in(division_code: str, province_code: str) -> bool:
    """Whether a division belongs to a province's territory (OP-01); the Corps has towns all over Xinjiang."""
    own = (CORPS, XINJIANG) if province_code == CORPS else (province_code,)
    return division_code[:2] in own


def _named(entry: str) -> Named:
    found = _NAMED.match(entry)
    assert found is not None  # the pattern takes any text that is not empty
    first, last, name = found.groups()
    return Named(name, int(first) if first else None, int(last) if last else None)
