// The one connection of this front end to its server, put here by `fetch2socket client`.
// It is yours: change what you like (another host: io("https://api.example.com", ...)).
// fetch2socket leaves an edited copy alone.
import { io } from "socket.io-client";

/** Milliseconds that an emit waits for its ack before it counts as failed. */
export const TIMEOUT = 60_000;

export const socket = io({
  transports: ["websocket", "polling"],
  tryAllTransports: true,
  withCredentials: true,
  auth: { bridge: 1 }, // says that this client redeems tickets, see below
  reconnectionDelay: 500,
  reconnectionDelayMax: 10_000,
});

// A proxy may take a WebSocket and never answer. What waits goes by polling then, and so does all else on this page.
const PATIENCE = 5_000; // milliseconds
let patience;

function watch() {
  clearTimeout(patience);
  patience = setTimeout(() => {
    const { engine, opts } = socket.io;
    const stuck = engine.transport;
    if (engine.readyState !== "opening" || stuck.name !== "websocket") return;
    opts.transports = ["polling"];
    stuck.emit("error", new Error("a WebSocket that nobody answers")); // tryAllTransports: to the next one
    stuck.close();
  }, PATIENCE);
}

watch();
socket.io.on("reconnect_attempt", watch);
socket.io.on("open", () => clearTimeout(patience));

/**
 * What `await response.json()` gave: the data of an ack, or a SyntaxError where the answer was not JSON.
 * Like `response.json()`, it does not look at `ok`.
 */
export function json(result) {
  if (result.meta && result.meta.type !== undefined) {
    throw new SyntaxError(`The answer is not JSON (status ${result.status}, type "${result.meta.type}")`);
  }
  return result.data;
}

// ---- No emit is left without an answer ------------------------------------------------------
// Socket.IO forgets a plain callback when the connection breaks. Here it is called with status 0,
// where `fetch` would have rejected; `emitWithAck` rejects.

let maxPayload = 1_000_000; // bytes; the server says its own limit when it connects
const ENVELOPE = 512; // event name, ack number, brackets

const emit = socket.emit.bind(socket);

socket.emit = function (event, ...args) {
  const last = args[args.length - 1];
  const ack = typeof last === "function" ? args.pop() : null;
  const values = args.map((value) => (value === undefined ? null : value));
  const text = JSON.stringify(values);
  if (isTooLarge(text)) {
    const isErrorFirst = ack && (ack.withError || socket.flags.timeout !== undefined);
    socket.flags = {};
    if (ack) queueMicrotask(() => (isErrorFirst ? ack(null, tooLarge()) : ack(tooLarge())));
    return socket;
  }
  // Socket.IO keeps what it cannot send yet by reference: later changes to it would be sent.
  const payload = socket.connected ? values : JSON.parse(text);
  if (!ack) return emit(event, ...payload);
  if (ack.withError || socket.flags.timeout !== undefined) return emit(event, ...payload, ack);
  socket.timeout(TIMEOUT);
  return emit(event, ...payload, (error, result) => {
    if (!error) return ack.call(socket, result);
    // Each on its own: one that throws must not keep the others from hearing that the connection broke.
    queueMicrotask(() => ack.call(socket, broken(error)));
  });
};

// What waits for a connection that cannot be made fails at once, as `fetch` does, and is not sent later.
socket.on("connect_error", (error) => {
  const unsent = socket.sendBuffer;
  socket.sendBuffer = [];
  for (const { id } of unsent) {
    const ack = socket.acks[id];
    delete socket.acks[id];
    if (ack) ack.call(socket, error);
  }
});

socket.on("connected", (hello) => {
  if (hello && hello.maxPayload) maxPayload = hello.maxPayload;
});

function isTooLarge(text) {
  const limit = maxPayload - ENVELOPE;
  return text.length > limit || (text.length * 3 > limit && new TextEncoder().encode(text).length > limit);
}

function tooLarge() {
  const message = `The payload is larger than the ${maxPayload} bytes that the server takes`;
  return { ok: false, status: 413, data: { message }, errors: message };
}

function broken(error) {
  return { ok: false, status: 0, data: null, errors: `No answer: ${error.message}`, meta: { type: "" } };
}

// ---- Live collections -----------------------------------------------------------------------
// One subscription for a name, however many callers listen; made anew whenever the connection is.

const lives = new Map();

/**
 * Calls `onRows` with all rows of a live collection: now, and whenever they change.
 * Returns the function that ends it. Where the server refuses, it says so in the console, and calls nothing.
 */
export function subscribe(name, onRows) {
  const live = lives.get(name) || open(name);
  const listener = (rows) => onRows(rows); // one function may listen twice
  live.listeners.add(listener);
  if (live.rows) listener(live.rows);
  return () => {
    if (live.listeners.delete(listener) && live.listeners.size === 0) close(name, live);
  };
}

function open(name) {
  const live = { listeners: new Set(), rows: null };
  live.onRows = (rows) => {
    live.rows = rows;
    for (const listener of [...live.listeners]) listener(rows);
  };
  lives.set(name, live);
  socket.on(name, live.onRows);
  if (socket.connected) ask(name, live);
  return live;
}

function close(name, live) {
  lives.delete(name);
  socket.off(name, live.onRows);
  if (socket.connected) socket.emit("unsubscribe", name);
}

function ask(name, live) {
  socket.emit("subscribe", name, (result) => {
    if (lives.get(name) !== live || result.status === 0) return; // ended, or asked again on the next connection
    if (!result.ok) console.error(`No live "${name}" (status ${result.status}):`, result.errors);
    else if (Array.isArray(result.data)) live.onRows(result.data);
  });
}

socket.on("connect", () => {
  for (const [name, live] of lives) ask(name, live);
});

// ---- Cookies --------------------------------------------------------------------------------
// An answer by socket cannot set cookies. Where one would have (a login, say), the server sends a
// one-time ticket first, for which the browser fetches them; the ack follows.

let redeemed = Promise.resolve();

socket.on("bridge:ticket", (ticket) => {
  const url = new URL(`${socket.io.opts.path.replace(/\/$/, "")}/ticket`, socket.io.uri);
  const redeem = () => fetch(url, { method: "POST", body: ticket, credentials: "include", keepalive: true });
  redeemed = redeemed.then(redeem).catch((error) => console.warn("A login was not kept by the browser:", error));
});
