"""The floor's issuer: what the product's issuing does to a batch, written for speed and for nothing else."""

import hmac
import os
import re
import uuid
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from hashlib import sha256
from typing import Any

import orjson
import uuid_utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from benchmarks.floor_copy import UUID_NEXT, boolean, columns, day, integer, moment, raw
from benchmarks.floor_credential import Template, status
from benchmarks.peers.work import achievement_of
from onex.chassis import clock
from onex.chassis.pii import Vault, fold, mask_name
from onex.chassis.settings import Settings
from services.certificates.credentials import certificate_credential as credential
from services.certificates.credentials import keys
from services.certificates.credentials.addresses import credential_url, issuer_did
from services.certificates.credentials.holder import folded
from services.certificates.deadlines.clocks import Clocks
from services.certificates.issuing import numbers
from services.certificates.issuing.rules import LEVEL_DIGIT
from services.certificates.log import entries
from services.certificates.standing.positions import position

NAMES = (
    "id, number, result_id, learner_id, name_index, sealed_name, masked_name, certificate_type_id, type_code, level,"
    " standard_version, teo_id, college_id, issued_on, entered_at, entry_due_on, entered_late, credential, published_at,"
    " status_list, status_index, sitting_id"
)
LOGGED = "certificate_id, entry"
_ROW = columns(22) + UUID_NEXT
_LOGGED_ROW = columns(2) + UUID_NEXT
_is_folded = re.compile("[\u4e00-\u9fff]+").fullmatch  # such a name is its own folding in every sense
_PURPOSE = b"certificate name"


class Kind:
    """What certificates of one type have in common that were published in one second, packed and written out."""

    def __init__(
        self,
        kind: dict[str, Any],
        secret: bytes,
        issuer: dict[str, Any],
        url: str,
        published_at: datetime,
        now: datetime,
    ) -> None:
        issued_on = clock.beijing_day(published_at)
        due_on, late = Clocks().judge(issued_on, clock.beijing_day(now))
        teo, own = uuid.UUID(kind["teo_id"]).bytes, uuid.UUID(kind["id"]).bytes
        self.year, self.code, self.level = issued_on.year, kind["code"], LEVEL_DIGIT[kind["level"]]
        texts = (kind["code"], kind["level"], kind["version"])
        self.middle = raw(own) + b"".join(raw(text.encode()) for text in texts) + raw(teo)
        entered_at = moment(now)
        self.late = day(issued_on) + entered_at + day(due_on) + boolean(late)
        did = issuer_did(url, uuid.UUID(kind["teo_id"]))
        self.logged = LoggedIssue(did, now)
        self.template = Template(secret, issuer, achievement_of(kind, url), published_at, now)
        told = {
            "certificate_type_id": kind["id"], "certificate_type_code": kind["code"], "level": kind["level"],
            "standard_version": kind["version"], "teo_id": kind["teo_id"], "issued_on": issued_on.isoformat(),
            "entered_at": now.isoformat(),
        }  # fmt: skip
        self.told = orjson.dumps(told)[1:]


class LoggedIssue:
    """What the log is told of an issue, written out but for the credential's digest. A test holds it equal to the product's."""

    def __init__(self, did: str, now: datetime) -> None:
        mark = "0credential0"
        self._before, self._after = entries.entry("issued", mark, did, now).split(mark.encode())

    def entry(self, credential: bytes) -> bytes:
        return b"".join((self._before, sha256(credential).hexdigest().encode(), self._after))


class Issuing:
    """`make` turns a batch of published passes into packed rows of certificates, and what is said of them and logged."""

    def __init__(self, settings: dict[str, Any]) -> None:
        own = Settings.for_service("certificates")
        self._vault, self._url, self._index_key = Vault.of(own), own.public_url, own.pii_index_key
        key_id = list(own.pii_keys)[-1]
        self._key_id, self._cipher = f"{key_id}:", AESGCM(own.pii_keys[key_id])
        self._kinds: dict[tuple[str, str], Kind] = {}
        self._wanted = {kind["id"]: kind for kind in settings["types"]}
        self._secrets = {teo["id"]: keys.new_secret() for teo in settings["teos"]}
        self._names = {teo["id"]: teo["name"] for teo in settings["teos"]}
        self._base = credential_url(self._url, "").encode()
        self._made_at: datetime | None = None

    def make(
        self, results: list[dict[str, Any]], draw: Callable[[int], Iterator[int]]
    ) -> tuple[list[bytes], list[bytes], list[tuple[bytes, bytes]]]:
        """Rows of `certificate` as NAMES says, of `log_pending` as LOGGED does, and (event id, body) of `certificate_issued`.

        `draw` takes so many numbers from the sequence of places in the status lists.
        """
        now = clock.now()
        # The second in which a credential is signed is written into it, so what is written out is good for a second.
        if self._made_at is None or (now - self._made_at).total_seconds() >= 1:
            self._kinds, self._made_at = {}, now
        passes = [(one, self._kind(one, now)) for one in results if one["passed"]]
        drawn = {
            kind: numbers.draw_many(count, kind.year, kind.code, kind.level)
            for kind, count in Counter(kind for _, kind in passes).items()
        }
        bits = draw(len(passes))
        made = [self._certificate(one, kind, drawn[kind].pop(), next(bits)) for one, kind in passes]
        return [row for row, _, _ in made], [logged for _, logged, _ in made], [event for _, _, event in made]

    def _certificate(
        self, one: dict[str, Any], kind: Kind, number: str, drawn: int
    ) -> tuple[bytes, bytes, tuple[bytes, bytes]]:
        name = self._vault.open_person(one["sealed_person"])["name"]
        plain = name if _is_folded(name) else folded(name)
        indexed = plain if _is_folded(plain) else fold(plain)
        index = hmac.digest(self._index_key, b"certificate name\0" + indexed.encode(), "sha256")
        nonce = os.urandom(12)
        sealed = self._key_id.encode() + b64encode(nonce + self._cipher.encrypt(nonce, name.encode(), _PURPOSE))
        own_id, raw_number, college = uuid_utils.uuid7(), number.encode(), one["college_id"]
        url, bit = self._base + raw_number, position(self._vault, drawn)
        signed = kind.template.make(url, plain.encode(), status(self._url, bit))
        row = b"".join(
            (
                _ROW, own_id.bytes, raw(raw_number), UUID_NEXT, _hex(one["result_id"]), UUID_NEXT,
                _hex(one["learner_id"]), raw(index), raw(sealed), raw(mask_name(name).encode()), kind.middle,
                UUID_NEXT, _hex(college), kind.late, raw(signed), moment(datetime.fromisoformat(one["published_at"])),
                integer(bit.list), integer(bit.index), UUID_NEXT, _hex(one["sitting_id"]),
            )
        )  # fmt: skip
        logged = _LOGGED_ROW + own_id.bytes + raw(kind.logged.entry(signed))
        body = (
            f'{{"certificate_id":"{own_id}","number":"{number}","result_id":"{one["result_id"]}",'
            f'"learner_id":"{one["learner_id"]}","college_id":"{college}","credential_url":"'
        ).encode() + url
        return row, logged, (uuid_utils.uuid7().bytes, body + b'",' + kind.told)

    def _kind(self, one: dict[str, Any], now: datetime) -> Kind:
        key = (one["certificate_type_id"], one["published_at"][:19])
        if key not in self._kinds:
            kind = self._wanted[key[0]]
            teo = kind["teo_id"]
            issuer = credential.issuer(issuer_did(self._url, uuid.UUID(teo)), self._names[teo])
            published_at = datetime.fromisoformat(one["published_at"])
            self._kinds[key] = Kind(kind, self._secrets[teo], issuer, self._url, published_at, now)
        return self._kinds[key]


def _hex(text: str) -> bytes:
    """The 16 bytes of a UUID as it is written."""
    return bytes.fromhex(text.replace("-", ""))
