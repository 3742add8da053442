// Talks to the service as `useChat` does: the AI SDK's own transport and message reader.
// Reads {url, headers, id, texts, lastOnly} from standard input; prints a JSON line for each text:
// the assistant's message as the SDK has it, or the error that the SDK raised. lastOnly: sends the
// last message alone, as the README advises for long chats. resume: begins by taking up the stream of
// a turn that is being answered; the line says {message: null} where there is none.

import { DefaultChatTransport, readUIMessageStream } from "ai";

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const { url, headers, id, texts, lastOnly, resume } = JSON.parse(Buffer.concat(chunks).toString());
const short = ({ id, messages }) => ({ body: { id, messages: messages.slice(-1) } });
const transport = new DefaultChatTransport({
  api: `${url}/chat`,
  headers,
  ...(lastOnly ? { prepareSendMessagesRequest: short } : {}),
});
const messages = [];

async function read(stream) {
  let message = null;
  let error = null;
  const onError = (raised) => (error = String(raised?.message ?? raised));
  for await (const shown of readUIMessageStream({ stream, onError })) message = shown;
  return { message, error };
}

if (resume) {
  const stream = await transport.reconnectToStream({ chatId: id });
  console.log(JSON.stringify(stream ? await read(stream) : { message: null, error: null }));
}

for (const [n, text] of texts.entries()) {
  messages.push({ id: `user-${n}`, role: "user", parts: [{ type: "text", text }] });
  const asked = { chatId: id, messages, trigger: "submit-message" };
  const answered = await transport
    .sendMessages(asked)
    .then(read)
    .catch((raised) => ({ message: null, error: String(raised.message) }));
  if (answered.message) messages.push(answered.message);
  console.log(JSON.stringify(answered));
}
