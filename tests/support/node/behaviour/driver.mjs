// Runs front ends for tests/codemods/test_behaviour.py, many side by side. JSON lines, in both directions:
//   in  {"task": {...}}                      a front end, a server, and how it is to answer
//       {"asked": {"run", "key", ...}}       the server got a request and waits
//   out {"release": key, "answer": {...}}    let it answer
//       {"done": id, "log": [...]}           or {"done": id, "failed": "..."}
import { createInterface } from "node:readline";
import { Recorder } from "./recorder.mjs";
import { runTask } from "./run.mjs";

const AT_ONCE = 16;
const running = new Map();
const waiting = [];

const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
const release = (key, answer) => say({ release: key, answer });

async function work(task) {
  const recorder = new Recorder(task.id, task.mode);
  running.set(task.id, recorder);
  try {
    say({ done: task.id, log: await runTask(task, recorder, release) });
  } catch (error) {
    say({ done: task.id, failed: `${error.stack}` });
  }
  running.delete(task.id);
  fill();
}

function fill() {
  while (running.size < AT_ONCE && waiting.length > 0) work(waiting.shift());
}

for await (const line of createInterface({ input: process.stdin })) {
  const { task, asked } = JSON.parse(line);
  if (task !== undefined) waiting.push(task);
  else running.get(asked.run)?.arrived(asked);
  fill();
}
process.exit(0);
