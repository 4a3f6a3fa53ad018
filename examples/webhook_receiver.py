"""A partner's webhook receiver: checks that a message is the platform's own, forgets what it has seen, prints the rest.

ONEX_WEBHOOK_SECRET=whsec_… python examples/webhook_receiver.py [port]
"""

import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks import Webhook, WebhookVerificationError

webhook = Webhook(os.environ["ONEX_WEBHOOK_SECRET"])
seen = set()  # a real receiver keeps the ids in its database, in the transaction that acts on the message


class Receiver(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # connections are kept alive

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        try:
            message = webhook.verify(body, dict(self.headers))
        except WebhookVerificationError:
            return self.answer(401)
        if self.headers["webhook-id"] not in seen:  # every message comes at least once
            seen.add(self.headers["webhook-id"])
            print(message["type"], self.headers["webhook-id"], message["data"], flush=True)
        return self.answer(204)

    def answer(self, status):
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


port = int(sys.argv[1]) if len(sys.argv) > 1 else 9000
server = ThreadingHTTPServer(("127.0.0.1", port), Receiver)
print(f"listening on http://127.0.0.1:{server.server_address[1]}/", file=sys.stderr, flush=True)
server.serve_forever()
