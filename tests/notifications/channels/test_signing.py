"""Messages are signed as Standard Webhooks 1.0 says: its own library verifies them."""

import base64
import uuid
from datetime import UTC, datetime

import orjson
import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from services.notifications.channels.signing import body_of, headers_of

OLD = "whsec_" + base64.b64encode(b"o" * 32).decode()
NEW = "whsec_" + base64.b64encode(b"n" * 32).decode()
EVENT = uuid.UUID("01890000-0000-7000-8000-000000000001")
MOMENT = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
BODY = body_of("certificate_issued", MOMENT, '{"number": "A", "x": [1, null]}')


def test_the_body_says_type_time_and_data_and_is_the_same_at_every_attempt() -> None:
    assert orjson.loads(BODY) == {
        "type": "certificate_issued",
        "timestamp": "2026-03-02T08:30:00+00:00",
        "data": {"number": "A", "x": [1, None]},
    }
    assert body_of("certificate_issued", MOMENT, '{"number": "A", "x": [1, null]}') == BODY


@pytest.mark.parametrize("secret", [OLD, NEW])
def test_with_two_secrets_either_verifies(secret: str) -> None:
    headers = headers_of(EVENT, BODY, [NEW, OLD], datetime.now(UTC))
    assert Webhook(secret).verify(BODY, headers)["type"] == "certificate_issued"
    assert headers["webhook-id"] == str(EVENT)


def test_a_changed_body_another_secret_and_an_old_message_do_not_verify() -> None:
    headers = headers_of(EVENT, BODY, [NEW], datetime.now(UTC))
    for secret, body, sent in [
        (NEW, BODY.replace(b"A", b"B"), headers),
        (OLD, BODY, headers),
        (NEW, BODY, headers_of(EVENT, BODY, [NEW], MOMENT)),
        (NEW, BODY, headers | {"webhook-id": str(uuid.uuid4())}),
    ]:
        with pytest.raises(WebhookVerificationError):
            Webhook(secret).verify(body, sent)
