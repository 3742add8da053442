#!/bin/sh
# A product's side of a signed message with curl and openssl.
# Usage: SECRET=whsec_... sh webhook.sh URL USER MESSAGE
set -eu
url=$1 user=$2 message=$3

quoted() { printf '%s' "$1" | sed 's/\\/\\\\/g; s/"/\\"/g'; }

body="{\"user_id\": \"$(quoted "$user")\", \"message\": \"$(quoted "$message")\"}"
id="msg_$(openssl rand -hex 16)"  # the same one when you send the same message again
timestamp=$(date +%s)             # of this sending
key=$(printf '%s' "${SECRET#whsec_}" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \n')
signature=$(printf '%s.%s.%s' "$id" "$timestamp" "$body" |
  openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | openssl base64 -A)

curl --silent --show-error --max-time 30 "$url" \
  -H 'Content-Type: application/json' \
  -H "webhook-id: $id" -H "webhook-timestamp: $timestamp" -H "webhook-signature: v1,$signature" \
  --data-binary "$body"  # exactly the bytes that were signed
echo
