"""The generator of rosters, read back with the reader; and the sample files in `examples/rosters`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from stdnum.cn import ric

from onex.chassis.bulk import Good, Refused, Sheet, read
from onex.demo.rosters import DIVISIONS, make_roster, write_samples

SAMPLES = Path(__file__).parents[3] / "examples" / "rosters"
CODES: Any = {"colleges": ("12345", "10866"), "sites": ("K1", "K2")}


@pytest.mark.parametrize(
    ("form", "encoding"), [("csv", "utf-8"), ("csv", "gb18030"), ("csv", "utf-16"), ("xlsx", "utf-8")]
)
def test_a_roster_has_the_good_and_bad_rows_it_says(roster: Sheet, form: str, encoding: str) -> None:
    made = make_roster(1000, seed=1, form=form, encoding=encoding, **CODES)
    rows = list(read(made.data, roster).rows)
    refused = Counter(row.code for row in rows if isinstance(row, Refused))
    good = [row.values for row in rows if isinstance(row, Good)]
    duplicates = len(good) - len({values.document_number for values in good})
    unknown = sum(values.college_code not in ("", *CODES["colleges"]) for values in good)
    assert {**refused, "duplicate": duplicates, "unknown_college": unknown} == made.bad
    assert made.good + sum(made.bad.values()) == len(rows) == 1000
    assert sum(made.bad.values()) == 10
    written = {candidate.document_number: candidate.name for candidate in made.candidates}
    assert {v.document_number: v.name for v in good if v.college_code in ("", *CODES["colleges"])} == written


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_seed_gives_the_same_bytes_and_another_seed_others(form: str) -> None:
    first, again = (make_roster(50, seed=1, form=form, **CODES).data for _ in range(2))
    assert first == again != make_roster(50, seed=2, form=form, **CODES).data


def test_every_division_is_one_that_stdnum_knows_in_every_year_of_birth() -> None:
    for division in DIVISIONS:
        for year in range(1998, 2009):
            digits = f"{division}{year}0101001"
            ric.validate(digits + ric.calc_check_digit(digits + "0"))


def test_there_are_names_of_minorities_and_in_latin_letters() -> None:
    names = [candidate.name for candidate in make_roster(500, seed=1, **CODES).candidates]
    assert any("·" in name for name in names)
    assert any(name.isascii() for name in names)


def test_the_sample_files_are_what_their_command_writes(tmp_path: Path, roster: Sheet) -> None:
    for written in write_samples(tmp_path):
        kept = SAMPLES / written.name
        if kept.suffix == ".csv":
            assert kept.read_bytes() == written.read_bytes()
        # An XLSX is compressed, and not by every version of zlib to the same bytes.
        assert list(read(kept.read_bytes(), roster).rows) == list(read(written.read_bytes(), roster).rows)
        bad = sum(isinstance(row, Refused) for row in read(kept.read_bytes(), roster).rows)
        assert bad == (3 if kept.stem == "mistakes" else 0)
