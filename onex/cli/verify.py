"""`onex verify`: checks certificates from files, without a network unless it is asked to use one."""

import base64
import http.client
import importlib
import json
import unicodedata
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson
from rich.console import Console

from onex.chassis import clock
from onex.cli.attachments import BEGINNING, files_in
from onex.transparency import tree
from onex.transparency.notes import Checkpoint, NoteWrong, VerifierKey, open_note
from onex.transparency.proofs import HEADER, ProofFile, ProofFileWrong

MAX_BYTES = 8 << 20
TIMEOUT_S = 15
_NOT_SHOWN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}  # of Unicode's categories
MARKS = {"holds": ("✓", "green"), "wrong": ("✗", "red"), "not checked": ("–", "yellow"), "note": ("·", "dim")}


class CannotRead(Exception):
    """A file, or an address, does not give what is needed; the message says which and why."""

    def __init__(self, message: str) -> None:
        super().__init__(_plain(message))


class Given:
    """What the files hold: certificates, and what they are checked with. Which is which shows in what is in them."""

    def __init__(self) -> None:
        # By name, as `onex` imports no service.
        self.checking = importlib.import_module("services.certificates.log.verifying")
        self.evidence = self.checking.Evidence()
        self.credentials: list[dict[str, Any]] = []
        self.printed = False
        """Whether there is a document to look at, on whose page there may be anything."""

    def read(self, path: Path) -> None:
        """Take what a file holds; raises CannotRead."""
        try:
            with path.open("rb") as file:
                content = file.read(MAX_BYTES + 1)
            if len(content) > MAX_BYTES:
                raise CannotRead(f"{path} is larger than {MAX_BYTES >> 20} MB.")
            texts = list(files_in(content)) if content.startswith(BEGINNING) else [content.decode()]
        except (OSError, UnicodeDecodeError) as error:
            raise CannotRead(f"{path} cannot be read ({type(error).__name__}).") from None
        for text in texts:
            self.take(text, str(path))
        self.printed |= content.startswith(BEGINNING)

    def take(self, text: str, where: str) -> None:
        """Take a bundle, a credential, a status list, a DID document, the log's keys or a proof file."""
        try:
            if text.startswith(HEADER):
                self.evidence.proofs.append(ProofFile.parse(text))
            elif not text.lstrip().startswith("{"):
                self.evidence.log_keys += [VerifierKey.parse(line) for line in text.split()]
            else:
                self._take_document(_read(text))
        except (ProofFileWrong, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise CannotRead(
                f"{where} is neither a certificate nor a bundle, a DID document, a status list, a proof file or a log's key,"
                " or it is damaged."
            ) from None

    def _take_document(self, document: dict[str, Any]) -> None:
        match _kind(document):
            case "bundle":
                self._take_bundle(document)
            case "issuer":
                self.evidence.issuers[document["id"]] = document
            case "keys":
                keys = [one["vkey"] if isinstance(one, dict) else one for one in document["keys"]]
                self.evidence.log_keys += [VerifierKey.parse(one) for one in keys]
            case "list":
                self.evidence.lists[document["id"]] = document
            case _:
                self.credentials.append(document)

    def _take_bundle(self, bundle: dict[str, Any]) -> None:
        parts = {"credential": [bundle["credential"]], "issuer": bundle["issuers"], "list": bundle["statusLists"]}
        for kind, documents in (parts | {"keys": [bundle["log"]]}).items():
            if len({one.get("id") for one in documents}) != len(documents):
                raise ValueError("two documents have one id")
            for one in documents:
                if _kind(one) != kind:
                    raise ValueError("a part of the bundle is in the place of another")
                self._take_document(one)
        self.evidence.proofs += [ProofFile.parse(one) for one in bundle["log"]["proofs"]]

    def fetched(self, credential: dict[str, Any], trusted: Sequence[VerifierKey]) -> tuple[Any, list[str]]:
        """Ask the certificate's own platform for all that there is now: the evidence, and what it shows. Raises CannotRead.

        The host is the one that the issuer's `did:web` names, over TLS: that is what makes its keys the issuer's.
        """
        did = importlib.import_module("services.certificates.credentials.did")
        try:
            issuer = did.resolve_url(credential["issuer"]["id"])
            address = str(credential["id"])
        except (KeyError, TypeError, ValueError, AttributeError):
            raise CannotRead("The certificate names no address.") from None
        host = urlsplit(issuer).netloc
        if (urlsplit(address).scheme, urlsplit(address).netloc) != (urlsplit(issuer).scheme, host):
            raise CannotRead("The certificate's address is not at its issuer's.")
        fresh = Given()
        fresh.take(_get(f"{address}/bundle"), f"{address}/bundle")
        fresh.evidence.fetched_from = host
        log, keys = f"{address.rpartition('/credentials/')[0]}/log", trusted or fresh.evidence.log_keys
        return fresh.evidence, [_has_only_grown(log, one, keys) for one in self.evidence.proofs[:1]]


def verify_files(
    paths: Sequence[Path], console: Console, *, log_keys: Sequence[str], name: str | None, online: bool, partial: bool
) -> bool:
    """Check every certificate in these files and print what was found; whether all are to be accepted. Raises CannotRead."""
    given = Given()
    for path in paths:
        given.read(path)
    try:
        trusted = [VerifierKey.parse(key) for key in log_keys]
    except ValueError as error:
        raise CannotRead(f"The log's key cannot be read: {error}") from None
    if not given.credentials:
        raise CannotRead("There is no certificate in these files.")
    good = True
    for credential in given.credentials:
        evidence, more = given.fetched(credential, trusted) if online else (given.evidence, [])
        evidence.trusted_keys = trusted
        found = given.checking.verify(credential, evidence, clock.now(), name)
        accepted = given.checking.is_good(found, partial=partial)
        if given.printed:
            found.append(given.checking.PAGE_NOT_READ)
        _show(console, credential, found, more, accepted=accepted)
        good = good and accepted
    return good


def _show(console: Console, credential: dict[str, Any], found: Any, more: list[str], *, accepted: bool) -> None:
    def say(line: str, style: str) -> None:
        console.print(_plain(line), style=style, markup=False, highlight=False, soft_wrap=True)

    say(str(credential.get("id", "a certificate without address")), "bold")
    for one in found:
        mark, style = MARKS[one.outcome]
        label = "Not checked. " if one.outcome == "not checked" else ""
        say(f"  {mark} {label}{one.what}", style)
    for line in more:
        say(f"  ✓ {line}", "green")
    if accepted:
        console.print("  Everything that was checked holds.", style="bold green")
    elif any(one.outcome == "wrong" for one in found):
        console.print("  Do not accept this certificate.", style="bold red")
    else:
        console.print("  Not everything could be checked: do not accept it on this alone.", style="bold yellow")


def _kind(document: dict[str, Any]) -> str:
    """What a document is; raises ValueError where it is nothing that is looked at here."""
    if document.get("kind") == "onex.certificate_bundle.v1":
        return "bundle"
    if "verificationMethod" in document:
        return "issuer"
    if "keys" in document:
        return "keys"
    if not isinstance(document["type"], list) or "VerifiableCredential" not in document["type"]:
        raise ValueError("none of them")
    return "list" if "BitstringStatusListCredential" in document["type"] else "credential"


def _plain(line: str) -> str:
    """Without what makes a terminal show something else: what a file says is a stranger's word until all holds."""
    return "".join("\ufffd" if unicodedata.category(one) in _NOT_SHOWN else one for one in line)


def _has_only_grown(log: str, earlier: ProofFile, keys: Sequence[VerifierKey]) -> str:
    """Ask the log to prove that it begins with what it was when the proof in the files was made; raises CannotRead."""
    try:
        old = Checkpoint.parse(open_note(earlier.note.encode(), keys))
        told = json.loads(_get(f"{log}/consistency?size={old.size}"))
        new = Checkpoint.parse(open_note(told["checkpoint"].encode(), keys))
        path = [base64.b64decode(one, validate=True) for one in told["proof"]]
        tree.check_consistency(old.size, old.root_hash, new.size, new.root_hash, path)
    except (NoteWrong, tree.ProofWrong, ValueError, KeyError, TypeError) as error:
        raise CannotRead(f"The log of today does not begin with the log of the file: {error}") from None
    return (
        f"The log of today ({new.size} entries) begins with that of the file ({old.size}): nothing was taken out of it."
    )


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:  # the host asked is the one whose word is taken
        return None


def _get(address: str) -> str:
    try:
        with urllib.request.build_opener(_NoRedirect).open(address, timeout=TIMEOUT_S) as answer:
            body: bytes = answer.read(MAX_BYTES + 1)
            if len(body) > MAX_BYTES:
                raise CannotRead(f"{address} gives too much.")
            return body.decode()
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise CannotRead(f"{address} does not answer ({type(error).__name__}: {error}).") from None


def _read(text: str) -> Any:
    """The JSON that a text is; raises ValueError where it is none, or one that two readers may read differently."""
    try:
        # What the platform issues is canonical, and shows it by being what orjson writes of what it reads of it. What orjson
        # writes of a document it has read, the strict decoder reads as that document: every member is there once, integers
        # have 64 bits, no number is infinite or none, no surrogate stands alone, nothing is nested too deep for either. To
        # see that takes half the time.
        written = text.encode()
        read = orjson.loads(written)
        if orjson.dumps(read, option=orjson.OPT_SORT_KEYS) == written:
            return read
    except (ValueError, TypeError):  # orjson does not read it, or does not write what is nested so deep
        pass
    return _STRICT.decode(text)


def _once(members: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object; one that says something twice says different things to different readers."""
    read = dict(members)
    if len(read) != len(members):
        raise ValueError("a member is there twice")
    return read


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is no JSON")


_STRICT = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_number)
