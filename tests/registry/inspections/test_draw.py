"""The draw is fair, depends on everything that was frozen, and does what docs/inspections.md says (PP-28, OP-38)."""

import hashlib
import hmac
from collections import Counter
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.inspections import draw

SEEDS = [hashlib.sha256(f"seed {number}".encode()).digest() for number in range(3_000)]
CONTEXT = draw.context_of("a" * 64, "b" * 64, "")
TEN = [f"college-{number}" for number in range(10)]


def chi_square(counts: Counter[str], cells: int, total: int) -> float:
    expected = total / cells
    return sum((counts[cell] - expected) ** 2 / expected for cell in counts) + (cells - len(counts)) * expected


@pytest.mark.rule("PP-28")
def test_the_numbers_are_hmac_sha256_of_context_label_and_counter() -> None:
    seed = SEEDS[0]
    first = hmac.new(seed, CONTEXT + b"\norganizations\n0", hashlib.sha256).digest()
    second = hmac.new(seed, CONTEXT + b"\norganizations\n1", hashlib.sha256).digest()
    wanted = [int.from_bytes((first + second)[at : at + 8], "big") for at in range(0, 64, 8)]
    assert list(islice(draw.numbers(seed, CONTEXT, "organizations"), 8)) == wanted


@pytest.mark.rule("PP-28")
def test_what_n_does_not_divide_evenly_is_passed_over() -> None:
    top = (1 << 64) - 1
    assert draw.below(3, iter([top, 5])) == 2  # 2^64 = 3 · 6148914691236517205 + 1: the topmost number is one too many
    assert draw.below(3, iter([top - 1])) == (top - 1) % 3
    assert draw.below(1 << 63, iter([top])) == (1 << 63) - 1
    assert draw.below(1, iter([top])) == 0


@pytest.mark.rule("PP-28")
def test_every_candidate_is_as_likely_as_another_at_every_place() -> None:
    orders = [draw.shuffled(TEN, seed, CONTEXT, "organizations") for seed in SEEDS]
    for place in range(10):
        # 9 degrees of freedom: below 27.88 in all but one of a thousand fair draws; these seeds are fixed.
        assert chi_square(Counter(order[place] for order in orders), 10, len(SEEDS)) < 27.88


@pytest.mark.rule("PP-28")
def test_every_order_of_four_is_as_likely_as_another() -> None:
    orders = Counter("".join(draw.shuffled("abcd", seed, CONTEXT, "organizations")) for seed in SEEDS)
    assert len(orders) == 24
    assert chi_square(orders, 24, len(SEEDS)) < 49.73  # 23 degrees of freedom, one in a thousand


@pytest.mark.rule("PP-28")
def test_inspectors_are_as_likely_as_each_other_and_never_inspect_where_they_may_not() -> None:
    inspectors = {f"I-{number}": [TEN[number]] for number in range(6)}
    seen: Counter[str] = Counter()
    for seed in SEEDS[:1_500]:
        for visit in draw.draw(seed, CONTEXT, TEN, 3, inspectors, 2):
            assert len(set(visit.inspectors)) == 2
            assert all(visit.organization_id not in inspectors[code] for code in visit.inspectors)
            seen.update(visit.inspectors)
        # three visits of two each and six inspectors: nobody goes twice unless a recusal makes it so
    assert chi_square(seen, 6, 1_500 * 6) < 20.52  # 5 degrees of freedom, one in a thousand


@pytest.mark.rule("PP-28")
def test_visits_are_shared_out_evenly() -> None:
    inspectors: dict[str, list[str]] = {f"I-{number}": [] for number in range(4)}
    for seed in SEEDS[:50]:
        load = Counter(code for visit in draw.draw(seed, CONTEXT, TEN, 10, inspectors, 2) for code in visit.inspectors)
        assert set(load.values()) == {5}


@pytest.mark.rule("PP-28")
@given(st.binary(min_size=32, max_size=32), st.sets(st.text("abc123-", min_size=1), min_size=2, max_size=20))
def test_a_draw_depends_on_nothing_but_what_was_published(seed: bytes, candidates: set[str]) -> None:
    listed = sorted(candidates)
    context = draw.context_of(draw.digest_of(listed), draw.digest_of(()), "")
    first = draw.shuffled(listed, seed, context, "organizations")
    assert sorted(first) == listed
    assert draw.shuffled(reversed(listed), seed, context, "organizations") == first
    assert draw.digest_of(reversed(listed)) == draw.digest_of(listed)


@pytest.mark.rule("PP-28")
def test_another_seed_list_public_number_or_label_is_another_draw() -> None:
    many = [f"{number:03}" for number in range(100)]
    base = draw.shuffled(many, SEEDS[0], CONTEXT, "organizations")
    assert draw.shuffled(many, SEEDS[1], CONTEXT, "organizations") != base
    assert draw.shuffled(many, SEEDS[0], draw.context_of("c" * 64, "b" * 64, ""), "organizations") != base
    assert draw.shuffled(many, SEEDS[0], draw.context_of("a" * 64, "b" * 64, "7"), "organizations") != base
    assert draw.shuffled(many, SEEDS[0], CONTEXT, "provinces") != base


@pytest.mark.rule("OP-38")
def test_monitoring_points_are_spread_over_the_provinces() -> None:
    strata = {f"{province}": [f"{province}-{number}" for number in range(size)] for province, size in
              ((11, 50), (12, 1), (13, 3), (31, 40), (32, 2))}  # fmt: skip
    for seed in SEEDS[:200]:
        chosen = draw.spread(seed, CONTEXT, strata, 10)
        counts = Counter(college.split("-")[0] for college in chosen)
        assert len(set(chosen)) == 10
        assert (counts["12"], counts["32"]) == (1, 2)
        assert all(counts[province] >= 2 for province in ("11", "13", "31"))
    firsts = Counter(draw.spread(seed, CONTEXT, strata, 1)[0].split("-")[0] for seed in SEEDS)
    assert chi_square(firsts, 5, len(SEEDS)) < 18.47  # 4 degrees of freedom, one in a thousand


@pytest.mark.rule("OP-38")
def test_where_there_are_fewer_than_asked_for_all_are_points() -> None:
    assert sorted(draw.spread(SEEDS[0], CONTEXT, {"11": ["a", "b"], "12": ["c"]}, 10)) == ["a", "b", "c"]
