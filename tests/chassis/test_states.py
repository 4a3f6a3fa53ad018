"""Every pair of state and verb either moves as the table says, or is refused by the state's name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onex.chassis.problems import Refusal
from onex.chassis.states import Machine, Step

SITE = Machine(
    "site",
    "OP-23",
    {
        "settle": ("declared", "settled"),
        "file": ("settled", "filed"),
        "withdraw": (("declared", "settled"), "withdrawn"),
        "confirm": ("filed", "filed"),
    },
)
names = st.text("abcdefg_", min_size=1, max_size=8).filter(lambda name: name.strip("_") == name)
machines = st.dictionaries(
    names,
    st.tuples(st.one_of(names, st.lists(names, min_size=1, max_size=3).map(tuple)), names),
    min_size=1,
    max_size=6,
)


@given(machines, names)
def test_every_pair_moves_as_the_table_says_or_is_refused_with_the_code_that_names_the_state(
    moves: dict[str, Step], noun: str
) -> None:
    machine = Machine(noun, "OP-01", moves)
    for state in machine.states:
        for verb, (start, end) in moves.items():
            starts = (start,) if isinstance(start, str) else start
            assert machine.may(state, verb) == (state in starts)
            if state in starts:
                assert machine.after(state, verb) == end
                continue
            with pytest.raises(Refusal) as refused:
                machine.after(state, verb)
            problem = refused.value.problem()
            assert refused.type is machine.refusals[state]
            assert (problem["status"], problem["code"], problem["clause"]) == (409, f"{noun}_is_{state}", "OP-01")
            assert (problem["state"], problem["verb"]) == (state, verb)


def test_the_states_stand_in_the_order_of_the_table() -> None:
    assert SITE.states == ("declared", "settled", "filed", "withdrawn")


def test_a_step_may_lead_back_to_where_it_began() -> None:
    assert SITE.after("filed", "confirm") == "filed"


@pytest.mark.parametrize(("state", "verb"), [("declared", "fly"), ("lost", "settle"), ("", "file"), ("filed", "")])
def test_a_verb_or_state_that_nobody_made_is_a_mistake_of_the_program(state: str, verb: str) -> None:
    for ask in (SITE.after, SITE.may):
        with pytest.raises(LookupError):
            ask(state, verb)


def test_words_of_several_parts_make_one_code() -> None:
    machine = Machine("exit case", "OP-41", {"verify": ("under_investigation", "verified")})
    with pytest.raises(Refusal) as refused:
        machine.after("verified", "verify")
    assert refused.value.code == "exit_case_is_verified"
    assert refused.value.detail == "The exit case is verified; it becomes verified only when it is under investigation."
    assert refused.type.__name__ == "ExitCaseIsVerified"


def test_a_code_that_clients_know_is_kept() -> None:
    machine = Machine("site", None, {"file": ("settled", "filed")}, codes={"filed": "site_filed_already"})
    assert machine.refusals["filed"].code == "site_filed_already"
    assert "clause" not in machine.refusals["filed"]().problem()
    with pytest.raises(ValueError, match="lost"):
        Machine("site", None, {"file": ("settled", "filed")}, codes={"lost": "x"})
