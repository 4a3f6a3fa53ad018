"""`onex verify`: checks certificates from files, without a network unless it is asked to use one."""

import base64
import importlib
import json
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from rich.console import Console

from onex.chassis import clock
from onex.transparency import tree
from onex.transparency.notes import Checkpoint, NoteWrong, VerifierKey, open_note
from onex.transparency.proofs import HEADER, ProofFile, ProofFileWrong

MAX_BYTES = 8 << 20
TIMEOUT_S = 15
MARKS = {"holds": ("✓", "green"), "wrong": ("✗", "red"), "not checked": ("–", "yellow"), "note": ("·", "dim")}


class CannotRead(Exception):
    """A file, or an address, does not give what is needed; the message says which and why."""


class Given:
    """What the files hold: certificates, and what they are checked with. Which is which shows in what is in them."""

    def __init__(self) -> None:
        # By name, as `onex` imports no service.
        self.checking = importlib.import_module("services.certificates.log.verifying")
        self.evidence = self.checking.Evidence()
        self.credentials: list[dict[str, Any]] = []

    def read(self, path: Path) -> None:
        """Take what a file holds; raises CannotRead."""
        try:
            if path.stat().st_size > MAX_BYTES:
                raise CannotRead(f"{path} is larger than {MAX_BYTES >> 20} MB.")
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise CannotRead(f"{path} cannot be read ({type(error).__name__}).") from None
        self.take(text, str(path))

    def take(self, text: str, where: str) -> None:
        """Take a bundle, a credential, a status list, a DID document, the log's keys or a proof file."""
        try:
            if text.startswith(HEADER):
                self.evidence.proofs.append(ProofFile.parse(text))
            elif not text.lstrip().startswith("{"):
                self.evidence.log_keys += [VerifierKey.parse(line) for line in text.split()]
            else:
                self._take_document(json.loads(text, object_pairs_hook=_once, parse_constant=_no_number))
        except (ProofFileWrong, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise CannotRead(
                f"{where} is neither a certificate nor a bundle, a DID document, a status list, a proof file or a log's key,"
                " or it is damaged."
            ) from None

    def _take_document(self, document: dict[str, Any]) -> None:
        if document.get("kind") == "onex.certificate_bundle.v1":
            for one in (document["credential"], *document["issuers"], *document["statusLists"], document["log"]):
                self._take_document(one)
            self.evidence.proofs += [ProofFile.parse(one) for one in document["log"]["proofs"]]
        elif "verificationMethod" in document:
            self.evidence.issuers[document["id"]] = document
        elif "keys" in document:
            keys = [one["vkey"] if isinstance(one, dict) else one for one in document["keys"]]
            self.evidence.log_keys += [VerifierKey.parse(one) for one in keys]
        elif "BitstringStatusListCredential" in document["type"]:
            self.evidence.lists[document["id"]] = document
        elif "VerifiableCredential" in document["type"]:
            self.credentials.append(document)
        else:
            raise ValueError("none of them")

    def fetch(self, credential: dict[str, Any]) -> list[str]:
        """Ask the certificate's own platform for all that there is now. Returns what it shows; raises CannotRead.

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
        earlier = self.evidence.proofs
        fresh = Given()
        fresh.take(_get(f"{address}/bundle"), f"{address}/bundle")
        self.evidence = fresh.evidence
        self.evidence.fetched_from = host
        log = f"{address.rpartition('/credentials/')[0]}/log"
        return [_has_only_grown(log, one, self.evidence.log_keys) for one in earlier[:1]]


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
        more = given.fetch(credential) if online else []
        given.evidence.trusted_keys = trusted
        found = given.checking.verify(credential, given.evidence, clock.now(), name)
        accepted = given.checking.is_good(found, partial=partial)
        _show(console, credential, found, more, accepted=accepted)
        good = good and accepted
    return good


def _show(console: Console, credential: dict[str, Any], found: Any, more: list[str], *, accepted: bool) -> None:
    console.print(
        str(credential.get("id", "a certificate without address")), style="bold", markup=False, highlight=False
    )
    for one in found:
        mark, style = MARKS[one.outcome]
        label = "Not checked. " if one.outcome == "not checked" else ""
        console.print(f"  {mark} {label}{one.what}", style=style, markup=False, highlight=False, soft_wrap=True)
    for line in more:
        console.print(f"  ✓ {line}", style="green", markup=False, highlight=False, soft_wrap=True)
    if accepted:
        console.print("  Everything that was checked holds.", style="bold green")
    elif any(one.outcome == "wrong" for one in found):
        console.print("  Do not accept this certificate.", style="bold red")
    else:
        console.print("  Not everything could be checked: do not accept it on this alone.", style="bold yellow")


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
    except (OSError, ValueError) as error:
        raise CannotRead(f"{address} does not answer ({type(error).__name__}: {error}).") from None


def _once(members: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object; one that says something twice says different things to different readers."""
    read = dict(members)
    if len(read) != len(members):
        raise ValueError("a member is there twice")
    return read


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is no JSON")
