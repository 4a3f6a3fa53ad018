"""nginx as committed, in front of five small real servers in the services' places."""

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

    def ask(self, path: str, method: str = "GET", **options: Any) -> tuple[int, dict[str, str], Any]:
        """Status, headers and JSON body (None if it is none)."""
        connection = http.client.HTTPConnection("127.0.0.1", options.pop("port", self.port), timeout=20)
        try:
            connection.request(method, path, **options)
            answer = connection.getresponse()
            body = answer.read()
            is_json = body.startswith(b"{")
            return answer.status, dict(answer.headers), json.loads(body) if is_json else None
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
        yield Front(listen["front"], listen["health"], log)
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
