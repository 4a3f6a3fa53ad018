"""A small OpenID Connect issuer: a real server with a discovery document and keys, and tokens signed with them."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey


class Issuer:
    """Serves on a free port of this machine until it is closed. What it answers may be changed while it runs."""

    def __init__(self) -> None:
        self.keys: dict[str, Key] = {"rsa": RSAKey.generate_key(2048), "ec": ECKey.generate_key("P-256")}
        self.algorithms = {"rsa": "RS256", "ec": "ES256", "okp": "Ed25519"}
        self.asked: list[str] = []
        self.broken: str | None = None
        """`status`, `redirect`, `huge`, `not json`, `other issuer`: what is wrong with the answers, if anything."""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/realms/edu"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def add_key(self, key_id: str = "okp") -> None:
        """From now on there is one key more."""
        self.keys[key_id] = OKPKey.generate_key("Ed25519")

    def jwks(self) -> dict[str, Any]:
        public = [key.as_dict(private=False) | {"kid": key_id, "use": "sig"} for key_id, key in self.keys.items()]
        of_another_kind = {"kty": "AKP", "kid": "pq", "alg": "ML-DSA-44", "pub": "AAAA"}
        return {"keys": [of_another_kind, *public]}

    def token(self, key_id: str = "rsa", *, header: dict[str, Any] | None = None, **changed: Any) -> str:
        """An ID token for the audience `onex-registry`; a claim changed to None is left out."""
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": "onex-registry",
            "sub": "f:1:Wang.Wu",
            "iat": now,
            "exp": now + 300,
            "groups": ["1x-ministry"],
        }
        said = {name: value for name, value in (claims | changed).items() if value is not None}
        algorithm = self.algorithms[key_id]
        head = {"alg": algorithm, "kid": key_id} | (header or {})
        return jwt.encode(head, said, self.keys[key_id], algorithms=[algorithm])

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                issuer.asked.append(self.path)
                if issuer.broken == "redirect":
                    self.send_response(302)
                    self.send_header("Location", "http://127.0.0.1:9/")
                    self.end_headers()
                    return
                self.send_response(500 if issuer.broken == "status" else 200)
                self.end_headers()
                self.wfile.write(issuer._body(self.path))

            def log_message(self, *_: Any) -> None:
                pass

        return Handler

    def _body(self, path: str) -> bytes:
        if self.broken == "huge":
            return b"[" + b"0," * 400_000 + b"0]"
        if self.broken == "not json":
            return b"<html>"
        if path.endswith("/.well-known/openid-configuration"):
            named = "https://evil.example" if self.broken == "other issuer" else self.url
            return json.dumps({"issuer": named, "jwks_uri": f"{self.url}/certs"}).encode()
        return json.dumps(self.jwks()).encode()
