"""One attempt: every way it can end has a stable code; connections are kept; redirects are not followed; TLS is verified."""

import ipaddress
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from services.notifications.channels import posting
from services.notifications.channels.posting import Poster
from tests.fakes.receiver import CLOSE, Receiver


def test_a_connection_is_kept_from_one_message_to_the_next() -> None:
    poster = Poster(allow_private=True)
    with Receiver(plan=[200, 500, 404]) as receiver:
        answers = [poster.post(receiver.url, {"webhook-id": str(n)}, b"{}") for n in range(5)]
        assert [one.status for one in answers] == [200, 500, 404, 200, 200]
        assert receiver.connections == 1


def test_a_connection_that_was_idle_long_enough_for_its_server_to_close_it_is_not_used_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(posting, "IDLE_AT_MOST_S", 0.0)
    poster = Poster(allow_private=True)
    with Receiver() as receiver:
        assert [poster.post(receiver.url, {}, b"{}").status for _ in range(3)] == [200] * 3
        assert receiver.connections == 3


def test_hanging_up_on_a_kept_connection_is_a_broken_connection_and_one_message() -> None:
    poster = Poster(allow_private=True)
    with Receiver(plan=[200, CLOSE]) as receiver:
        answers = [poster.post(receiver.url, {}, b"{}") for _ in range(3)]
        assert [one.error_code for one in answers] == [None, "connection_broken", None]
        assert len(receiver.attempts) == 3


class Script:
    """A server that reads one request a step and answers it with the bytes given; `requests` are their beginnings."""

    def __init__(self, *answers: bytes) -> None:
        self.requests: list[bytes] = []
        self.connections = 0
        self._answers = list(answers)
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while self._answers:
            connection, _ = self._socket.accept()
            self.connections += 1
            with connection:
                while self._answers and (request := connection.recv(65536)):
                    self.requests.append(request)
                    connection.sendall(self._answers.pop(0))
        self._socket.close()


OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@pytest.mark.parametrize(
    ("first", "connections"),
    [
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", 1),
        (b"HTTP/1.1 204 No Content\r\n\r\n", 1),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + OK, 1),
        (b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", 2),
        (b"HTTP/1.1 103 Early Hints\r\n\r\n", 2),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", 2),
    ],
)
def test_a_connection_is_kept_after_every_answer_that_leaves_nothing_behind(first: bytes, connections: int) -> None:
    server = Script(first, OK)
    poster = Poster(allow_private=True)
    status = int(first.rsplit(b"HTTP/1.", 1)[-1][2:5])
    assert [poster.post(server.url, {}, b"{}").status for _ in range(2)] == [status, 200]
    assert server.connections == connections


@pytest.mark.parametrize("answer", [b"220 smtp.example ESMTP\r\n", b"HTTP/1.1 999999 What\r\n\r\n"])
def test_what_is_no_http_is_a_broken_connection(answer: bytes) -> None:
    answered = Poster(allow_private=True).post(Script(answer).url, {}, b"{}")
    assert (answered.status, answered.error_code) == (None, "connection_broken")


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("", b"POST / HTTP/1.1"),
        ("/a/b?x=1&y=%2F", b"POST /a/b?x=1&y=%2F HTTP/1.1"),
        ("?x=1", b"POST /?x=1 HTTP/1.1"),
        ("/通知?名=张", b"POST /%E9%80%9A%E7%9F%A5?%E5%90%8D=%E5%BC%A0 HTTP/1.1"),
    ],
)
def test_the_request_line_and_the_headers(path: str, line: bytes) -> None:
    server = Script(OK)
    Poster(allow_private=True).post(server.url + path, {"webhook-id": "1"}, b"{}")
    head, body = server.requests[0].split(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    host = server.url.removeprefix("http://").encode()
    assert (lines[0], body) == (line, b"{}")
    assert set(lines[1:]) == {b"Host: " + host, b"Accept-Encoding: identity", b"webhook-id: 1", b"Content-Length: 2"}


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_an_answer_and_not_followed(status: int) -> None:
    with Receiver(plan=[status]) as receiver:
        assert Poster(allow_private=True).post(receiver.url, {}, b"{}").status == status
        assert len(receiver.attempts) == 1


def test_hanging_up_is_a_broken_connection() -> None:
    with Receiver(plan=[CLOSE]) as receiver:
        answer = Poster(allow_private=True).post(receiver.url, {}, b"{}")
        assert (answer.status, answer.error_code) == (None, "connection_broken")


def test_a_receiver_that_does_not_answer_in_time_is_a_time_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "READ_WITHIN_S", 0.2)
    with Receiver(always=1.5) as receiver:
        answer = Poster(allow_private=True).post(receiver.url, {}, b"{}")
        assert (answer.status, answer.error_code) == (None, "read_timeout")


def test_nobody_at_the_address() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    answer = Poster(allow_private=True).post(f"http://127.0.0.1:{port}/", {}, b"{}")
    assert (answer.status, answer.error_code) == (None, "connect_failed")


def test_a_host_that_does_not_exist() -> None:
    answer = Poster(allow_private=True).post("http://nowhere.invalid/", {}, b"{}")
    assert (answer.status, answer.error_code) == (None, "host_unknown")


def test_a_long_answer_is_not_kept_and_costs_only_its_connection() -> None:
    class Long(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(200)
            self.send_header("Content-Length", str(10**9))
            self.end_headers()
            try:
                while True:
                    self.wfile.write(b"x" * 65536)
            except OSError:
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    server = HTTPServer(("127.0.0.1", 0), Long)
    thread = threading.Thread(target=server.handle_request, daemon=True)
    thread.start()
    assert Poster(allow_private=True).post(f"http://127.0.0.1:{server.server_port}/", {}, b"{}").status == 200
    thread.join()
    server.server_close()


def _certificate(folder: Path, name: x509.GeneralName) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "receiver")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([name]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "tls.pem"
    file.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return file


def test_tls_is_verified_for_the_hosts_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = _certificate(tmp_path, x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
    with Receiver() as receiver:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        receiver._server.socket = context.wrap_socket(receiver._server.socket, server_side=True)
        url = receiver.url.replace("http:", "https:")
        nobody_vouches = Poster(allow_private=True).post(url, {}, b"{}")
        assert (nobody_vouches.status, nobody_vouches.error_code) == (None, "tls_failed")
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        assert Poster(allow_private=True).post(url, {}, b"{}").status == 200
        other_name = Poster(allow_private=True).post(url.replace("127.0.0.1", "localhost"), {}, b"{}")
        assert (other_name.status, other_name.error_code) == (None, "tls_failed")
