"""A product's side of a signed message, with nothing but the standard library.

Usage: SECRET=whsec_... python webhook_client.py URL USER MESSAGE
"""

import base64
import hashlib
import hmac
import json
import os
import sys
import time
import urllib.request
import uuid


def main(url: str, user_id: str, message: str) -> None:
    """Send one message for a linked runner and print the reply object."""
    key = base64.b64decode(os.environ["SECRET"].removeprefix("whsec_"))
    body = json.dumps({"user_id": user_id, "message": message}).encode()
    message_id = f"msg_{uuid.uuid4().hex}"  # the same one when you send the same message again
    timestamp = str(int(time.time()))  # of this sending
    signed = f"{message_id}.{timestamp}.".encode() + body
    signature = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    request = urllib.request.Request(
        url,
        data=body,  # exactly the bytes that were signed
        headers={
            "Content-Type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": timestamp,
            "webhook-signature": f"v1,{signature}",
        },
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        sys.stdout.write(answer.read().decode() + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
