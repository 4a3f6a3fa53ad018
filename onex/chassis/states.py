"""State machines: a table of verbs, each with the states it starts from and the one it leads to.

A wrong step is refused with a code that names the state the thing is in: `site_is_filed`.
"""

from collections.abc import Mapping
from types import MappingProxyType

from onex.chassis.problems import Refusal

Step = tuple[str | tuple[str, ...], str]


class Machine:
    """The states of one noun, and what leads from one to another.

    `moves` says for each verb from which state, or which of several, to which one. `clause` is the rule it carries out.
    `codes` keeps the code of a state's refusal where clients know another one already.
    """

    def __init__(
        self, noun: str, clause: str | None, moves: Mapping[str, Step], *, codes: Mapping[str, str] | None = None
    ) -> None:
        self.noun, self.clause = noun, clause
        self.moves = MappingProxyType({verb: (_several(start), end) for verb, (start, end) in moves.items()})
        self.states: tuple[str, ...] = tuple(
            dict.fromkeys(state for start, end in self.moves.values() for state in (*start, end))
        )
        codes = codes or {}
        if unknown := set(codes) - set(self.states):
            raise ValueError(f"a {noun} is never {', '.join(sorted(unknown))}")
        self.refusals: Mapping[str, type[Refusal]] = MappingProxyType(
            {state: self._refusal(state, codes.get(state)) for state in self.states}
        )

    def may(self, state: str, verb: str) -> bool:
        """Whether `verb` can be done in `state`. Raises LookupError for a verb or state that the machine does not have."""
        self._known(state, verb)
        return state in self.moves[verb][0]

    def after(self, state: str, verb: str) -> str:
        """The state that `verb` leads to from `state`; raises the refusal that names `state` where it leads nowhere.

        A verb or state that the machine does not have is a mistake in the program: LookupError.
        """
        if not self.may(state, verb):
            noun, said = self.noun.replace("_", " "), state.replace("_", " ")
            start, end = self.moves[verb]
            wanted = " or ".join(one.replace("_", " ") for one in start)
            detail = f"The {noun} is {said}; it becomes {end.replace('_', ' ')} only when it is {wanted}."
            raise self.refusals[state](detail, state=state, verb=verb)
        return self.moves[verb][1]

    def _known(self, state: str, verb: str) -> None:
        if verb not in self.moves:
            raise LookupError(f"nobody can {verb} a {self.noun}")
        if state not in self.states:
            raise LookupError(f"a {self.noun} is never {state}")

    def _refusal(self, state: str, code: str | None) -> type[Refusal]:
        code = code or f"{self.noun}_is_{state}".replace(" ", "_")
        title = f"The {self.noun.replace('_', ' ')} is {state.replace('_', ' ')}"
        name = "".join(part.capitalize() for part in code.split("_"))
        return type(name, (Refusal,), {"status": 409, "code": code, "title": title, "clause": self.clause})


def _several(start: str | tuple[str, ...]) -> tuple[str, ...]:
    return (start,) if isinstance(start, str) else start
