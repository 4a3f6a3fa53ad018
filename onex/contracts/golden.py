"""Golden samples: one whole message of every contract, committed once and never edited.

They are what other people's systems may hold already. A contract that no longer reads its sample is broken.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from onex.contracts.event import Event

SAMPLES_FOLDER = Path(__file__).parent / "samples"


@dataclass(frozen=True)
class Golden:
    """A message as it travels: its AMQP headers and its JSON body."""

    name: str
    headers: dict[str, Any]
    body: dict[str, Any]

    @property
    def body_bytes(self) -> bytes:
        return orjson.dumps(self.body)


def samples_of(contract: type[Event]) -> list[Golden]:
    """The contract's samples, `<type>.json` first, then `<type>.<what it shows>.json`."""
    files = [SAMPLES_FOLDER / f"{contract.type()}.json", *sorted(SAMPLES_FOLDER.glob(f"{contract.type()}.*.json"))]
    read = ((file.stem, orjson.loads(file.read_bytes())) for file in files if file.exists())
    return [Golden(name, raw["headers"], raw["body"]) for name, raw in read]
