// Calls the app over HTTP with Node's own fetch: keep-alive, one connection for each call in flight.
import { options, PAYLOADS, serve } from "./turn.mjs";

async function get(payload) {
  const response = await fetch(options.url + PAYLOADS[payload].path);
  return { ok: response.ok, data: await response.json() };
}

async function call(payload) {
  const { ok } = await get(payload);
  if (!ok) throw new Error(`fetch ${payload}: not ok`);
}

await serve({ call, check: get });
