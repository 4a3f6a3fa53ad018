"""The draw onex-draw-1: who is chosen, from a seed, so that anyone with the seed and the lists gets the same (OP-38, PP-28).

Numbers come from HMAC-SHA-256 (RFC 2104) with the seed as its key, over a context that names both lists by their digest:
another list is another draw. Below n, a number is taken only from a range that n divides, so that none is likelier than
another; lists are shuffled by Fisher and Yates' method. docs/inspections.md says it step by step, examples/repeat_draw.py
does it again.
"""

import hashlib
import hmac
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

ALGORITHM = "onex-draw-1"
SEED_BYTES = 32
_NUMBERS = 1 << 64


def commitment_to(seed: bytes) -> str:
    """What is published before the draw: the SHA-256 of the seed, in hexadecimal."""
    return hashlib.sha256(seed).hexdigest()


def digest_of(lines: Iterable[str]) -> str:
    """SHA-256, in hexadecimal, of the lines in ascending order (of their code points), each ended by a line feed."""
    return hashlib.sha256("".join(f"{line}\n" for line in sorted(lines)).encode()).hexdigest()


def context_of(candidates_digest: str, inspectors_digest: str, public_value: str) -> bytes:
    """What the numbers of one draw depend on besides the seed."""
    return "\n".join((ALGORITHM, candidates_digest, inspectors_digest, public_value)).encode()


def numbers(seed: bytes, context: bytes, label: str) -> Iterator[int]:
    """The stream of 64-bit numbers for one purpose: four from each HMAC of context, label and a counter from 0."""
    counter = 0
    while True:
        block = hmac.digest(seed, context + f"\n{label}\n{counter}".encode(), "sha256")
        for at in range(0, len(block), 8):
            yield int.from_bytes(block[at : at + 8], "big")
        counter += 1


def below(n: int, stream: Iterator[int]) -> int:
    """A number from 0 to n - 1, each as likely as another: what lies above the last multiple of n is passed over."""
    limit = _NUMBERS - _NUMBERS % n
    return next(number for number in stream if number < limit) % n


def shuffled(items: Iterable[str], seed: bytes, context: bytes, label: str) -> list[str]:
    """The items, first put in ascending order, shuffled by Fisher and Yates' method from the last to the second."""
    order = sorted(items)
    stream = numbers(seed, context, label)
    for last in range(len(order) - 1, 0, -1):
        chosen = below(last + 1, stream)
        order[last], order[chosen] = order[chosen], order[last]
    return order


@dataclass(frozen=True)
class Visit:
    """An organization that is inspected, and the codes of those who inspect it."""

    organization_id: str
    inspectors: tuple[str, ...]


def draw(
    seed: bytes, context: bytes, candidates: Collection[str], count: int, inspectors: Mapping[str, Collection[str]],
    each: int,
) -> list[Visit]:  # fmt: skip
    """PP-28: who is inspected, and by whom.

    `inspectors` gives for each code the candidates it may not inspect. The first `count` of the shuffled candidates are
    inspected. For each in turn the inspectors who may are shuffled anew; those with the fewest visits so far go first.
    """
    visits: list[Visit] = []
    load = dict.fromkeys(inspectors, 0)
    for place, organization_id in enumerate(shuffled(candidates, seed, context, "organizations")[:count]):
        may = [code for code, recused in inspectors.items() if organization_id not in recused]
        order = shuffled(may, seed, context, f"inspectors {place}")
        chosen = sorted(order, key=lambda code: load[code])[:each]  # sorting keeps the drawn order among equals
        for code in chosen:
            load[code] += 1
        visits.append(Visit(organization_id, tuple(chosen)))
    return visits


def spread(seed: bytes, context: bytes, strata: Mapping[str, Sequence[str]], count: int) -> list[str]:
    """OP-38: up to `count` items, one from each stratum (province) in turn, strata and items in drawn order."""
    order = shuffled(strata, seed, context, "provinces")
    waiting = {stratum: shuffled(strata[stratum], seed, context, f"colleges {stratum}") for stratum in order}
    chosen: list[str] = []
    while len(chosen) < count and any(waiting.values()):
        for stratum in order:
            if waiting[stratum] and len(chosen) < count:
                chosen.append(waiting[stratum].pop(0))
    return chosen
