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
// One subscription for a name, however many callers listen. The server sends what has changed: each change names the
// version that it follows (`prev`) and the one that it leads to (`v`), so that a lost one is noticed, and asked for.

const lives = new Map();
const SETTLE = 2_000; // milliseconds after which a version that was not heard of is asked for
const ASKED_AT_MOST = 5; // times that it is asked for
const ASK = 10_000; // milliseconds after which a subscription is asked for again, where no answer came
const AGAIN = 1_000; // and at first where the server failed, or is too busy; then twice as long each time

/**
 * Calls `onRows` with all rows of a live collection: now, and whenever they change. Rows that did not change are the
 * same objects as before. Returns the function that ends it. `options.onLost(ack)` hears that the server refuses, now
 * or later (a logout, say); without it the console does.
 */
export function subscribe(name, onRows, options = {}) {
  const live = lives.get(name) || open(name);
  const listener = { onRows: (rows) => onRows(rows), onLost: options.onLost }; // one function may listen twice
  live.listeners.add(listener);
  if (live.rows !== null) listener.onRows(live.rows);
  else if (live.refusal && listener.onLost) listener.onLost(live.refusal);
  return () => {
    if (live.listeners.delete(listener) && live.listeners.size === 0) close(name, live);
  };
}

/** Resolves when every live collection shows what the write behind an ack did (`result.meta.versions`). */
export function settled(result) {
  const versions = Object.entries((result.meta && result.meta.versions) || {});
  return Promise.all(versions.map(([name, v]) => (lives.has(name) ? reached(name, lives.get(name), v) : undefined)));
}

function reached(name, live, v) {
  if (live.refusal || (live.rows !== null && live.seen >= v)) return undefined;
  return new Promise((resolve) => {
    const one = { v, resolve: () => (clearInterval(timer), resolve()) };
    let asked = 0;
    const timer = setInterval(() => {
      if (asked++ === ASKED_AT_MOST) {
        live.waiting = live.waiting.filter((other) => other !== one);
        one.resolve();
      } else if (socket.connected && !live.early) ask(name, live);
    }, SETTLE);
    live.waiting.push(one);
  });
}

function open(name) {
  const live = {
    listeners: new Set(),
    waiting: [],
    rows: null,
    epoch: "",
    v: -1,
    seen: -1, // the version of the last write that the rows show, though it may have changed nothing in them
    key: "id",
    refusal: null,
    early: null, // changes that came while the server was being asked
    pause: AGAIN,
    timer: 0,
  };
  live.onChange = (change) =>
    telling(() => {
      if (live.early) live.early.push(change);
      else if (!merge(live, change)) ask(name, live);
    });
  lives.set(name, live);
  socket.on(name, live.onChange);
  if (socket.connected) ask(name, live);
  return live;
}

function close(name, live) {
  lives.delete(name);
  clearTimeout(live.timer);
  socket.off(name, live.onChange);
  for (const { resolve } of live.waiting.splice(0)) resolve();
  if (socket.connected) socket.emit("unsubscribe", name);
}

function ask(name, live) {
  clearTimeout(live.timer);
  const early = (live.early = []);
  const since = live.rows === null ? {} : { epoch: live.epoch, v: live.v };
  socket.timeout(ASK).emit("subscribe", name, { deltas: true, ...since }, (error, result) => {
    if (lives.get(name) !== live || live.early !== early) return; // ended meanwhile, or asked again
    if (error && !socket.connected) return; // the next connection asks again
    if (error) return ask(name, live);
    telling(() => answered(name, live, result, early));
  });
}

function answered(name, live, result, early) {
  live.early = null;
  if (!result.ok) return live.rows !== null && isPassing(result.status) ? askLater(name, live) : lose(name, live, result);
  live.pause = AGAIN;
  const { epoch = "", v = 0, seen = v, key = "id", resumed = false } = result.meta || {};
  live.key = key;
  if (!resumed) take(live, kept(live, result.data), epoch, v, seen);
  if (!early.every((change) => merge(live, change))) ask(name, live);
  else if (resumed) reach(live, seen);
}

function isPassing(status) {
  return status >= 500 || status === 408 || status === 425 || status === 429;
}

/** The server has failed, which says nothing of who may see what: the rows stay as they are until it answers. */
function askLater(name, live) {
  live.timer = setTimeout(() => socket.connected && ask(name, live), live.pause);
  live.pause = Math.min(2 * live.pause, 60_000);
}

/** Takes one change; false where one before it is missing. */
function merge(live, change) {
  if (change === null || typeof change !== "object" || change.v === undefined) {
    take(live, kept(live, change), live.epoch, live.v); // a handler of your own that pushes rows and nothing else
    return true;
  }
  if (change.prev === undefined) {
    take(live, kept(live, change.rows), change.epoch, change.v);
    return true;
  }
  if (live.rows === null || change.epoch !== live.epoch) return false;
  if (change.v <= live.v) return true; // a replay has brought it already
  if (change.prev !== live.v) return false;
  take(live, "rows" in change ? kept(live, change.rows) : merged(live, change), change.epoch, change.v);
  return true;
}

function take(live, rows, epoch, v, seen = v) {
  const isNew = rows !== live.rows;
  const isOther = live.epoch !== "" && live.epoch !== epoch; // its versions have nothing to do with those before
  Object.assign(live, { rows, epoch, v, seen: isOther ? seen : Math.max(live.seen, seen), refusal: null });
  if (isNew) for (const listener of [...live.listeners]) if (live.listeners.has(listener)) call(listener.onRows, rows);
  reach(live, isOther ? Infinity : live.seen);
}

/** Lets those go on who wait for a version. */
function reach(live, seen) {
  if (seen !== Infinity) live.seen = Math.max(live.seen, seen);
  const done = live.waiting.filter((one) => one.v <= seen);
  live.waiting = live.waiting.filter((one) => one.v > seen);
  for (const { resolve } of done) resolve();
}

// Each caller on its own: one that throws keeps the others from nothing. The first error is thrown when all have heard.
const thrown = [];

function call(callback, value) {
  try {
    callback(value);
  } catch (error) {
    thrown.push(error);
  }
}

function telling(work) {
  work();
  const [error] = thrown.splice(0);
  if (error !== undefined) throw error;
}

/** The rows with a delta merged in: a new list, in which rows that did not change are the old objects. */
function merged(live, { put = [], del = [], at = [] }) {
  const id = (row) => JSON.stringify(row[live.key]);
  const changed = new Map(put.map((row) => [id(row), row]));
  const away = new Set([...del, ...at.map(([key]) => key)].map((key) => JSON.stringify(key)));
  const known = new Map(live.rows.map((row) => [id(row), row]));
  const rows = [];
  const place = new Map(); // key -> the keys that come right after it
  for (const [key, after] of at) {
    const before = JSON.stringify(after);
    place.set(before, [...(place.get(before) || []), JSON.stringify(key)]);
  }
  // Each is put right behind the one that it follows, which may itself have been put there.
  const add = (key) => {
    const stack = [key];
    while (stack.length) {
      const next = stack.pop();
      if (next !== "null") rows.push(changed.get(next) || known.get(next));
      stack.push(...(place.get(next) || []));
    }
  };
  add("null");
  for (const key of known.keys()) if (!away.has(key)) add(key);
  return rows;
}

/** All rows, sent anew: those that are as they were are the old objects, and the list is if all of them are. */
function kept(live, rows) {
  if (!Array.isArray(rows) || !Array.isArray(live.rows)) return rows;
  const known = new Map(live.rows.map((row) => [row && JSON.stringify(row[live.key]), row]));
  const next = rows.map((row) => {
    const old = known.get(row && JSON.stringify(row[live.key]));
    return old !== undefined && JSON.stringify(old) === JSON.stringify(row) ? old : row;
  });
  const isSame = next.length === live.rows.length && next.every((row, place) => row === live.rows[place]);
  return isSame ? live.rows : next;
}

function lose(name, live, ack) {
  const isKnown = live.refusal !== null && live.refusal.status === ack.status;
  Object.assign(live, { rows: null, refusal: ack });
  for (const { resolve } of live.waiting.splice(0)) resolve();
  if (isKnown) return;
  const heard = [...live.listeners].filter(({ onLost }) => onLost);
  for (const { onLost } of heard) call(onLost, ack);
  if (!heard.length) console.error(`No live "${name}" (status ${ack.status}):`, ack.errors);
}

socket.on("bridge:lost", (name, ack) => {
  if (lives.has(name)) telling(() => lose(name, lives.get(name), ack));
});

// From time to time the server says which versions it has sent: who has missed the last one hears of it here.
socket.on("bridge:live", (versions) => {
  for (const [name, [epoch, v, seen]] of Object.entries(versions)) {
    const live = lives.get(name);
    if (!live || live.early) continue;
    // No rows: those that came with a login were lost.
    if (live.rows === null || live.epoch !== epoch || live.v < v) ask(name, live);
    else reach(live, seen);
  }
});

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
  // Who was refused may be let in now.
  redeemed.then(() => lives.forEach((live, name) => live.refusal && ask(name, live)));
});
