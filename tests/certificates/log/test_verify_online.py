"""`onex verify --online` asks the certificate's own platform, over real HTTP, and believes no other and nothing half said."""

import copy
import json
import socketserver
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import orjson
import pytest
from typer.testing import CliRunner
from werkzeug.serving import make_server

from onex.chassis.health import HealthDoors
from onex.chassis.web.mounting import Router
from onex.cli.main import app
from onex.cli.services import web_of
from onex.local.platform import Platform
from services.certificates.log import keys
from tests.certificates.given import Pilot
from tests.certificates.log.forging import entry, log_proofs
from tests.certificates.log.test_log import issue, rows, sequence
from tests.certificates.log.test_verify import bundle_of, change
from tests.harness.service import Service

Answer = Callable[[WSGIEnvironment, StartResponse], list[bytes]]


class Site:
    """A web server that serves a certificates service, or what a test puts in its place, and notes what it is asked for."""

    def __init__(self) -> None:
        self.app: WSGIApplication | None = None
        self.asked: list[str] = []
        self._server = make_server("127.0.0.1", 0, self._answer, threaded=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def _answer(self, environ: WSGIEnvironment, start_response: StartResponse) -> Any:
        self.asked.append(environ["PATH_INFO"])
        assert self.app is not None
        return self.app(environ, start_response)

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.close()


@pytest.fixture
def pilot(site: Site, servers: Platform) -> Pilot:
    """A service that is known to the world by the site's address."""
    service = Service("certificates", {**servers.environment, "ONEX_PUBLIC_URL": site.url})
    service.clean()
    site.app = Router(web_of("certificates", service.settings).routes, HealthDoors({}))
    return Pilot(lambda name: service)


@pytest.fixture
def numbers(pilot: Pilot) -> list[str]:
    issue(pilot, 20)
    sequence(pilot)
    return [number for (number,) in rows(pilot, "SELECT number FROM certificate ORDER BY number")]


def online(*words: str | Path) -> tuple[int, str]:
    done = CliRunner(env={"COLUMNS": "300"}).invoke(
        app, ["verify", "--online", *map(str, words)], catch_exceptions=False
    )
    return done.exit_code, done.output


def kept(folder: Path, content: Any, name: str = "certificate.json") -> Path:
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else orjson.dumps(content))
    return file


@pytest.mark.rule("PP-45", "OP-32")
def test_a_credential_alone_is_checked_with_what_its_platform_has_today(
    pilot: Pilot, site: Site, numbers: list[str], tmp_path: Path
) -> None:
    file = kept(tmp_path, bundle_of(pilot, numbers[3])["credential"])
    code, said = online(file)
    assert code == 0, said
    assert said.count("✓") == 3
    assert site.url.removeprefix("http://") in said, "it is said whom was asked"
    assert site.asked == [f"/certificates/v1/credentials/{numbers[3]}/bundle"]
    assert online("--name", "张三", file)[0] == 0
    assert online("--name", "李四", file)[0] == 1


@pytest.mark.rule("OP-32")
def test_what_was_revoked_since_the_file_was_made_is_found_out(
    pilot: Pilot, numbers: list[str], tmp_path: Path
) -> None:
    file = kept(tmp_path, bundle_of(pilot, numbers[3]))
    assert online(file)[0] == 0
    change(pilot, numbers[3], "revoked", {"suspension": True, "revocation": True}, "revoked")
    assert CliRunner().invoke(app, ["verify", str(file)]).exit_code == 0, "the file alone cannot know"
    code, said = online(file)
    assert code == 1
    assert "The log says that it was revoked" in said
    assert "status list" in said


@pytest.mark.rule("PP-29")
def test_the_log_of_today_is_proved_to_begin_with_that_of_the_file(
    pilot: Pilot, numbers: list[str], tmp_path: Path
) -> None:
    old = bundle_of(pilot, numbers[0])
    issue(pilot, 300)
    sequence(pilot)
    code, said = online(kept(tmp_path, old))
    assert code == 0, said
    assert "The log of today (320 entries) begins with that of the file (20)" in said
    code, said = online("--log-key", old["log"]["keys"][0], kept(tmp_path, old))
    assert code == 0, said


@pytest.mark.rule("PP-29")
def test_a_log_that_shows_two_faces_is_found_out(pilot: Pilot, site: Site, numbers: list[str], tmp_path: Path) -> None:
    """The file holds a head that the log's own key signed, over other entries than the log has."""
    made = bundle_of(pilot, numbers[0])
    issuer = made["credential"]["issuer"]["id"]
    with pilot.certificates.database.session() as session:
        key = keys.key_in_force(session, pilot.certificates.vault)
    made["log"]["proofs"] = log_proofs(
        [entry(made["credential"], issuer_did=issuer)], origin=keys.origin(site.url), key=key
    )
    code, said = online(kept(tmp_path, made))
    assert code == 1
    assert "does not begin with the log of the file" in said


def test_the_key_that_is_trusted_counts_and_not_the_one_that_the_platform_gives(
    pilot: Pilot, numbers: list[str], tmp_path: Path
) -> None:
    made = bundle_of(pilot, numbers[0])
    name = made["log"]["keys"][0].partition("+")[0]
    other = keys.VerifierKey.of(name, bytes(range(32)))
    code, said = online("--log-key", str(other), kept(tmp_path, made["credential"]))
    assert code == 1
    assert "No trusted key" in said


def test_what_was_altered_in_the_file_is_refused_however_good_the_platforms_is(
    pilot: Pilot, numbers: list[str], tmp_path: Path
) -> None:
    credential = bundle_of(pilot, numbers[0])["credential"]
    credential["credentialSubject"]["achievement"]["humanCode"] = "004-3"
    code, said = online(kept(tmp_path, credential))
    assert code == 1
    assert "signature_mismatch" in said


def test_a_certificate_the_platform_does_not_know_is_refused(pilot: Pilot, numbers: list[str], tmp_path: Path) -> None:
    credential = bundle_of(pilot, numbers[0])["credential"]
    credential["id"] = credential["id"].replace(numbers[0], "260042F40ZR1ANEEBA66")
    code, said = online(kept(tmp_path, credential))
    assert code == 1
    assert "404" in said


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("id", "https://elsewhere.example/certificates/v1/credentials/1"),
        ("id", "file:///etc/passwd"),
        ("id", "/certificates/v1/credentials/1"),
        ("id", None),
        ("issuer", {"id": "did:web:127.0.0.1%2Fevil"}),
        ("issuer", {"id": "did:key:z6Mk"}),
        ("issuer", "did:web:127.0.0.1"),
        ("issuer", None),
    ],
)
def test_nobody_is_asked_but_the_issuers_own_host(
    pilot: Pilot, site: Site, numbers: list[str], tmp_path: Path, path: str, value: Any
) -> None:
    file = kept(tmp_path, bundle_of(pilot, numbers[0])["credential"] | {path: value})
    assert online(file)[0] == 1
    assert site.asked == []


@pytest.mark.parametrize("end", [" x", "\x1b[2J", "\r\nHost: elsewhere", "/é", "\ud800", "?" + "x" * 100_000])
def test_an_address_that_is_none_is_refused_and_not_stumbled_over(
    pilot: Pilot, numbers: list[str], tmp_path: Path, end: str
) -> None:
    credential = bundle_of(pilot, numbers[0])["credential"]
    credential["id"] += end
    code, said = online(kept(tmp_path, json.dumps(credential).encode()))
    assert code == 1
    assert "\x1b" not in said


def answers(status: str, body: bytes, **headers: str) -> Answer:
    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        start_response(status, [(name.replace("_", "-"), value) for name, value in headers.items()])
        return [body]

    return answer


@pytest.mark.parametrize(
    "answer",
    [
        answers("500 Internal Server Error", b"oh"),
        answers("200 OK", b""),
        answers("200 OK", b"hello"),
        answers("200 OK", b"\xff\xfe"),
        answers("200 OK", b"[" * 100_000),
        answers("200 OK", b" " * (9 << 20)),
        answers("200 OK", b'{"kind": "onex.certificate_bundle.v1"}'),
        answers("302 Found", b"", Location="http://127.0.0.1:9/elsewhere"),
        answers("200 OK", b"short", Content_Length="1000"),
    ],
)
def test_an_answer_that_is_no_bundle_is_refused_and_not_stumbled_over(
    pilot: Pilot, site: Site, numbers: list[str], tmp_path: Path, answer: Answer
) -> None:
    file = kept(tmp_path, bundle_of(pilot, numbers[0])["credential"])
    site.app = answer
    code, said = online(file)
    assert (code, len(site.asked)) == (1, 1), said
    assert "✓" not in said


def test_another_certificates_bundle_in_answer_proves_nothing(
    pilot: Pilot, site: Site, numbers: list[str], tmp_path: Path
) -> None:
    file = kept(tmp_path, bundle_of(pilot, numbers[0])["credential"])
    site.app = answers("200 OK", orjson.dumps(bundle_of(pilot, numbers[1])))
    code, said = online(file)
    assert code == 1
    assert "None of the proofs is of this certificate" in said


def test_two_certificates_are_each_checked_with_their_own(
    pilot: Pilot, site: Site, numbers: list[str], tmp_path: Path
) -> None:
    first, second = (bundle_of(pilot, number) for number in numbers[:2])
    files = [kept(tmp_path, first, "first.json"), kept(tmp_path, second, "second.json")]
    code, said = online(*files)
    assert code == 0, said
    assert len({path for path in site.asked if path.endswith("/bundle")}) == 2
    altered = copy.deepcopy(second)
    altered["credential"]["name"] = "another"
    assert online(files[0], kept(tmp_path, altered, "second.json"))[0] == 1


class _NoHttp(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        self.request.recv(1000)
        self.request.sendall(b"SSH-2.0-OpenSSH_9.2\r\n" * 3)


@pytest.mark.parametrize("somebody", [True, False])
def test_a_host_that_speaks_no_http_or_is_not_there_is_said_not_to_answer(tmp_path: Path, somebody: bool) -> None:
    with socketserver.TCPServer(("127.0.0.1", 0), _NoHttp) as server:
        port = server.server_address[1]
        if somebody:
            threading.Thread(target=server.handle_request).start()
        else:
            server.server_close()
        credential = {
            "id": f"http://127.0.0.1:{port}/certificates/v1/credentials/1",
            "type": ["VerifiableCredential"],
            "issuer": {"id": f"did:web:127.0.0.1%3A{port}:certificates:v1:issuers:7"},
        }
        code, said = online(kept(tmp_path, credential))
    assert code == 1
    assert "does not answer" in said
