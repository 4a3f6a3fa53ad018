"""The holder of a credential, as a salted hash of the name: who knows the name can check it, nobody can read it.

The hash is that of Open Badges 3.0 (IdentityHash): SHA-256 over the name followed by the salt, in UTF-8. It keeps a
name out of sight, not out of reach: whoever has the credential can try the names of a list, and the salt only makes
that work begin anew for each credential. So a credential goes to its holder and to those who already know the name.
"""

import re
import secrets
import unicodedata
from hashlib import sha256
from hmac import compare_digest
from typing import Any

IDENTITY_TYPE = "name"

# Names of several nationalities have a dot between their parts; keyboards and registers have at least these for it.
_DOTS = str.maketrans({"•": "·", "‧": "·", "∙": "·", "⋅": "·", "・": "·", "･": "·", "᛫": "·"})
_SPACES = re.compile(r"\s+")
# Names of these characters alone, which are nearly all, are in that form: nothing of it is altered by any step.
_PLAIN = re.compile(r"[\u4e00-\u9fff]+")
# Forms set two-character names as 张　三: a space beside a Chinese character or a dot is typography, not name.
_SET_SPACE = re.compile(r"(?<=[\u3400-\u9fff\U00020000-\U0003ffff·]) | (?=[\u3400-\u9fff\U00020000-\U0003ffff·])")


def folded(name: str) -> str:
    """`name` in the one form that is hashed and compared: NFKC, white space folded, one kind of dot. Case is kept."""
    if _PLAIN.fullmatch(name):
        return name
    plain = unicodedata.normalize("NFKC", name).translate(_DOTS)
    return _SET_SPACE.sub("", _SPACES.sub(" ", plain).strip())


def new_salt() -> str:
    """128 random bits as 32 hexadecimal digits: one salt a credential, so that equal names do not look alike."""
    return secrets.token_hex(16)


def identity(name: str, salt: str) -> dict[str, Any]:
    """The IdentityObject of Open Badges 3.0 for `name`. Raises ValueError for a name of nothing or an empty salt."""
    if not folded(name) or not salt:
        raise ValueError("a holder has a name and a salt")
    return {
        "type": "IdentityObject",
        "hashed": True,
        "identityHash": _hash(name, salt),
        "identityType": IDENTITY_TYPE,
        "salt": salt,
    }


def holder_matches(credential: dict[str, Any], name: str) -> bool:
    """Whether `credential` was issued to someone called `name`. False for a credential that names nobody this way.

    Says nothing about the proof: verify first.
    """
    subject = credential.get("credentialSubject")
    identifiers = subject.get("identifier") if isinstance(subject, dict) else None
    return isinstance(identifiers, list) and any(_is_of(identifier, name) for identifier in identifiers)


def _is_of(identifier: Any, name: str) -> bool:
    if not isinstance(identifier, dict) or identifier.get("hashed") is not True:
        return False
    if identifier.get("identityType") != IDENTITY_TYPE:
        return False
    salt, expected = identifier.get("salt"), identifier.get("identityHash")
    if not isinstance(salt, str) or not isinstance(expected, str):
        return False
    return compare_digest(_hash(name, salt).encode(), expected.encode("utf-8", "replace"))


def _hash(name: str, salt: str) -> str:
    return "sha256$" + sha256((folded(name) + salt).encode("utf-8", "surrogatepass")).hexdigest()
