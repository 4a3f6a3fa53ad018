"""Keys are Ed25519 Multikeys."""

import pytest

from services.certificates.credentials import base58, keys

# From w3c/vc-di-eddsa: TestVectors/keyPair.json (also in the specification's appendix of test vectors) and
# TestVectors/proof-set-chain/multiKeyPairs.json.
PAIRS = [
    ("z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2", "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq"),
    ("z6MktgKTsu1QhX6QPbyqG6geXdw6FQCZBPq7uQpieWbiQiG7", "z3u2W4YnTstS1nSSBAgZcYSJF43JuZ9uLV6bF38B1Bf8NugW"),
    ("z6MkhWqdDBPojHA7cprTGTt5yHv5yUi1B8cnXn8ReLumkw6E", "z3u2cfp4Q17kMGhNCh348a3yw3cUBiWK6RXRzyJE54sixMFn"),
    ("z6MkmEq87wkHCYnWnNZkigeDMGTN7oUw1upkhzd77KuXERS1", "z3u2Zr3tcDLBDQKGxVa9SRDFNLqNqPWsa8p9rWPvCEH6bADB"),
    ("z6Mkm1S51iPHJvDEkJ9MRtxJmT8Pqo6wHipAFwBAjN83vntT", "z3u2ZTWiFwM17veUR7sXniY66Gf14SqMdpMLy7SW9x4EDdmw"),
]


@pytest.mark.parametrize(("public", "secret"), PAIRS)
def test_the_key_pairs_of_the_specification_are_read_and_written(public: str, secret: str) -> None:
    seed = keys.secret_from(secret)
    assert keys.public_multibase(keys.public_of(seed)) == public
    assert keys.secret_multibase(seed) == secret
    assert keys.public_from(public) == keys.public_of(seed)


def test_new_keys_differ_and_look_as_multikeys_do() -> None:
    made = {keys.new_secret() for _ in range(50)}
    assert len(made) == 50
    for seed in made:
        assert keys.secret_multibase(seed).startswith("z3u2")
        assert keys.public_multibase(keys.public_of(seed)).startswith("z6Mk")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "z",
        PAIRS[0][0][1:],
        PAIRS[0][1],  # a secret where a public key belongs
        "u" + PAIRS[0][0][1:],
        PAIRS[0][0][:-1],
        PAIRS[0][0] + "1",
        PAIRS[0][0][:-1] + "0",
        "z" + base58.encode(bytes.fromhex("ed01") + bytes(31)),
        "z" + base58.encode(bytes.fromhex("e701") + bytes(33)),  # secp256k1
        "z" + "6" * 100_000,
    ],
)
def test_what_is_no_public_key_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(keys.NotAKey) as refusal:
        keys.public_from(text)
    assert len(text) < 2 or text not in str(refusal.value)


def test_a_public_key_is_no_secret() -> None:
    with pytest.raises(keys.NotAKey):
        keys.secret_from(PAIRS[0][0])


@pytest.mark.parametrize("write", [keys.public_multibase, keys.secret_multibase, keys.public_of])
@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_a_key_of_another_length_is_refused(write: object, length: int) -> None:
    with pytest.raises(keys.NotAKey):
        write(bytes(length))  # type: ignore[operator]
