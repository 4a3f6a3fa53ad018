"""One attempt: the message is built, signed and posted, and its answer judged."""

from collections.abc import Mapping
from datetime import timedelta
from functools import lru_cache

from onex.chassis import clock
from onex.chassis.pii import Vault
from services.notifications.channels.posting import Answer, Poster
from services.notifications.channels.signing import SECRET_PURPOSE, body_of, headers_of
from services.notifications.deliveries import rules
from services.notifications.deliveries.queue import Due, Settled
from services.notifications.subscriptions.rules import signs_with_previous


class Attempts:
    """Makes attempts with this process's vault and connections."""

    def __init__(self, vault: Vault, poster: Poster) -> None:
        self._poster = poster
        # A sealed secret is opened once a subscription and change, not once a message.
        self._open = lru_cache(maxsize=1000)(lambda sealed: vault.open(sealed, SECRET_PURPOSE).decode())

    def message(self, due: Due) -> tuple[Mapping[str, str], bytes]:
        """The headers and the body that are posted now."""
        now = clock.now()
        secrets = [self._open(due.sealed_secret)]
        if due.sealed_previous_secret and signs_with_previous(due.previous_secret_until, now):
            secrets.append(self._open(due.sealed_previous_secret))
        body = body_of(due.name, due.occurred_at, due.data)
        return headers_of(due.event_id, body, secrets, now), body

    def make(self, due: Due) -> tuple[Settled, Answer]:
        """Try once; a failure is an answer too."""
        headers, body = self.message(due)
        answer = self._poster.post(due.url, dict(headers), body)
        return settled(due, answer), answer


def settled(due: Due, answer: Answer) -> Settled:
    """What becomes of a delivery after this answer."""
    verdict = rules.judge(answer.status, due.attempts + 1)
    again = clock.now() + timedelta(seconds=verdict.delay_s) if verdict.delay_s is not None else None
    code = answer.error_code
    if code is None and verdict.outcome is not rules.Outcome.DELIVERED:
        code = f"http_{answer.status}"
    return Settled(due, verdict.outcome, answer.status, code, again)
