"""nginx as committed, in front of five small real servers in the services' places."""

import gzip
import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from onex.chassis.settings import SERVICES, Settings
from onex.chassis.web.app import MAX_BODY_BYTES
from onex.cli.services import web_of
from onex.local.ports import choose
from tests.deploy.conftest import DEPLOY

FOLDER = DEPLOY / "nginx"
DOWN = "notifications"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
needs_nginx = pytest.mark.skipif(NGINX is None, reason="nginx is not installed (Debian's package `nginx`)")


class Echo(BaseHTTPRequestHandler):
    """Says which service it stands for, and what reached it."""

    protocol_version = "HTTP/1.1"

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        said = {"service": self.server.stands_for, "path": self.path, "headers": dict(self.headers)}  # type: ignore[attr-defined]
        body = json.dumps(said).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = _answer

    def log_message(self, *_: Any) -> None:
        pass


@dataclass(frozen=True)
class Front:
    """nginx that runs, and the file with what it wrote."""

    port: int
    health_port: int
    log: Path
    static: Path
    """In the place of /srv/onex."""

    def ask(self, path: str, method: str = "GET", **options: Any) -> tuple[int, dict[str, str], Any]:
        """Status, headers and JSON body (None if it is none)."""
        status, headers, body = self.fetch(path, method, **options)
        return status, headers, json.loads(body) if body.startswith(b"{") else None

    def fetch(self, path: str, method: str = "GET", **options: Any) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body."""
        connection = http.client.HTTPConnection("127.0.0.1", options.pop("port", self.port), timeout=20)
        try:
            connection.request(method, path, **options)
            answer = connection.getresponse()
            return answer.status, dict(answer.headers), answer.read()
        finally:
            connection.close()


def rendered(folder: Path, ports: dict[str, int], listen: dict[str, int]) -> Path:
    """The committed configuration with other ports and folders, and other places for the services."""
    text = (FOLDER / "nginx.conf").read_text()
    for old, new in (
        ("listen 8080", f"listen 127.0.0.1:{listen['front']}"),
        ("127.0.0.1:8081", f"127.0.0.1:{listen['health']}"),
    ):
        assert text.count(old) == 1
        text = text.replace(old, new)
    text = text.replace("root /srv/onex;", f"root {folder / 'static'};")
    text = text.replace("/tmp/nginx.pid", str(folder / "nginx.pid")).replace("/var/cache/nginx", str(folder))
    (folder / "nginx.conf").write_text(text)
    lines = [f"upstream {service} {{ server 127.0.0.1:{port}; keepalive 4; }}" for service, port in ports.items()]
    (folder / "upstreams.conf").write_text("\n".join(lines) + "\n")
    return folder / "nginx.conf"


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    folder = tmp_path_factory.mktemp("nginx")
    servers = []
    ports = {DOWN: choose([])}
    for service in SERVICES:
        if service != DOWN:
            server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
            server.stands_for = service  # type: ignore[attr-defined]
            threading.Thread(target=server.serve_forever, daemon=True).start()
            servers.append(server)
            ports[service] = server.server_port
    listen = {"front": choose(ports.values()), "health": 0}
    listen["health"] = choose([*ports.values(), listen["front"]])
    configuration = rendered(folder, ports, listen)
    as_root = "user root; " if os.geteuid() == 0 else ""
    log = folder / "out.log"
    with open(log, "wb") as out:
        command = [str(NGINX), "-c", str(configuration), "-g", f"{as_root}daemon off;"]
        nginx = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
    try:
        for _ in range(10_000):
            assert nginx.poll() is None, log.read_text()
            try:
                socket.create_connection(("127.0.0.1", listen["health"]), timeout=5).close()
                break
            except ConnectionRefusedError:
                continue
        yield Front(listen["front"], listen["health"], log, folder / "static")
    finally:
        nginx.terminate()
        nginx.wait(20)
        for server in servers:
            server.shutdown()
            server.server_close()


@needs_nginx
@pytest.mark.parametrize("service", [service for service in SERVICES if service != DOWN])
def test_each_service_is_reached_under_its_own_path(front: Front, service: str) -> None:
    status, _, said = front.ask(f"/{service}/v1/things?a=b%2Fc")
    assert (status, said["service"], said["path"]) == (200, service, f"/{service}/v1/things?a=b%2Fc")


@needs_nginx
def test_the_address_itself_leads_to_the_public_inquiry(front: Front) -> None:
    status, headers, _ = front.ask("/")
    assert (status, headers["Location"]) == (303, "/certificates/inquiry")


@needs_nginx
@pytest.mark.parametrize("path", ["/metrics", "/health/ready", "/health/live", "/nothing", "/registryx/v1"])
def test_health_metrics_and_what_is_nobodys_are_not_reached(front: Front, path: str) -> None:
    status, headers, problem = front.ask(path)
    assert (status, headers["Content-Type"]) == (404, "application/problem+json")
    assert problem["code"] == "not_found"


@needs_nginx
def test_a_service_that_is_down_is_a_problem_that_says_when_to_come_again(front: Front) -> None:
    status, headers, problem = front.ask(f"/{DOWN}/v1/subscriptions")
    assert (status, problem["code"], headers["Retry-After"]) == (503, "unavailable", "5")
    assert front.ask("/registry/v1/keys")[0] == 200


@needs_nginx
def test_a_caller_cannot_say_that_he_calls_from_elsewhere(front: Front) -> None:
    _, _, said = front.ask(
        "/registry/v1/keys", headers={"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
    )
    assert said["headers"]["X-Forwarded-For"] == "127.0.0.1"
    assert said["headers"]["X-Forwarded-Proto"] == "http"


@needs_nginx
def test_a_token_and_a_trace_reach_the_service_untouched(front: Front) -> None:
    given = {
        "Authorization": "Bearer a.b.c",
        "traceparent": "00-" + "1" * 32 + "-" + "2" * 16 + "-01",
        "Idempotency-Key": "k",
    }
    _, _, said = front.ask("/registry/v1/keys", "POST", headers=given, body=b"{}")
    assert {name: said["headers"][name] for name in given} == given


@needs_nginx
def test_a_body_that_no_service_would_take_is_refused_before_it_is_sent(front: Front) -> None:
    status, _, problem = front.ask(
        "/assessment/v1/rosters", "POST", headers={"Content-Length": str(MAX_BODY_BYTES + 1)}, body=None
    )
    assert (status, problem["code"]) == (413, "too_large")


@needs_nginx
def test_secrets_cannot_be_tried_out_at_any_speed(front: Front) -> None:
    answers = [front.ask("/registry/v1/oauth/token", "POST", body=b"x=y") for _ in range(400)]
    refused = [problem for status, _, problem in answers if status == 429]
    assert refused
    assert refused[0]["code"] == "too_many_requests"
    assert answers[0][0] == 200
    assert front.ask("/registry/v1/keys")[0] == 200


@needs_nginx
@pytest.mark.parametrize("path", ["/registry/v1/opinions", "/registry/opinions", "/registry/v1/notices/1/objections"])
def test_nobody_can_flood_what_anyone_may_write(front: Front, path: str) -> None:
    answers = [front.ask(path, "POST", body=b"x=y") for _ in range(60)]
    assert answers[0][0] == 200
    assert any(status == 429 for status, _, _ in answers)
    assert all(front.ask(path)[0] == 200 for _ in range(60))  # reading is not counted


INQUIRIES = (
    "/certificates/inquiry",
    "/certificates/inquiry/26004200000000000000?t=abcdefghijklmnop",
    "/certificates/v1/inquiries",
    "/certificates/presentation?t=abc",
    "/certificates/v1/presentations/shown?t=abc",
)


@needs_nginx
def test_nobody_asks_for_certificates_faster_than_all_processes_together_bear(front: Front) -> None:
    for path in INQUIRIES:
        status, _, said = front.ask(path)
        assert (status, said["service"], said["path"]) == (200, "certificates", path)
    answers = [front.ask(INQUIRIES[at % len(INQUIRIES)], "POST" if at % 2 else "GET", body=b"") for at in range(500)]
    refused = [(headers, problem) for status, headers, problem in answers if status == 429]
    assert {headers["Retry-After"] for headers, _ in refused} == {"1"}
    assert {problem["code"] for _, problem in refused} == {"too_many_requests"}
    assert len(answers) - len(refused) >= 80  # a class that looks its certificates up is in nobody's way
    # What is no inquiry is not counted: credentials and tiles are read by programs, many at a time.
    for path in ("/certificates/v1/credentials/1", "/certificates/v1/log/tile/0/000", "/certificates/v1/inquiries-x"):
        assert front.ask(path)[0] == 200


def put(front: Front, path: str, content: bytes) -> None:
    """A file where the worker writes it."""
    file = front.static / path.lstrip("/")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


LOG = "/certificates/v1/log"


@needs_nginx
def test_the_logs_tiles_are_static_files_that_anyone_may_keep_for_ever(front: Front) -> None:
    hashes, entries = os.urandom(8192), b'{"kind":"issued"}' * 3000
    for path, content in ((f"{LOG}/tile/1/x001/067.p/5", hashes), (f"{LOG}/tile/entries/x001/067", entries)):
        put(front, path, content)
        status, headers, body = front.fetch(path)
        assert (status, body) == (200, content)
        assert headers["Content-Type"] == "application/octet-stream"
        assert headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert headers["Access-Control-Allow-Origin"] == "*"
        packing = {"Accept-Encoding": "gzip"}
        status, headers, body = front.fetch(path, headers=packing)
        packed = headers.get("Content-Encoding") == "gzip"
        assert (gzip.decompress(body) if packed else body) == content
        assert packed == (content is entries)


@needs_nginx
def test_the_logs_head_is_asked_for_anew_each_time(front: Front) -> None:
    for size in (1, 2):
        put(front, f"{LOG}/checkpoint", f"onex.example/log\n{size}\n".encode())
        status, headers, body = front.fetch(f"{LOG}/checkpoint")
        assert (status, body) == (200, f"onex.example/log\n{size}\n".encode())
        assert headers["Content-Type"] == "text/plain; charset=utf-8"
        assert headers["Cache-Control"] == "no-cache"
        assert headers["Access-Control-Allow-Origin"] == "*"
    (front.static / LOG.lstrip("/") / "checkpoint").unlink()
    assert front.ask(f"{LOG}/checkpoint")[2]["service"] == "certificates"


@needs_nginx
@pytest.mark.parametrize("path", ["tile/0/999", "tile/entries/000.p/1", "keys", "consistency?size=5"])
def test_what_is_no_file_of_the_log_the_service_gives_with_its_own_headers(front: Front, path: str) -> None:
    status, headers, said = front.ask(f"{LOG}/{path}")
    assert (status, said["service"], said["path"]) == (200, "certificates", f"{LOG}/{path}")
    assert "Cache-Control" not in headers


@needs_nginx
def test_nothing_beside_the_log_is_served_from_its_folder(front: Front) -> None:
    for path in ("certificates/v1/secret", "certificates/v1/log/keys", "registry/v1/secret"):
        put(front, path, b"secret")
    for path in ("/certificates/v1/secret", f"{LOG}/keys", "/registry/v1/secret", f"{LOG}/tile/../../secret"):
        assert front.fetch(path)[2] != b"secret"


@needs_nginx
def test_a_persons_name_in_a_query_is_in_no_log(front: Front) -> None:
    front.ask("/certificates/inquiry?number=1&name=Zhang-San")
    front.ask(f"/{DOWN}/inquiry?name=Zhang-San")
    assert front.ask("/health/live", port=front.health_port)[0] == 200  # what was asked before it has been written
    log = front.log.read_text()
    assert "/certificates/inquiry" in log
    assert f"/{DOWN}/inquiry" in log
    assert "Zhang" not in log


def test_nginx_takes_what_the_services_take_and_no_more() -> None:
    assert f"client_max_body_size {MAX_BODY_BYTES // 1024 // 1024}m;" in (FOLDER / "nginx.conf").read_text()


def test_the_services_are_where_docker_compose_starts_them(compose: dict[str, Any]) -> None:
    found = re.findall(r"upstream (\w+) .*server ([\w-]+):(\d+) resolve;", (FOLDER / "upstreams.conf").read_text())
    assert found == [(service, f"{service}-web", "8000") for service in SERVICES]
    assert {host for _, host, _ in found} <= set(compose["services"])


@pytest.mark.parametrize("service", SERVICES)
def test_every_path_of_a_service_lies_where_nginx_sends_it(
    service: str, environment_of: Callable[[str], dict[str, str]]
) -> None:
    routes = web_of(service, Settings.for_service(service, environment_of(f"{service}-web"))).routes
    assert routes
    assert all(path == f"/{service}" or path.startswith(f"/{service}/") for path in routes)


@needs_nginx
def test_nginx_accepts_the_committed_places_of_the_services(tmp_path: Path) -> None:
    said = subprocess.run([str(NGINX), "-v"], capture_output=True, text=True).stderr
    version = tuple(int(part) for part in re.findall(r"nginx/(\d+)\.(\d+)\.(\d+)", said)[0])
    if version < (1, 27, 3):
        pytest.skip(f"this is nginx {'.'.join(map(str, version))}; `resolve` needs 1.27.3, the image has a newer one")
    configuration = rendered(tmp_path, {}, {"front": choose([]), "health": choose([])})
    shutil.copy(FOLDER / "upstreams.conf", tmp_path)
    checked = subprocess.run([str(NGINX), "-t", "-c", str(configuration)], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
