import type { Socket } from "socket.io-client";

/** What answers an emitted event: what the HTTP answer said. */
export interface Ack<T = any> {
  /** True for a status from 200 to 299, as `Response.ok`. */
  ok: boolean;
  /** The HTTP status; 0 where no answer came. */
  status: number;
  /** What `await response.json()` gave, on failure too; text where the body was not JSON, null where it was empty. */
  data: T;
  /** null when ok; else the body's `errors`, `error` or `message`, or the body. */
  errors: any;
  /**
   * `type` is the content type of an answer that was not JSON, "" if it was empty; `versions` are those of the live
   * collections that a write led to, where this client is subscribed to them.
   */
  meta?: { type?: string; versions?: Record<string, number> };
}

/** The one connection to the server. Every emit with a callback gets exactly one ack. */
export const socket: Socket;

/** Milliseconds that an emit waits for its ack before it counts as failed. */
export const TIMEOUT: number;

/** The data of an ack; throws a SyntaxError where `response.json()` would have rejected. */
export function json<T = any>(result: Ack<T>): T;

/** What a subscription may be told beside its rows. */
export interface LiveOptions {
  /** The server refuses, now or from now on; the ack is what the GET is answered. Without it the console says so. */
  onLost?: (ack: Ack) => void;
}

/**
 * Calls `onRows` with all rows of a live collection, now and whenever they change; returns what ends it.
 * Rows that did not change are the same objects as before.
 */
export function subscribe<T = any>(name: string, onRows: (rows: T[]) => void, options?: LiveOptions): () => void;

/**
 * Resolves when every live collection shows what the write behind an ack did, one that changed nothing there too; where
 * the server refuses or cannot be reached, after some seconds.
 */
export function settled(result: Ack): Promise<unknown>;
