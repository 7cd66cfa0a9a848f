// Runs socket.io-client for the Python tests: commands come in and answers go out as JSON lines.
// Each command has a number `n`; its answer carries the same number.
import { createInterface } from "node:readline";
import { io } from "socket.io-client";

const clients = new Map();

function say(n, answer) {
  process.stdout.write(`${JSON.stringify({ n, ...answer })}\n`);
}

/** {"$bytes": 3} in an argument stands for a Buffer of 3 bytes, {"$nan": 1} for NaN. */
function revive(value) {
  if (Array.isArray(value)) return value.map(revive);
  if (value === null || typeof value !== "object") return value;
  if ("$bytes" in value) return Buffer.alloc(value.$bytes, 7);
  if ("$nan" in value) return NaN;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, revive(inner)]));
}

const commands = {
  open({ n, client, url, options }) {
    const socket = io(url, { forceNew: true, reconnection: false, transports: ["websocket"], ...options });
    const state = { socket, disconnects: [], heard: [] };
    clients.set(client, state);
    socket.onAny((event, ...args) => state.heard.push([event, ...args]));
    socket.on("disconnect", (reason) => state.disconnects.push(reason));
    socket.once("connect", () => say(n, { connected: true }));
    socket.once("connect_error", (error) => say(n, { connected: false, error: error.message }));
  },
  emit({ n, client, event, args, timeout }) {
    const { socket } = clients.get(client);
    let calls = 0;
    const timer = setTimeout(() => say(n, { silent: true }), timeout);
    socket.emit(event, ...revive(args), (...acks) => {
      clearTimeout(timer);
      calls += 1;
      say(n, { acks, calls });
    });
  },
  state({ n, client }) {
    const { socket, disconnects, heard } = clients.get(client);
    say(n, { connected: socket.connected, disconnects, heard, transport: socket.io.engine?.transport?.name });
  },
  close({ n, client }) {
    clients.get(client).socket.disconnect();
    clients.delete(client);
    say(n, {});
  },
};

createInterface({ input: process.stdin })
  .on("line", (line) => {
    const command = JSON.parse(line);
    commands[command.op](command);
  })
  .on("close", () => process.exit(0));
