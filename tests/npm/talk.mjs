// Talks to the service as `useChat` does: the AI SDK's own transport and message reader.
// Reads {url, headers, id, texts, lastOnly} from standard input; prints a JSON line for each text:
// the assistant's message as the SDK has it, or the error that the SDK raised. lastOnly: sends the
// last message alone, as the README advises for long chats.

import { DefaultChatTransport, readUIMessageStream } from "ai";

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const { url, headers, id, texts, lastOnly } = JSON.parse(Buffer.concat(chunks).toString());
const short = ({ id, messages }) => ({ body: { id, messages: messages.slice(-1) } });
const transport = new DefaultChatTransport({
  api: `${url}/chat`,
  headers,
  ...(lastOnly ? { prepareSendMessagesRequest: short } : {}),
});
const messages = [];

for (const [n, text] of texts.entries()) {
  messages.push({ id: `user-${n}`, role: "user", parts: [{ type: "text", text }] });
  let message = null;
  let error = null;
  try {
    const stream = await transport.sendMessages({ chatId: id, messages, trigger: "submit-message" });
    const onError = (raised) => (error = String(raised?.message ?? raised));
    for await (const shown of readUIMessageStream({ stream, onError })) message = shown;
  } catch (raised) {
    error = String(raised.message);
  }
  if (message) messages.push(message);
  console.log(JSON.stringify({ message, error }));
}
