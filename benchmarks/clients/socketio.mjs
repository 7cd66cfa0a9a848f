// Emits events on one connection of socket.io-client, WebSocket only, and waits for their acks.
import { io } from "socket.io-client";
import { fail, options, PAYLOADS, serve } from "./turn.mjs";

const settings = { transports: ["websocket"], reconnection: false };
if (!options.deflate) settings.perMessageDeflate = false;
const socket = io(options.url, settings);
socket.on("connect_error", fail);
await new Promise((resolve) => socket.on("connect", resolve));
socket.on("disconnect", (reason) => fail(`disconnected: ${reason}`));

const emit = ({ event, args }) => socket.emitWithAck(event, ...args);

async function call(payload) {
  const result = await emit(PAYLOADS[payload]);
  if (!result.ok) throw new Error(`${payload}: ${JSON.stringify(result).slice(0, 200)}`);
}

/** Whether the server agreed to compress: the columns of the report say so, so it is checked. */
const deflated = () => socket.io.engine.transport.ws.extensions.includes("permessage-deflate");

await serve({
  call,
  check: async (payload) => ({ ...(await emit(PAYLOADS[payload])), deflate: deflated() }),
});
