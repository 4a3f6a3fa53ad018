"""The examples a partner begins with do what they say."""

import base64
import os
import subprocess
import sys
import uuid
from datetime import UTC, datetime
from pathlib import Path

import pytest

from onex.local.platform import Platform
from services.notifications.channels.posting import Poster
from services.notifications.channels.signing import body_of, headers_of
from tests.harness.service import Service
from tests.notifications.conftest import Workers
from tests.notifications.samples import certificate

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"


@pytest.mark.rule("PP-45")
def test_a_partner_reads_every_certificate_from_the_stream(
    servers: Platform, notifications: Service, worker: Workers
) -> None:
    heard = notifications.hear(*(certificate() for _ in range(50)))
    awaited = {str(one.event_id): one.event.number for one in heard}
    environ = os.environ | servers.environment
    with (
        worker(),
        subprocess.Popen(
            [sys.executable, EXAMPLES / "partner.py"], env=environ, stdout=subprocess.PIPE, text=True
        ) as reader,
    ):
        assert reader.stdout is not None
        try:
            for line in reader.stdout:
                type_, event_id, body = line.split(" ", 2)
                if event_id in awaited:
                    assert type_ == "onex.certificates.certificate_issued.v1"
                    assert awaited.pop(event_id) in body
                if not awaited:
                    break
        finally:
            reader.kill()
    assert not awaited


def test_the_receiver_takes_a_signed_message_once_and_no_other(tmp_path: Path) -> None:
    secret = "whsec_" + base64.b64encode(b"s" * 32).decode()
    command = [sys.executable, EXAMPLES / "webhook_receiver.py", "0"]
    environ = os.environ | {"ONEX_WEBHOOK_SECRET": secret}
    body = body_of("certificate_issued", datetime.now(UTC), '{"number": "A1"}')
    signed = headers_of(uuid.uuid4(), body, [secret], datetime.now(UTC))
    with (tmp_path / "printed").open("w") as printed:
        with subprocess.Popen(command, env=environ, stdout=printed, stderr=subprocess.PIPE, text=True) as receiver:
            assert receiver.stderr is not None
            try:
                url = receiver.stderr.readline().rsplit(" ", 1)[-1].strip()
                poster = Poster(allow_private=True)
                assert poster.post(url, signed, body).status == 204
                assert poster.post(url, signed, body).status == 204
                assert poster.post(url, signed, body + b" ").status == 401
            finally:
                receiver.kill()
    (line,) = (tmp_path / "printed").read_text().splitlines()
    assert signed["webhook-id"] in line
    assert "A1" in line
