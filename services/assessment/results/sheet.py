"""The results file: a registration number and one column a component of the plan."""

from collections.abc import Mapping, Sequence
from typing import Any

from onex.chassis.bulk import Column, Sheet, checks
from onex.chassis.bulk.sheet import USUAL_EXTRAS

_SCORE = checks.decimal_score(0, 100)
# What the list of registrations has beside the number: a results file is that list with scores put in.
_OF_THE_LIST = ("name", "姓名", "site_code", "考点代码", "college_code", "院校代码")


def score_hundredths(value: str) -> int:
    """A score from 0 to 100 with at most two decimals, in hundredths of a point. Codes as `checks.decimal_score`."""
    return int(_SCORE(value) * 100)


def results_sheet(components: Sequence[Mapping[str, Any]]) -> Sheet:
    """The sheet of a plan with these components; raises ValueError when two columns would have one heading."""
    return Sheet(
        (
            Column("registration_number", ("报名号", "number"), check=checks.text(24), fold=True),
            Column("assessed_on", ("考核日期", "评价日期"), required=False, check=checks.day, fold=True),
            *(
                Column(
                    f"score_{one['code']}",
                    (one["code"], one["name_zh"], one["name_en"]),
                    check=score_hundredths,
                    fold=True,
                )
                for one in components
            ),
        ),
        ignored=USUAL_EXTRAS + _OF_THE_LIST,
    )
