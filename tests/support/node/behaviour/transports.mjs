// The two ways to the server: Node's own fetch, and the real socket.io-client for the client module.
// Both are only watched; fetch has no page in Node, so that the page and the dev proxy are put in before it.
import { io as connect } from "socket.io-client";
import WebSocket from "ws";
import { current } from "./recorder.mjs";

// A browser reports what a listener throws, and the connection goes on; ws would be stuck.
const emit = WebSocket.prototype.emit;
WebSocket.prototype.emit = function (...args) {
  return current().attempt(() => emit.apply(this, args));
};

/** Returns `fetch` as a page at `page` has it; `proxied` is what the dev server makes of a URL's path. */
export function fetchOf(run, { server, page, proxied }) {
  return async function (input, options) {
    const url = new URL(input, new URL(page, "http://app.test"));
    const target = new URL(proxied(url.pathname) + url.search, server);
    const ask = run.ask({});
    const headers = new Headers(options?.headers);
    headers.set("X-Run", run.id);
    headers.set("X-Call", ask.n);
    try {
      const response = await fetch(target, { ...options, headers });
      await response.clone().arrayBuffer(); // so that json() needs no more of the network
      return response;
    } finally {
      run.settle(ask);
    }
  };
}

/** Returns `io` as the client module calls it: to the server of this run, every emit noted. */
export function ioOf(run, { server, events }) {
  return function (options) {
    const socket = connect(server, { ...options, forceNew: true, extraHeaders: { "X-Run": run.id } });
    const send = socket.emit;
    run.connecting = true;
    for (const news of ["connect", "connect_error"]) socket.on(news, () => run.connected());
    socket.emit = function (name, ...args) {
      if (name === "unsubscribe") return send.call(socket, name, ...args);
      const ack = typeof args.at(-1) === "function" ? args.pop() : null;
      const ask = run.ask({ ...expected(events, name, args), heard: ack !== null, ack: ack === null ? null : socket.ids });
      if (ack === null) return given(run, ask, send.call(socket, name, ...args));
      const noted = function (...answer) {
        run.settle(ask);
        return ack.apply(this, answer);
      };
      if (ack.withError !== undefined) noted.withError = ack.withError;
      return send.call(socket, name, ...args, noted);
    };
    run.close = () => socket.disconnect();
    return socket;
  };
}

/** An emit without a callback hears of nothing: where there is no server, that is all there is to it. */
function given(run, ask, result) {
  if (run.mode === "refused") run.settle(ask);
  return result;
}

/** Says by which request of the server an emit without an ack is known again, and whether it waits for writes before it. */
function expected(events, name, args) {
  const event = events.find((one) => one.event === name || (name === "subscribe" && one.live === args[0]));
  const params = typeof args[0] === "object" ? args[0] : {};
  const fits = ({ method, rule, params: seen }) =>
    event !== undefined && method === event.method && rule === event.rule &&
    Object.entries(seen).every(([key, value]) => String(params?.[key]) === String(value));
  return { fits, queues: event !== undefined && event.method !== "GET", name };
}
