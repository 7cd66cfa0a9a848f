// Asks a bare WebSocket server for prepared payloads by name: the limit of what the web server can do.
import WebSocket from "ws";
import { fail, options, serve } from "./turn.mjs";

const socket = new WebSocket(options.url.replace("http", "ws"), { perMessageDeflate: false });
const waiting = []; // The server answers in order, so the oldest question gets the next answer.
const sizes = {};
socket.on("error", fail);
socket.on("message", (data) => waiting.shift()(data));
await new Promise((resolve) => socket.on("open", resolve));
socket.on("close", () => fail("disconnected"));

function ask(payload) {
  return new Promise((resolve) => {
    waiting.push(resolve);
    socket.send(payload);
  });
}

async function call(payload) {
  const data = await ask(payload);
  if (data.length !== sizes[payload]) throw new Error(`echo ${payload}: ${data.length} bytes`);
}

await serve({
  call,
  check: async (payload) => {
    const data = await ask(payload);
    sizes[payload] = data.length;
    return JSON.parse(data);
  },
});
