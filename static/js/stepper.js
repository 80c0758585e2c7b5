// Steppers without a page load: taps are gathered for a moment, then sent under a key of their own, one after another.
import { redraw } from "./live.js";
import { swapBasket, tellTabs } from "./own.js";
import { refreshParts } from "./parts.js";
import { swapRange } from "./range.js";
import { say } from "./saved.js";
import { closeSheet, openSheet } from "./sheet.js";
import { keepUnsent, unsent } from "./unsent.js";
import { fill, newKey, words } from "./words.js";

const PAUSE = 350, AGAIN = 4000;
// Per card: `sent` is the number that the server knows, `queue` what it has not answered, the first perhaps under way.
const states = new Map();

export function startSteppers() {
  document.addEventListener("submit", (event) => {
    const form = event.target, sheet = form.closest("dialog")?.dataset.sheetOf;
    const card = sheet ? cardOf(sheet) : form.closest("[data-offer]");
    if (!card || !form.elements.request_key || form.closest("aside")) return;
    event.preventDefault();
    const { name, value } = event.submitter ?? {};
    if (name === "step") tap(card, +value);
    else enqueue(card, entry(card, form, name === "extra" ? { extra: value } : {}));
    if (sheet) closeSheet();
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("[data-leave]")) return;
    event.preventDefault();
    location.reload(); // to the offer as it is now
  });
  addEventListener("online", flush);
  restore();
}

const cardOf = (offer) => document.querySelector(`[data-offer="${offer}"]`);
const stepperOf = (card) => card.querySelector(".stepper");

function stateOf(card) {
  const offer = card.dataset.offer, known = states.get(offer);
  if (known?.card === card) return known;
  const state = known ?? { sent: +stepperOf(card).elements.firm.value, queue: [] };
  state.card = card;
  states.set(offer, state);
  return state;
}

/** Whether a tap is still on its way to the server. */
export const isSending = () => [...states.values()].some((state) => state.queue.length || state.timer);

// A step counts from what the server knows when it is sent; the sheet and its like say all themselves.
function tap(card, by) {
  const state = stateOf(card), last = state.queue.at(-1);
  state.touched = Date.now();
  const waits = last && last.by !== null && !last.extra && !(state.busy && state.queue.length === 1) && !last.tried;
  if (waits) Object.assign(last, { by: last.by + by, key: newKey() });
  else state.queue.push({ by, fields: [["version", stepperOf(card).elements.version.value]], key: newKey() });
  keepUnsent(card.dataset.offer, state.queue);
  show(card, expected(state));
  say(state.lost ? "lost" : "saving");
  clearTimeout(state.timer);
  state.timer = setTimeout(() => { state.timer = undefined; send(card); }, PAUSE);
}

function entry(card, form, { extra } = {}) {
  const version = stepperOf(card).elements.version.value;
  if (extra) return { by: 0, extra, fields: [["version", version], ["extra", extra]], key: newKey() };
  const fields = [...new FormData(form)].filter(([name]) => !["csrfmiddlewaretoken", "request_key"].includes(name));
  return { by: null, fields, key: newKey() };
}

function enqueue(card, wish) {
  const state = stateOf(card);
  state.touched = Date.now();
  clearTimeout(state.timer);
  state.timer = undefined;
  state.queue.push(wish);
  keepUnsent(card.dataset.offer, state.queue);
  show(card, expected(state));
  send(card);
}

/** The number that the card comes to once all its taps have arrived. */
const expected = ({ sent, queue }) => queue.reduce((firm, { by, fields }) =>
  Math.max(0, by === null ? +(fields.find(([name]) => name === "firm")?.[1] ?? firm) : firm + by), sent);

function flush() {
  for (const { card, queue, timer } of states.values()) if (queue.length && !timer) send(card);
}

async function send(card) {
  const state = stateOf(card), wish = state.queue[0];
  if (state.busy || !wish) return tell();
  state.busy = true;
  clearTimeout(state.again);
  const stepper = stepperOf(card), body = new FormData();
  // What was sent before and not answered goes out as it was, under its key: it counts once, however often it arrives.
  if (wish.by !== null && !wish.tried) wish.fields.push(["firm", Math.max(0, state.sent + wish.by)], ["seen", state.sent]);
  wish.tried = true;
  keepUnsent(card.dataset.offer, state.queue);
  for (const [name, value] of wish.fields) body.append(name, value);
  body.append("request_key", wish.key);
  body.append("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
  card.setAttribute("aria-busy", "true");
  tell();
  let answer, text;
  try {
    answer = await fetch(stepper.action, { method: "POST", body, headers: { "HX-Request": "true" }, redirect: "manual" });
    text = answer.type === "opaqueredirect" ? "" : await answer.text();
  } catch { answer = undefined; }
  state.busy = false;
  card.removeAttribute("aria-busy");
  if (answer?.type === "opaqueredirect") return location.reload(); // signed out: what is unsent waits for its household
  if (!answer || answer.status >= 500 || answer.status === 429) return keep(card, state);
  state.lost = false;
  state.queue.shift();
  take(card, new DOMParser().parseFromString(text, "text/html"), state, answer.ok);
  keepUnsent(card.dataset.offer, state.queue);
  if (state.queue.length && !state.timer) send(card);
  else tell();
}

// No connection: the wish stays on the card, said to be unsent, until it gets through.
function keep(card, state) {
  state.lost = true;
  note(card, Object.assign(document.createElement("div"), { className: "told waits", textContent: words.lost }));
  state.again = setTimeout(() => send(card), AGAIN);
  tell();
}

function tell() {
  const all = [...states.values()];
  say(all.some((state) => state.lost) ? "lost" : all.some((state) => state.queue.length || state.timer) ? "saving" : "");
}

function take(card, page, state, ok) {
  const line = page.querySelector("[data-firm]"), sheet = page.querySelector("[data-sheet-form]");
  state.touched = Date.now();
  if (ok && line) {
    state.sent = +line.dataset.firm;
    setVersion(card, page.querySelector("[data-version]")?.dataset.version);
    note(card, ...line.childNodes);
    show(card, expected(state), state.queue.length ? undefined : +line.dataset.flexible);
    swapRange(card, page.querySelector("[data-range]"));
    swapBasket(page.getElementById("basket"));
    if (card.matches(".loose")) card.remove();
    tellTabs();
    refreshParts();
    return;
  }
  state.queue = [];
  clearTimeout(state.timer);
  state.timer = undefined;
  const held = page.querySelector("[data-kept-firm]")?.dataset.keptFirm;
  if (held !== undefined) state.sent = +held;
  show(card, state.sent);
  if (sheet) return openSheet(card, sheet);
  note(card, ...page.body.childNodes);
  card.querySelector(".note").scrollIntoView({ block: "nearest" });
}

/** Shows what the household holds of a card (nothing: no line), unless somebody is changing it here. */
export function settle(card, line, asked) {
  if (!stepperOf(card)) return;
  const state = stateOf(card), firm = +(line?.dataset.firm ?? 0), flexible = +(line?.dataset.flexible ?? 0);
  if (state.busy || state.timer || state.queue.length || state.touched > asked) return;
  state.sent = firm;
  setVersion(card, line?.dataset.version);
  show(card, firm, flexible);
  swapRange(card, line?.querySelector("[data-range]"));
}

// After a reload: what this browser had not got through goes out, also for offers that this page does not show.
function restore() {
  for (const [offer, queue] of Object.entries(unsent())) {
    const shown = cardOf(offer), card = shown && stepperOf(shown) ? shown : loose(offer);
    if (!card) continue;
    const state = stateOf(card);
    state.queue = queue;
    show(card, expected(state));
    send(card);
  }
}

function loose(offer) {
  const page = document.querySelector("[data-user]"), place = document.getElementById("unsent");
  if (!place || !document.querySelector("[name=csrfmiddlewaretoken]")) return null;
  const round = page.dataset.round ?? page.dataset.basket;
  const card = Object.assign(document.createElement("div"), { className: "loose" });
  card.dataset.offer = offer;
  card.innerHTML = '<form class="stepper" hidden><input name="firm" value="0"><input name="version" value="1"><output>0<small></small></output></form><div class="note" role="status"></div>';
  card.firstChild.action = `/rounds/${round}/offers/${offer}/`;
  place.append(card);
  return card;
}

function setVersion(card, version) {
  if (version) stepperOf(card).elements.version.value = version;
}

const note = (card, ...nodes) => card.querySelector(".note").replaceChildren(...nodes);

function show(card, firm, flexible) {
  const stepper = stepperOf(card), output = stepper.querySelector("output"), minus = stepper.querySelector("button[value='-1']");
  stepper.elements.firm.value = firm;
  output.firstChild.textContent = firm;
  if (flexible !== undefined) stepper.dataset.flexible = flexible;
  const extra = +stepper.dataset.flexible || 0;
  output.lastElementChild.textContent = firm && extra ? fill(words.up_to, firm + extra) : "";
  stepper.classList.toggle("has", firm > 0);
  card.classList.toggle("has", firm > 0);
  if (minus) {
    if (!firm && document.activeElement === minus) stepper.querySelector("button[value='1']").focus({ preventScroll: true });
    minus.disabled = !firm;
  }
  card.dataset.mine = firm;
  redraw(card);
}
