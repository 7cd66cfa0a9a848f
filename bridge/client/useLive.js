// The rows of a live collection as React state: const coaches = useLive("coaches");
// Optional: put it beside socket.js where you like the hook better than subscribe().
import { useEffect, useState } from "react";
import { subscribe } from "./socket";

/** The rows, null until they are there and where the server refuses; `options.onLost(ack)` hears of that. */
export function useLive(name, options) {
  const [state, setState] = useState({ name, rows: null });
  useEffect(() => {
    const onLost = (ack) => {
      setState({ name, rows: null });
      if (options && options.onLost) options.onLost(ack);
    };
    return subscribe(name, (rows) => setState({ name, rows }), { onLost });
    // eslint-disable-next-line react-hooks/exhaustive-deps -- options are read when something is lost
  }, [name]);
  return state.name === name ? state.rows : null; // never another collection's rows under this name
}
