"""What a kept secret costs whoever would guess it."""

import subprocess
import sys

from argon2 import extract_parameters, profiles


def test_a_kept_secret_costs_what_the_standard_recommends() -> None:
    """In a process of its own: in this one hashes are made cheap."""
    program = "from services.registry.identity.hashing import hashed; print(hashed('x'))"
    kept = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip()
    assert kept.startswith("$argon2id$")
    assert extract_parameters(kept) == profiles.RFC_9106_LOW_MEMORY
