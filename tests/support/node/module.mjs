// Runs one scenario of tests/bridge/test_client_module.py against the client module itself.
// node module.mjs SCENARIO URL: socket.js stands beside this file; prints one JSON line per step.
const [scenario, url] = process.argv.slice(2);
globalThis.location = new URL(url);

const { json, socket, subscribe, TIMEOUT } = await import("./socket.js");
const say = (value) => console.log(JSON.stringify(value));
const connected = () => new Promise((resolve) => (socket.connected ? resolve() : socket.once("connect", resolve)));
const emit = (...args) => new Promise((resolve) => socket.emit(...args, resolve));
const lines = []; // what the test has said that no scenario has heard yet
const hearers = [];
process.stdin.on("data", (data) => {
  for (const one of String(data).trimEnd().split("\n")) hearers.length ? hearers.shift()(one) : lines.push(one);
});
const line = () => (lines.length ? lines.shift() : new Promise((resolve) => hearers.push(resolve)));

const scenarios = {
  async answers() {
    await connected();
    say(await emit("new_note", { text: "a" }));
    say(await socket.timeout(TIMEOUT).emitWithAck("new_note", { text: "b" }));
    const timed = await new Promise((resolve) => socket.timeout(5000).emit("get_notes", (...args) => resolve(args)));
    say({ error: timed[0], ok: timed[1].ok, data: timed[1].data.map((note) => note.text) });
  },
  async broken() {
    await connected();
    const plain = emit("get_slow");
    const promised = socket.timeout(TIMEOUT).emitWithAck("get_slow").then(
      () => "answered",
      () => "rejected",
    );
    say("asked"); // the test ends the server now
    const result = await plain;
    say(result);
    say(await promised);
    try {
      say(json(result));
    } catch (error) {
      say(error.name);
    }
  },
  async nobody() {
    const plain = emit("new_note", { text: "lost" });
    const promised = socket.timeout(TIMEOUT).emitWithAck("new_note", { text: "lost too" }).then(
      () => "answered",
      () => "rejected",
    );
    socket.emit("new_note", { text: "nobody listens" });
    say(await plain);
    say(await promised);
    await line(); // the test has started the server
    await connected();
    await emit("new_note", { text: "kept" });
    say((await emit("get_notes")).data.map((note) => note.text));
  },
  async early() {
    const values = { text: "before" };
    const kept = emit("new_note", values); // not connected yet: Socket.IO keeps it for later
    values.text = "after";
    say((await kept).data);
  },
  async large() {
    await connected();
    await emit("get_notes");
    say(await emit("new_note", { text: "x".repeat(30_000) }));
    say(await socket.timeout(TIMEOUT).emitWithAck("new_note", { text: "\u20ac".repeat(8_000) }));
    say((await emit("new_note", { text: "small" })).status);
    say(socket.connected);
  },
  async live() {
    const rows = (who) => (all) => say([who, all.map((note) => note.text)]);
    const first = subscribe("notes", rows("first")); // before there is a connection
    await line();
    await emit("new_note", { text: "a" });
    await line();
    const second = subscribe("notes", rows("second")); // has the rows at once
    first();
    first();
    await emit("new_note", { text: "b" });
    await line();
    await line(); // the test has started the server anew
    await connected();
    await line();
    second();
    await emit("new_note", { text: "unheard" });
    say([await emit("get_subscribers"), socket.listeners("notes").length]);
  },
  async refused() {
    console.error = (...args) => say(args);
    subscribe("secrets", () => say("never"));
    await connected();
    await emit("get_notes");
  },
  async swallowed() {
    say([(await emit("new_note", { text: "a" })).status, socket.io.engine.transport.name]);
    const disconnected = new Promise((resolve) => socket.once("disconnect", resolve));
    socket.io.engine.close();
    await disconnected;
    say([(await emit("new_note", { text: "b" })).status, socket.io.engine.transport.name]);
    say((await emit("get_notes")).data.map((note) => note.text));
  },
  async json() {
    await connected();
    const tried = [];
    for (const event of ["get_notes", "get_page", "get_empty", "get_refused"]) {
      const result = await emit(event);
      try {
        tried.push(json(result));
      } catch (error) {
        tried.push(error.name);
      }
    }
    say(tried);
  },
};

await scenarios[scenario]();
process.exit(0);
