// Figures as they change: hints by socket, and the shared snapshot over HTTP whenever one may have been missed.
import { setClock } from "./clock.js";
import { ask, moved } from "./own.js";
import { drawRow } from "./row.js";
import { sentence, stressed } from "./sentence.js";
import { isSending } from "./stepper.js";
import { fill, money, words } from "./words.js";

const shown = new Map(), states = new Map(); // of each window on the page: version of its demand, and its state
// How often the snapshot is asked for: by who saves data, and where no socket gets through. How long one may connect.
const SELDOM = 30000, OFTEN = 12000, CONNECTING = 15000;
let round, socket, etag, waiting, tries = 0, beat, again, polls;

export function startLive(page) {
  round = page.dataset.round;
  for (const part of page.querySelectorAll("[data-window]")) {
    shown.set(+part.dataset.window, +part.dataset.version);
    states.set(+part.dataset.window, part.dataset.state);
  }
  // Who saves data gets no socket: the page asks now and then.
  if (document.documentElement.classList.contains("saving")) poll(SELDOM);
  else connect();
  addEventListener("offline", () => stale(words.stale));
  addEventListener("online", back);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) back(); });
}

// Awake or on the line again: the socket may be dead without having said so.
function back() {
  if (socket?.readyState > 1) connect();
  else if (socket?.readyState === 1) ping();
  refetch();
  ask();
}

function connect() {
  clearTimeout(again);
  const opened = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/rounds/${round}/`);
  socket = opened;
  clearTimeout(beat);
  beat = setTimeout(() => opened.close(), CONNECTING); // a proxy may swallow it without a word
  socket.onmessage = (event) => { heard(); hear(JSON.parse(event.data)); };
  socket.onopen = heard;
  socket.onclose = (event) => {
    if (socket !== opened) return;
    clearTimeout(beat);
    if (event.code === 4404) return;
    if (tries && !polls) stale(words.stale);
    if (tries > 1 && !polls) { refetch(1000); poll(OFTEN); } // no socket gets through: the shared snapshot instead
    again = setTimeout(connect, Math.min(30000, 500 * 2 ** tries++) * (0.5 + Math.random()));
  };
}

// A sleeping network closes nothing: a socket that stays silent after a ping is given up.
function heard() {
  tries = 0;
  clearInterval(polls);
  polls = undefined;
  stale("");
  clearTimeout(beat);
  beat = setTimeout(ping, 25000);
}

function poll(every) {
  polls = setInterval(() => document.hidden || refetch(2000), every);
}

function ping() {
  clearTimeout(beat);
  if (socket.readyState === 1) socket.send("ping");
  beat = setTimeout(() => socket.close(), 5000);
}

function hear(hint) {
  if (hint.type === "round.state") {
    setClock(hint.now);
    if (hint.windows.some((w) => states.has(w.id) && states.get(w.id) !== w.state)) reload(500);
    if (hint.windows.some((w) => shown.has(w.id) && shown.get(w.id) !== w.version)) refetch();
  } else if (hint.type === "round.changed" && shown.has(hint.window)) {
    const before = shown.get(hint.window);
    if (hint.version <= before) return;
    if (hint.version > before + 1 || !hint.offers) return refetch(2000);
    shown.set(hint.window, hint.version);
    hint.offers.forEach(apply);
    moved(hint.offers);
  } else if (hint.type === "window.state") {
    reload(hint.state === "closed" ? 3000 : 500);
  } else if (hint.type === "gap") {
    refetch(2000);
  }
}

/** Fetches the snapshot that all share, after a random pause so that not everybody comes at once. */
export function refetch(jitter = 300) {
  clearTimeout(waiting);
  waiting = setTimeout(async () => {
    try {
      const answer = await fetch(`/rounds/${round}/live/`, { headers: etag ? { "If-None-Match": etag } : {} });
      if (answer.status === 304) return current();
      if (!answer.ok) throw new Error(answer.status);
      etag = answer.headers.get("ETag");
      for (const part of (await answer.json()).windows) {
        if (part.version < (shown.get(part.id) ?? 0)) continue;
        shown.set(part.id, part.version);
        part.offers.forEach(apply);
      }
      current();
      ask();
    } catch {
      stale(words.stale);
    }
  }, Math.random() * (typeof jitter === "number" ? jitter : 300));
}

/** Loads the page anew within so many milliseconds; later while somebody types in it, sends or reads a refusal. */
export function reload(jitter) {
  setTimeout(() => {
    const typing = document.activeElement?.matches("input:enabled, select:enabled");
    if (typing || isSending()) return reload(2000);
    const reading = document.querySelector(".note .problem");
    setTimeout(() => location.reload(), reading ? 12000 : 0);
  }, Math.random() * jitter);
}

const figures = new Map();

function apply(o) {
  figures.set(o.id, o);
  const card = document.querySelector(`[data-offer="${o.id}"]`);
  if (!card) return;
  redraw(card);
  const [so, next] = sentence(o);
  const said = card.querySelector(".sentence");
  if (said && said.textContent.trim() !== `${so} ${next}`.trim()) {
    said.firstElementChild.textContent = so;
    said.lastElementChild.replaceChildren(stressed(next));
    said.classList.remove("changed");
    requestAnimationFrame(() => said.classList.add("changed"));
  }
  const price = card.querySelector(".price");
  if (price) {
    price.querySelector("b").textContent = money(o.now ?? o.at_most);
    const lower = o.now !== null && o.now < o.at_most;
    price.querySelector("small").textContent =
      o.now === null ? words.at_most : lower ? fill(words.now_at_most, money(o.at_most)) : "";
    const per = price.querySelector(".per");
    if (per) per.textContent = compared(o.now ?? o.at_most, per.dataset);
  }
}

/** The price per kilogram, litre or piece, rounded half up as marketplace/views/cards.py does. */
function compared(price, { unit, factor, content }) {
  return `${money(Math.floor((2 * price * factor + +content) / (2 * content)))}\u00a0${unit}`;
}

/** Draws a card's row again, with its household's units of this moment. */
export function redraw(card) {
  const row = card.querySelector(".row");
  if (!row) return;
  const [reserved, sure, waiting, target] = row.dataset.figures.split(",").map(Number);
  drawRow(row, figures.get(+card.dataset.offer) ?? { reserved, sure, waiting, target }, +card.dataset.mine || 0);
}

// Fetched a moment ago; where that is all there is, the next change shows only when it is fetched again.
function current() {
  stale(polls && socket?.readyState !== 1 && socket ? words.polled : "");
}

/** Says that figures may be old, and why; nothing takes it away. */
function stale(text) {
  const place = document.getElementById("stale");
  if (!place || place.textContent === text) return;
  const note = Object.assign(document.createElement("div"), { className: "told waits", textContent: text });
  place.replaceChildren(...(text ? [note] : []));
}
