"""One number replays a run: ONEX_FAULT_SEED, printed by every test that draws its faults."""

import os
import random


def chosen() -> int:
    """The seed of this run: the one that is given, else a new one. Printed, so that a failure shows it."""
    seed = int(os.environ.get("ONEX_FAULT_SEED") or random.SystemRandom().randrange(10**9))
    print(f"ONEX_FAULT_SEED={seed}")
    return seed
