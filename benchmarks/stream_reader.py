"""A partner's reader of the certificates stream: one line an event, its id and when it came. Says `ready` first."""

import os
import sys
import time
from typing import Any

import kombu

STREAM = "certificates.stream"


def main() -> None:
    """Read what is said from now on, until SIGTERM."""
    out = sys.stdout

    def take(message: Any) -> None:
        out.write(f"{message.headers['cloudEvents_id']} {time.monotonic()}\n")
        out.flush()
        message.channel.basic_ack(message.delivery_tag)

    with kombu.Connection(os.environ["ONEX_PARTNER_AMQP_URL"]) as connection:
        channel = connection.default_channel
        channel.basic_qos(0, 1000, False)
        channel.basic_consume(STREAM, callback=take, arguments={"x-stream-offset": "next"})
        out.write("ready\n")
        out.flush()
        while True:
            try:
                connection.drain_events(timeout=5)
            except TimeoutError:
                continue


if __name__ == "__main__":
    main()
