"use strict";
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const filter = document.getElementById("filter");
const toggles = all(".toggle");
const files = all("details.file");

// ---- filter: by words and by outcome ----

const texts = new WeakMap();
const textOf = (node) => {
  if (!texts.has(node)) texts.set(node, node.textContent.toLowerCase());
  return texts.get(node);
};

function show() {
  const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
  const off = new Set(toggles.filter((one) => one.getAttribute("aria-pressed") === "false").map((one) => one.dataset.outcome));
  const isAll = !words.length && !off.size;
  const fits = (text) => words.every((word) => text.includes(word));
  let calls = 0;
  for (const group of all("details.group")) {
    const about = textOf(group.querySelector("summary"));
    let shown = 0;
    for (const block of all(".block", group)) {
      const said = `${about} ${block.querySelector(".shared")?.textContent.toLowerCase() ?? ""}`;
      const items = all("li", block);
      for (const item of items) item.hidden = off.has(item.dataset.outcome) || !fits(`${said} ${textOf(item)}`);
      const count = items.filter((item) => !item.hidden).length;
      block.hidden = !count;
      shown += count;
    }
    group.hidden = !shown;
    if (words.length && shown) group.open = true;
    calls += shown;
  }
  let count = 0;
  for (const file of files) {
    const path = textOf(file.querySelector("summary .path"));
    const items = all(".guidance > li", file);
    const wanted = items.filter((item) => !off.has(item.dataset.outcome) && fits(`${path} ${textOf(item)}`));
    file.hidden = items.length ? !wanted.length : !isAll && !(words.length && fits(path));
    count += !file.hidden;
  }
  const note = (id, number) => {
    const section = document.getElementById(id);
    if (!section) return;
    section.querySelector(".count").textContent = number;
    section.hidden = !number;
  };
  note("findings", calls);
  note("files", count);
  document.getElementById("matches").textContent = isAll ? "" : `${calls} ${calls === 1 ? "finding" : "findings"}, ${count} ${count === 1 ? "file" : "files"}`;
}

if (filter) {
  filter.addEventListener("input", show);
  for (const toggle of toggles) {
    toggle.addEventListener("click", () => {
      toggle.setAttribute("aria-pressed", toggle.getAttribute("aria-pressed") === "false");
      show();
    });
  }
  for (const row of all(".bars")) {
    row.addEventListener("click", () => {
      filter.value = filter.value === row.dataset.find ? "" : row.dataset.find;
      show();
      filter.scrollIntoView({ block: "nearest" });
    });
  }
  show();
}

// ---- long lists of bars ----

const ROWS = 10;
for (const chart of all(".chart")) {
  const rest = all(".bars", chart).slice(ROWS);
  if (rest.length < 2) continue;
  for (const row of rest) row.hidden = true;
  const more = document.createElement("button");
  more.type = "button";
  more.className = "more";
  more.textContent = `${rest.length} more`;
  more.addEventListener("click", () => {
    for (const row of rest) row.hidden = false;
    rest[0].focus();
    more.remove();
  });
  chart.append(more);
}

// ---- code: colours when a file is opened, unchanged lines when they are asked for ----

const token =
  /(\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*(?:`|$))|\b(async|await|break|case|catch|class|const|continue|default|delete|do|else|export|extends|false|finally|for|from|function|if|import|in|instanceof|interface|let|new|null|of|return|static|super|switch|this|throw|true|try|type|typeof|undefined|var|void|while|yield)\b|\b(\d[\d._]*)\b/g;
const kinds = ["comment", "string", "keyword", "number"];

function colour(pre) {
  if (!CSS.highlights || pre.dataset.coloured || !pre.textContent) return;
  pre.dataset.coloured = "1";
  const nodes = [];
  const walker = document.createTreeWalker(pre, NodeFilter.SHOW_TEXT);
  for (let at = 0; walker.nextNode(); at += walker.currentNode.length) nodes.push([at, walker.currentNode]);
  let index = 0;
  const point = (offset, isEnd) => {
    while (index + 1 < nodes.length && nodes[index + 1][0] + (isEnd ? 0 : -1) < offset) index++;
    return [nodes[index][1], offset - nodes[index][0]];
  };
  for (const found of pre.textContent.matchAll(token)) {
    const kind = kinds[found.slice(1).findIndex(Boolean)];
    const range = new Range();
    range.setStart(...point(found.index, false));
    range.setEnd(...point(found.index + found[0].length, true));
    if (!CSS.highlights.has(kind)) CSS.highlights.set(kind, new Highlight());
    CSS.highlights.get(kind).add(range);
  }
}

function unfold(gap) {
  const lines = gap.querySelector("template").content.textContent.replace(/\n$/, "").split("\n");
  const row = document.createElement("div");
  row.className = "same";
  for (const [side, start] of [["o", gap.dataset.old], ["n", gap.dataset.new]]) {
    const pre = document.createElement("pre");
    pre.className = side;
    lines.forEach((line, number) => {
      const span = document.createElement("span");
      span.dataset.n = Number(start) + number;
      span.textContent = `${line}\n`;
      pre.append(span);
    });
    row.append(pre);
    colour(pre);
  }
  gap.replaceWith(row);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest(".gap > button");
  if (button) unfold(button.parentElement);
});
for (const file of files) {
  const paint = () => file.open && all(".diff pre", file).forEach(colour);
  file.addEventListener("toggle", paint);
  paint();
}
all(".sites pre").forEach(colour);

// ---- links and keys ----

function follow() {
  const target = location.hash.startsWith("#f") && document.getElementById(location.hash.slice(1));
  if (!target || !files.includes(target)) return;
  target.hidden = false;
  target.open = true;
  target.scrollIntoView();
}
addEventListener("hashchange", follow);
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#f']");
  if (link && link.hash === location.hash) follow();
});
follow();

function step(by) {
  const shown = files.filter((file) => !file.hidden);
  const now = shown.findIndex((file) => file.contains(document.activeElement));
  const next = shown[now < 0 ? (by > 0 ? 0 : shown.length - 1) : now + by];
  if (!next) return;
  next.querySelector("summary").focus({ preventScroll: true });
  next.scrollIntoView({ block: "start" });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target === filter) {
    if (event.key === "Escape") {
      filter.value = "";
      show();
      filter.blur();
    }
    return;
  }
  if (event.key === "/" && filter) {
    event.preventDefault();
    filter.focus();
  } else if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
  else if (event.key === "e") {
    const isOpen = files.some((file) => !file.hidden && !file.open);
    for (const file of files) file.open = isOpen;
  }
});

// ---- paper: everything that is shown is printed open ----

let closed = [];
addEventListener("beforeprint", () => {
  closed = all("details:not([open])");
  for (const one of closed) one.open = true;
});
addEventListener("afterprint", () => {
  for (const one of closed) one.open = false;
});
