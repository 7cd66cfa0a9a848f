// What one run did, in order, and what it still waits for.
// A log is a list of entries: ["ask", n, request], ["answer", n], ["call", name, ...args], ["set", name, value],
// ["uncaught", name, message], ["returned", value], ["rejected", value], ["fire", event], ["unmount"].
import { AsyncLocalStorage } from "node:async_hooks";
import { plain } from "./values.mjs";

const PATIENCE = 60_000; // ms without any change before a run counts as hung
const runs = new AsyncLocalStorage();

export class Recorder {
  constructor(id, mode) {
    this.id = id;
    this.mode = mode; // "answered" (the server answers when it is let), "cut" or "refused"
    this.log = [];
    this.asks = [];
    this.timers = [];
    this.version = 0;
    this.connecting = false;
    this.wake = () => {};
  }

  /** Runs `work` so that what it throws later, in whatever callback, is this run's. */
  within(work) {
    return runs.run(this, work);
  }

  changed() {
    this.version += 1;
    this.wake();
  }

  add(...entry) {
    this.log.push(entry);
    this.changed();
    return entry;
  }

  call(name, args) {
    this.add("call", name, ...args.map(plain));
  }

  uncaught(error) {
    this.add("uncaught", error?.name ?? typeof error, plain(error?.message ?? error));
  }

  /** Does `work`; what it throws is noted, as a browser reports it and goes on. */
  attempt(work) {
    try {
      return work();
    } catch (error) {
      return this.uncaught(error);
    }
  }

  // ---- requests ----------------------------------------------------------------------------------

  /** Notes a request that the code makes; the server says later what it got. */
  ask(details) {
    const n = this.asks.length;
    const ask = { n, asked: false, released: false, settled: false, heard: true, ...details };
    ask.entry = this.add("ask", n, null);
    this.asks.push(ask);
    return ask;
  }

  settle(ask) {
    ask.settled = true;
    this.changed();
  }

  /** Takes what the server got: of a call with fetch, of an emit with that ack, or of one without. */
  arrived(request) {
    const ask = request.call ? this.asks[request.call] : this.asks.find((one) => !one.asked && isEmit(one, request));
    if (ask === undefined || ask.asked) throw new Error(`nobody asked for ${JSON.stringify(request)}`);
    Object.assign(ask, { asked: true, key: request.key, writes: request.method !== "GET" });
    if (this.mode === "answered") ask.entry[2] = request.seen;
    this.changed();
  }

  connected() {
    this.connecting = false;
    this.changed();
  }

  waiting() {
    return this.asks.filter((one) => one.asked && !one.released && !one.settled);
  }

  /** True where something is under way that ends by itself. */
  isBusy() {
    return this.connecting || this.asks.some((one) => !one.settled && (one.released ? one.heard : !one.asked && !this.#isBehind(one)));
  }

  /** True for a write that a socket sends only when the write before it is answered (docs/wire.md, "Order"). */
  #isBehind(ask) {
    return ask.queues && this.asks.some((one) => one.n < ask.n && one.queues && one.asked && !one.released);
  }

  // ---- quiet ------------------------------------------------------------------------------------

  /** Resolves when nothing happens any more until the server answers or a timer fires. */
  async quiet() {
    for (;;) {
      const version = this.version;
      for (let turn = 0; turn < 4; turn += 1) await new Promise(setImmediate);
      if (this.version !== version) continue;
      if (!this.isBusy()) return;
      await this.#change();
    }
  }

  #change() {
    return new Promise((resolve, reject) => {
      const tooLong = () => reject(new Error(`hung: ${JSON.stringify(this.asks)} ${JSON.stringify(this.log)}`));
      const timer = setTimeout(tooLong, PATIENCE);
      this.wake = () => {
        clearTimeout(timer);
        this.wake = () => {};
        resolve();
      };
    });
  }
}

/** True for the emit that made a request; the bridge tells the number of its ack, a subscription has none there. */
function isEmit(ask, request) {
  if (request.ack !== null) return ask.ack === Number(request.ack);
  return (!ask.heard || ask.name === "subscribe") && ask.fits(request);
}

function report(error) {
  const run = runs.getStore();
  if (run === undefined) throw error;
  run.uncaught(error);
}

process.on("unhandledRejection", report);
process.on("uncaughtException", report);

/** Returns the run that is at work, or undefined. */
export const current = () => runs.getStore();
