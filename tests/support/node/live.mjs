// Runs clients of the client module for tests/bridge/live: each is a module instance of its own.
// One JSON command a line on stdin, {n, op, client, ...}; one JSON answer a line on stdout, {n, ...}.
import { createInterface } from "node:readline";

const clients = new Map();

const ops = {
  async open({ client, url }) {
    globalThis.location = new URL(url);
    const module = await import(`./socket.js?${client}`);
    clients.set(client, { module, lists: new Map(), calls: [], lost: [], ends: new Map() });
    await new Promise((resolve) => (module.socket.connected ? resolve() : module.socket.once("connect", resolve)));
  },
  // `who` names a listener; `calls` then tells for each call which rows are the very objects of the call before.
  subscribe({ client, name, who = name, hears = true }) {
    const { module, lists, calls, lost, ends } = clients.get(client);
    const onRows = (rows) => {
      const before = lists.get(who) || [];
      calls.push({ who, rows, kept: Array.isArray(rows) ? rows.map((row) => before.some((old) => Object.is(old, row))) : [] });
      lists.set(who, rows);
    };
    const onLost = (ack) => {
      lists.set(who, null);
      lost.push([who, ack.status]);
    };
    ends.set(who, module.subscribe(name, onRows, hears ? { onLost } : {}));
  },
  end({ client, who }) {
    clients.get(client).ends.get(who)();
  },
  async emit({ client, event, args }) {
    const { module } = clients.get(client);
    return { ack: await new Promise((resolve) => module.socket.emit(event, ...args, resolve)) };
  },
  async settled({ client, ack, who }) {
    const { module, lists } = clients.get(client);
    const start = Date.now();
    await module.settled(ack);
    return { seconds: (Date.now() - start) / 1000, rows: lists.get(who) ?? null };
  },
  state({ client }) {
    const { module, lists, calls, lost } = clients.get(client);
    const listeners = Object.fromEntries([...lists.keys()].map((who) => [who, module.socket.listeners(who).length]));
    return { connected: module.socket.connected, lists: Object.fromEntries(lists), calls, lost, listeners };
  },
  push({ client, name, value }) {
    clients.get(client).module.socket.listeners(name).forEach((hear) => hear(value)); // as if the server had sent it
  },
  close({ client }) {
    const { module } = clients.get(client);
    module.socket.disconnect();
    clients.delete(client);
  },
};

createInterface({ input: process.stdin }).on("line", async (line) => {
  const command = JSON.parse(line);
  let answer;
  try {
    answer = await ops[command.op](command);
  } catch (error) {
    answer = { failed: String(error.stack) };
  }
  console.log(JSON.stringify({ n: command.n, ...answer }));
}).on("close", () => process.exit(0));
