"""The demo's partner: a real HTTP receiver that checks every signature, and the partner stream read beside it."""

import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "partner.py"


class Receiver:
    """A partner's webhook address on this machine. `received` holds each webhook-id once, whatever comes how often."""

    def __init__(self) -> None:
        self.received: set[str] = set()
        self.deliveries = 0
        self.forged = 0
        self.secret = ""
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/onex"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def take(self, headers: Mapping[str, str], body: bytes) -> int:
        """The status to answer with: 204 for a signature that checks, 401 otherwise."""
        try:
            Webhook(self.secret).verify(body, {name.lower(): value for name, value in headers.items()})
        except WebhookVerificationError:
            with self._lock:
                self.forged += 1
            return 401
        with self._lock:
            self.deliveries += 1
            self.received.add(headers["webhook-id"])
        return 204

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                self.send_response(receiver.take(dict(self.headers.items()), body))
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Say nothing: the demo counts."""

        return Handler


class StreamReader:
    """`examples/partner.py` as a partner would run it; `seen` counts its lines."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.seen = 0
        self._process = subprocess.Popen(
            [sys.executable, "-u", str(EXAMPLE)],
            env={**os.environ, "ONEX_PARTNER_AMQP_URL": environment["ONEX_PARTNER_AMQP_URL"]},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        threading.Thread(target=self._count, daemon=True).start()

    def _count(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.seen += bool(line.strip())

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(10)
