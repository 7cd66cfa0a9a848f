// What every client shares: it reads one command a line on stdin and answers with one line of JSON.
//   check PAYLOAD              -> {ok, data}: one call, its answer in full
//   run PAYLOAD N SECONDS      -> {count, seconds, p50, p99, cpu}: N calls always in flight; times in seconds
// A failure is {error}. The end of stdin ends the process, so that no client outlives the benchmark.
import { createInterface } from "node:readline";

export const PAYLOADS = {
  empty: { path: "/empties", event: "get_empties", args: [] },
  one_row: { path: "/coaches/7", event: "get_coach", args: [{ id: 7 }] },
  rows_50: { path: "/coaches?limit=50", event: "get_coaches", args: [{ limit: 50 }] },
  rows_1000: { path: "/coaches?limit=1000", event: "get_coaches", args: [{ limit: 1000 }] },
};

/** The options that the benchmark passes as one JSON argument. */
export const options = JSON.parse(process.argv[2]);

/** Answers commands; `call(payload)` makes one call and throws unless its answer is good; `check` returns {ok, data}. */
export async function serve({ call, check }) {
  reply({ ready: true });
  for await (const line of createInterface({ input: process.stdin })) {
    const [command, payload, inFlight, seconds] = line.split(" ");
    try {
      reply(command === "check" ? await check(payload) : await turn(call, payload, Number(inFlight), Number(seconds)));
    } catch (error) {
      reply({ error: String(error.cause ?? error) });
    }
  }
  process.exit(0);
}

/** Ends the process with an error that the benchmark can show. */
export function fail(error) {
  process.stdout.write(`${JSON.stringify({ error: String(error) })}\n`, () => process.exit(1));
}

async function turn(call, payload, inFlight, seconds) {
  const latencies = [];
  const cpu = process.cpuUsage();
  const start = performance.now();
  const deadline = start + seconds * 1000;
  const worker = async () => {
    for (let sent = performance.now(); sent < deadline; sent = performance.now()) {
      await call(payload);
      latencies.push(performance.now() - sent);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  const elapsed = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  latencies.sort((a, b) => a - b);
  const percentile = (share) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] / 1000;
  return {
    count: latencies.length,
    seconds: elapsed / 1000,
    p50: percentile(0.5),
    p99: percentile(0.99),
    cpu: (user + system) / 1e6,
  };
}

function reply(value) {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
