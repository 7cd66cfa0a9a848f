// Subscribers and one writer, frame by frame: node live.mjs URL SUBSCRIBERS
// Each line on stdin is {writes}; the answer is {bytes, latencies}: characters that one subscriber was sent per write,
// and the milliseconds from the writer's ack to each subscriber's frame, negative where the frame came first.
import { createInterface } from "node:readline";
import WebSocket from "ws";

const [url, count] = [process.argv[2], Number(process.argv[3])];
const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

class Client {
  constructor() {
    this.acks = new Map();
    this.number = 0;
    this.received = 0;
    this.onEvent = () => {};
  }

  open() {
    this.socket = new WebSocket(`${url.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket`, {
      perMessageDeflate: false,
      maxPayload: 1 << 30,
    });
    return new Promise((resolve, reject) => {
      this.socket.on("error", reject);
      this.socket.on("message", (data) => this.heard(data, resolve));
    });
  }

  heard(data, connected) {
    const head = data.subarray(0, 12).toString();
    if (head[0] === "0") this.socket.send("40");
    else if (head[0] === "2") this.socket.send("3");
    else if (head.startsWith("40")) connected();
    else if (head.startsWith("43")) this.acks.get(Number.parseInt(head.slice(2), 10))(data);
    else if (head.startsWith('42["coaches"')) {
      this.received += data.length;
      this.onEvent();
    }
  }

  emit(...args) {
    const id = (this.number += 1);
    this.socket.send(`42${id}${JSON.stringify(args)}`);
    return new Promise((resolve) => this.acks.set(id, resolve));
  }
}

const subscribers = Array.from({ length: count }, () => new Client());
const writer = new Client();
for (const client of [...subscribers, writer]) await client.open();
for (const client of subscribers) {
  const ack = await client.emit("subscribe", "coaches", { deltas: true });
  if (!ack.subarray(0, 40).includes('"ok":true')) {
    say({ error: ack.toString().slice(0, 200) });
    process.exit(1);
  }
}
say({ subscribed: count });

let written = 0;
async function write() {
  const arrivals = [];
  const all = Promise.all(
    subscribers.map(
      (client) =>
        new Promise((resolve) => {
          client.onEvent = () => (arrivals.push(performance.now()), resolve());
        }),
    ),
  );
  written += 1;
  await writer.emit("update_coach", { id: 1 + (written % 100), name: `Name ${written}` });
  const acknowledged = performance.now();
  await all;
  return arrivals.map((at) => at - acknowledged);
}

for await (const line of createInterface({ input: process.stdin })) {
  const { writes } = JSON.parse(line);
  const latencies = [];
  const before = subscribers.map((client) => client.received);
  for (let number = 0; number < writes; number += 1) latencies.push(...(await write()));
  const bytes = subscribers.reduce((sum, client, at) => sum + client.received - before[at], 0) / count / writes;
  say({ bytes, last: latencies.length ? latencies : [] });
}
process.exit(0);
