// Steppers without a page load: taps are gathered for a moment, then the number is sent under a key of its own.
import { redraw } from "./live.js";
import { swapBasket, tellTabs } from "./own.js";
import { refreshParts } from "./parts.js";
import { fill, newKey, words } from "./words.js";

const PAUSE = 350, AGAIN = 4000;
const states = new WeakMap(), unsent = new Set();

export function startSteppers() {
  document.addEventListener("submit", (event) => {
    const form = event.target, card = form.closest("[data-offer]");
    if (!card || !form.elements.request_key || form.closest("aside")) return;
    event.preventDefault();
    const step = event.submitter?.name === "step" ? +event.submitter.value : 0;
    const stepper = card.querySelector(".stepper"), state = stateOf(card);
    state.touched = Date.now();
    if (!step) return send(card, new FormData(form, event.submitter), state);
    show(stepper, Math.max(0, +stepper.elements.firm.value + step));
    clearTimeout(state.timer);
    state.timer = setTimeout(() => send(card, new FormData(stepper), state), PAUSE);
  });
  addEventListener("online", sendUnsent);
  addEventListener("beforeunload", (event) => { if (unsent.size) event.preventDefault(); });
}

function stateOf(card) {
  if (!states.has(card)) states.set(card, { sent: +card.querySelector(".stepper").elements.firm.value });
  return states.get(card);
}

/** Whether a tap is still on its way to the server. */
export const isSending = () => unsent.size > 0 || document.querySelector("[data-offer][aria-busy]") !== null;

function sendUnsent() {
  for (const card of [...unsent]) {
    const state = stateOf(card), fields = state.next ?? state.lost;
    state.next = undefined;
    if (!state.busy) send(card, fields, state);
  }
}

async function send(card, fields, state) {
  clearTimeout(state.timer);
  state.timer = undefined;
  if (state.busy) {
    state.next = fields;
    return;
  }
  state.busy = true;
  // What was sent before and not answered goes out under the same key: it counts once, however often it arrives.
  if (fields !== state.lost) fields.set("request_key", newKey());
  fields.delete("step");
  const stepper = card.querySelector(".stepper");
  card.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(stepper.action, {
      method: "POST", body: fields, headers: { "HX-Request": "true" }, redirect: "manual",
    });
    state.lost = undefined;
    unsent.delete(card);
    if (answer.type === "opaqueredirect") return location.reload();
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (answer.ok && fields.has("set")) remember(stepper, fields);
    take(card, stepper, page, state, answer.ok);
  } catch {
    keep(card, fields, state);
  } finally {
    state.busy = false;
    card.removeAttribute("aria-busy");
    if (state.next && !state.lost) {
      const fields = state.next;
      state.next = undefined;
      send(card, fields, state);
    }
  }
}

// No connection: the wish stays on the card, said to be unsent, until it gets through.
function keep(card, fields, state) {
  state.lost = fields;
  unsent.add(card);
  note(card, Object.assign(document.createElement("div"), { className: "told waits", textContent: words.lost }));
  clearTimeout(state.again);
  state.again = setTimeout(sendUnsent, AGAIN);
}

function take(card, stepper, page, state, ok) {
  const line = page.querySelector("[data-firm]");
  state.touched = Date.now();
  if (ok && line) {
    state.sent = +line.dataset.firm;
    if (stepper.elements.flexible) stepper.elements.flexible.value = line.dataset.flexible;
    note(card, ...line.childNodes);
    if (!state.next && !state.timer) show(stepper, state.sent, +line.dataset.flexible);
    swapBasket(page.getElementById("basket"));
    tellTabs();
    refreshParts();
  } else {
    note(card, ...page.body.childNodes);
    card.querySelector(".note").scrollIntoView({ block: "nearest" });
    state.next = undefined;
    show(stepper, state.sent);
  }
}

/** Shows what the household holds of a card (nothing: no line), unless somebody is changing it here. */
export function settle(card, line, asked) {
  const stepper = card.querySelector(".stepper");
  if (!stepper || card.querySelector(".more[open]")) return;
  const state = stateOf(card), firm = +(line?.firm ?? 0), flexible = +(line?.flexible ?? 0);
  if (state.busy || state.timer || state.lost || state.touched > asked) return;
  if (firm === state.sent && flexible === +stepper.elements.flexible.value) return;
  state.sent = firm;
  stepper.elements.flexible.value = flexible;
  const special = new Map(line ? [["flexible_for", line.for], ["limit", line.limit], ...(line.whole ? [["whole_only", "on"]] : [])] : []);
  remember(stepper, special);
  show(stepper, firm, flexible);
}

// What "Range and limit" kept goes along with the next plus or minus.
function remember(stepper, fields) {
  for (const name of ["flexible_for", "limit", "whole_only"]) {
    stepper.elements[name]?.remove();
    if (fields.has(name)) stepper.append(Object.assign(document.createElement("input"), { type: "hidden", name, value: fields.get(name) }));
  }
}

const note = (card, ...nodes) => card.querySelector(".note").replaceChildren(...nodes);

function show(stepper, firm, flexible) {
  const card = stepper.closest("[data-offer]"), output = stepper.querySelector("output");
  stepper.elements.firm.value = firm;
  output.firstChild.textContent = firm;
  if (flexible !== undefined) {
    const range = card.querySelector(".more form")?.elements;
    if (range) [range.firm.value, range.up_to.value] = [firm, firm && flexible ? firm + flexible : ""];
    output.lastElementChild.textContent = firm && flexible ? fill(words.up_to, firm + flexible) : "";
  }
  stepper.classList.toggle("has", firm > 0);
  card.classList.toggle("has", firm > 0);
  stepper.querySelector("[value='-1']").disabled = !firm;
  card.dataset.mine = firm;
  redraw(card);
}
