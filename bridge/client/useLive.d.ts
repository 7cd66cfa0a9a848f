import type { LiveOptions } from "./socket";

/** The rows of a live collection as React state; null until they are there, and where the server refuses. */
export function useLive<T = any>(name: string, options?: LiveOptions): T[] | null;
