"""Numbers are written as the engine writes them for whose numbers RFC 8785 was made."""

import math
import random
import struct
from pathlib import Path

from services.certificates.credentials.canonical import canonical
from tests.harness import npm


def test_twenty_thousand_doubles_are_written_as_ecmascript_writes_them(packages: Path) -> None:
    chance = random.Random(8785)
    doubles = [struct.unpack(">d", chance.randbytes(8))[0] for _ in range(10_000)]
    doubles += [chance.choice([-1, 1]) * chance.randrange(1, 10**17) / 10 ** chance.randrange(30) for _ in range(5_000)]
    doubles += [chance.uniform(-1, 1) * 10 ** chance.randrange(-10, 25) for _ in range(5_000)]
    doubles += [math.ldexp(1.0, power) for power in range(-1074, 1024)]
    doubles = [one for one in doubles if math.isfinite(one)]
    bits = "\n".join(struct.pack(">d", one).hex() for one in doubles)
    done = npm.run(packages, "canonicalize.mjs", stdin=bits.encode())
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.decode().split() == [canonical(one).decode() for one in doubles]
