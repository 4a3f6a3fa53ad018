"""Which passwords are taken (NIST SP 800-63B section 5.1.1.2): long ones that are not the first to be tried.

No composition rules, no expiry, every character there is; compared and hashed in one normal form (NFKC).
"""

import re
import unicodedata

from services.registry.identity.errors import PasswordTooCommon, PasswordTooShort

SHORTEST, LONGEST = 12, 256

# What those that leaked are made of: alone, repeated, or with digits and signs around them.
_WORDS = """
    1q2w3e 1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx 1qaz2wsx3edc 1qaz2wsx3edc4rfv a1b2c3d4 a1b2c3d4e5f6 abc abcd abcabc
    access admin administrator asdf asdfgh asdfghjk asdfghjkl asdfghjklzxc azerty baseball basketball changeme
    charlie chocolate computer correcthorsebatterystaple default dragon education examination football freedom
    harrypotter hello helloworld iloveyou internet jiaoyu jiaoyuju jiaoyubu kaoshi letmein liverpool login lovely
    loveyou manager manchester manchesterunited master michael michelle microsoft monkey mima mimamima mustang
    onex operator p@ssw0rd p@ssword passw0rd password passwort princess qazwsx qazwsxedc qazwsxedcrfv qq
    qwer qwerasdf qwerasdfzxcv qwert qwertasdfg qwerty qwertyuiop qwertyuiopasdfghjkl registry samsung school secret
    shadow starwars student sunshine superman system teacher test tester thisisapassword trustno1 twitter university
    user welcome welcometochina whatever windows woaini woaiwojia woaizhongguo wodemima xuesheng xuexiao
    zaq12wsx zaq1zaq1 zhangwei zhengshu zhiye zhongguo zxcvbn zxcvbnm
"""
COMMON_WORDS = frozenset(_WORDS.split())
_ROWS = ("abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "01234567890123456789", "09876543210987654321")
_AROUND = re.compile(r"^[^a-z]*|[^a-z]*$")


def normal(password: str) -> str:
    """One form for what keyboards write in several."""
    return unicodedata.normalize("NFKC", password)


def check_password(password: str, username: str) -> None:
    """Raise PasswordTooShort or PasswordTooCommon for a password that may not be chosen by the person of this name."""
    chosen = normal(password)
    if len(chosen) < SHORTEST:
        raise PasswordTooShort(f"A password has at least {SHORTEST} characters; this one has {len(chosen)}.")
    folded = chosen.casefold()
    if _is_common(folded) or _is_little_more_than(folded, username.casefold()):
        raise PasswordTooCommon("Choose one that nobody would think of: a few words that do not belong together.")


def _is_common(password: str) -> bool:
    once = _repeated_part(password)
    return (
        len(set(password)) < 4
        or (len(once) * 2 <= len(password) and len(once) < SHORTEST // 2 + 1)
        or any(once in row or once in row[::-1] for row in _ROWS)
        or any(part in COMMON_WORDS or _repeated_part(part) in COMMON_WORDS for part in (once, _AROUND.sub("", once)))
    )


def _repeated_part(text: str) -> str:
    """The shortest text of which `text` is a repetition, maybe cut off at its end."""
    for length in range(1, len(text)):
        part = text[:length]
        if (part * (len(text) // length + 1))[: len(text)] == text:
            return part if length * 2 <= len(text) else text
    return text


def _is_little_more_than(password: str, username: str) -> bool:
    """Whether fewer than half the letters needed remain without the user's name."""
    return username in password and len(password.replace(username, "")) < SHORTEST // 2
