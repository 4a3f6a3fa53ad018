"""A caller of the platform's public interfaces: its own credentials, its own token, errors as problems."""

import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import requests

TOKEN_MARGIN_S = 60
POLL_S = 0.2


class Refused(Exception):
    """The platform answered with a problem document."""

    def __init__(self, method: str, path: str, status: int, problem: dict[str, Any]) -> None:
        super().__init__(f"{method} {path}: {status} {problem.get('code')}: {problem.get('detail') or problem}")
        self.status, self.code, self.problem = status, problem.get("code", ""), problem


class Caller:
    """One client of the platform. Without credentials it is the public."""

    def __init__(self, url: str, client_id: str = "", secret: str = "") -> None:
        self.url, self.client_id, self._secret = url, client_id, secret
        self._http = requests.Session()
        self._token, self._token_ends = "", 0.0

    def _authorization(self) -> dict[str, str]:
        if not self.client_id:
            return {}
        if time.monotonic() > self._token_ends:
            form = {"grant_type": "client_credentials", "client_id": self.client_id, "client_secret": self._secret}
            answer = self._http.post(f"{self.url}/registry/v1/oauth/token", data=form, timeout=30)
            body = self._read("POST", "/registry/v1/oauth/token", answer)
            self._token, self._token_ends = body["access_token"], time.monotonic() + body["expires_in"] - TOKEN_MARGIN_S
        return {"Authorization": f"Bearer {self._token}"}

    def _read(self, method: str, path: str, answer: requests.Response) -> Any:
        is_json = "json" in answer.headers.get("Content-Type", "")
        if answer.status_code >= 400:
            raise Refused(method, path, answer.status_code, answer.json() if is_json else {"detail": answer.text[:300]})
        return answer.json() if is_json and answer.content else answer.content

    def call(self, method: str, path: str, **options: Any) -> Any:
        """The answer's body; raise Refused for a problem. A POST is sent under one key, so it can be repeated safely."""
        headers = {"Idempotency-Key": uuid.uuid4().hex} if method == "POST" else {}
        while True:
            try:
                answer = self._http.request(
                    method, self.url + path, headers=headers | self._authorization(), timeout=120, **options
                )
                return self._read(method, path, answer)
            except (requests.ConnectionError, Refused) as error:
                # The web process or its database is being restarted: the same request goes again.
                if isinstance(error, Refused) and error.status not in (502, 503):
                    raise
                time.sleep(POLL_S)

    def get(self, path: str, **query: Any) -> Any:
        return self.call("GET", path, params=query)

    def post(self, path: str, body: Any = None) -> Any:
        return self.call("POST", path, json={} if body is None else body)

    def upload(self, path: str, filename: str, data: bytes) -> Any:
        """Send a file; the answer is a job."""
        return self.call("POST", path, files={"file": (filename, data)})

    def pages(self, path: str, **query: Any) -> Iterator[Any]:
        """Every item of a list, page by page."""
        cursor = None
        while True:
            page = self.get(path, **(query | ({"cursor": cursor} if cursor else {})))
            yield from page["items"]
            cursor = page["next"]
            if not cursor:
                return

    def wait_job(self, path: str, seen: Callable[[dict[str, Any]], None] = lambda _: None) -> dict[str, Any]:
        """Follow a job to its end; raise Refused when it failed as a whole."""
        while True:
            job: dict[str, Any] = self.get(path)
            seen(job)
            if job["state"] == "failed":
                raise Refused("JOB", path, 409, {"code": job["failure_code"], "detail": job["failure"]})
            if job["state"] == "done":
                return job
            time.sleep(POLL_S)


def until_heard(ask: Callable[[], Any], wait_s: float = 60.0) -> Any:
    """Ask again while the other service may not have heard the news yet."""
    deadline = time.monotonic() + wait_s
    while True:
        try:
            return ask()
        except Refused as refused:
            if refused.status not in (401, 403, 404, 409, 422) or time.monotonic() > deadline:
                raise
            time.sleep(POLL_S)
