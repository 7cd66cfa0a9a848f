"use strict";
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const cards = all(".card");

// ---- filter: by words and by surface ----

const toolbar = document.querySelector(".toolbar");
const filter = document.getElementById("filter");
const toggles = all("[data-surface].toggle");
const texts = new WeakMap();
const textOf = (node) => {
  if (!texts.has(node)) texts.set(node, node.textContent.toLowerCase());
  return texts.get(node);
};

function show() {
  const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
  const off = new Set(toggles.filter((one) => one.getAttribute("aria-pressed") === "false").map((one) => one.dataset.surface));
  for (const card of cards) {
    card.hidden = off.has(card.dataset.surface) || !words.every((word) => textOf(card).includes(word));
  }
  const count = cards.filter((card) => !card.hidden).length;
  document.getElementById("matches").textContent = count < cards.length ? `${count} of ${cards.length}` : "";
}

if (toolbar) {
  toolbar.hidden = false;
  filter.addEventListener("input", show);
  for (const toggle of toggles) {
    toggle.addEventListener("click", () => {
      toggle.setAttribute("aria-pressed", toggle.getAttribute("aria-pressed") === "false");
      show();
    });
  }
  const fold = document.getElementById("fold");
  const isAnyOpen = () => cards.some((card) => card.open);
  const name = () => (fold.textContent = isAnyOpen() ? "Close all" : "Open all");
  fold.addEventListener("click", () => {
    const open = !isAnyOpen();
    for (const card of cards) card.open = open;
    name();
  });
  for (const card of cards) card.addEventListener("toggle", name);
  name();
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target === filter && event.key === "Escape") {
      filter.value = "";
      show();
      filter.blur();
    } else if (event.key === "/" && event.target !== filter) {
      event.preventDefault();
      filter.focus();
    }
  });
}

// ---- links from the matrix open their card ----

function follow() {
  const card = location.hash.startsWith("#m") && document.getElementById(location.hash.slice(1));
  if (!card || !cards.includes(card)) return;
  card.hidden = false;
  card.open = true;
  card.scrollIntoView();
}
addEventListener("hashchange", follow);
follow();

// ---- equal lines are folded, commands copied ----

for (const body of all(".alike")) {
  const rows = body.rows.length;
  const row = document.createElement("tbody").insertRow();
  const cell = row.insertCell();
  cell.colSpan = 2;
  cell.className = "folded";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "more";
  button.textContent = `⋯ ${rows} lines that are the same`;
  button.addEventListener("click", () => {
    body.hidden = false;
    row.parentElement.remove();
  });
  cell.append(button);
  body.before(row.parentElement);
  body.hidden = true;
}

for (const command of all(".command")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    const code = command.querySelector("code");
    try {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(code);
      button.textContent = "Selected";
    }
  });
  command.append(button);
}

// ---- paper: everything that is shown is printed open ----

let closed = [];
addEventListener("beforeprint", () => {
  closed = all("details:not([open])");
  for (const one of closed) one.open = true;
});
addEventListener("afterprint", () => {
  for (const one of closed) one.open = false;
});
