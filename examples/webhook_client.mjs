// A product's side of a signed message, with nothing but Node (18 or newer).
// Usage: SECRET=whsec_... node webhook_client.mjs URL USER MESSAGE
import { createHmac, randomUUID } from "node:crypto";

const [url, user, message] = process.argv.slice(2);
const key = Buffer.from(process.env.SECRET.replace(/^whsec_/, ""), "base64");
const body = JSON.stringify({ user_id: user, message });
const id = `msg_${randomUUID()}`; // the same one when you send the same message again
const timestamp = String(Math.floor(Date.now() / 1000)); // of this sending
const signature = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");

const answer = await fetch(url, {
  method: "POST",
  headers: {
    "content-type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": `v1,${signature}`,
  },
  body, // exactly the bytes that were signed
  signal: AbortSignal.timeout(30_000),
});
console.log(await answer.text());
process.exitCode = answer.ok ? 0 : 1;
