// Serves a bundled front end as the dev server of Create React App or Vite does: its own files, `index.html` for
// pages, and everything else, WebSockets included, forwarded to the app's server.
// node front.mjs FOLDER SERVER_PORT PREFIX... ; prints the port that it listens on. A PREFIX is always forwarded;
// "strip:/api" also takes it away.
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer, request } from "node:http";
import { connect } from "node:net";
import { extname, join, normalize } from "node:path";

const [folder, server, ...prefixes] = process.argv.slice(2);
const types = { ".js": "text/javascript", ".css": "text/css", ".html": "text/html", ".svg": "image/svg+xml" };

function target(url) {
  const stripped = prefixes.filter((one) => one.startsWith("strip:")).map((one) => one.slice(6));
  const found = stripped.find((one) => url.startsWith(one));
  return found ? url.slice(found.length) || "/" : url;
}

function isPage(req) {
  const isForwarded = prefixes.some((one) => req.url.startsWith(one.replace("strip:", "")));
  return req.method === "GET" && !isForwarded && (req.headers.accept ?? "").includes("text/html");
}

function send(res, path) {
  res.writeHead(200, { "Content-Type": types[extname(path)] ?? "application/octet-stream" });
  createReadStream(path).pipe(res);
}

const front = createServer((req, res) => {
  const path = join(folder, normalize(decodeURIComponent(req.url.split("?")[0])));
  if (req.method === "GET" && path.startsWith(folder) && existsSync(path) && statSync(path).isFile()) return send(res, path);
  if (isPage(req)) return send(res, join(folder, "index.html"));
  const options = { port: server, host: "127.0.0.1", method: req.method, path: target(req.url), headers: req.headers };
  const onward = request(options, (answer) => {
    res.writeHead(answer.statusCode, answer.headers);
    answer.pipe(res);
  });
  onward.on("error", () => res.writeHead(502).end());
  req.pipe(onward);
});

front.on("upgrade", (req, socket, head) => {
  const onward = connect(Number(server), "127.0.0.1", () => {
    const lines = Object.entries(req.headers).map(([name, value]) => `${name}: ${value}`);
    onward.write(`${req.method} ${req.url} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
    onward.write(head);
    onward.pipe(socket).pipe(onward);
  });
  onward.on("error", () => socket.destroy());
  socket.on("error", () => onward.destroy());
});

front.listen(0, "127.0.0.1", () => console.log(front.address().port));
process.stdin.on("end", () => process.exit(0)).resume(); // ends with whoever started it
