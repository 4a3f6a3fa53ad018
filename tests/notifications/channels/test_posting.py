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
