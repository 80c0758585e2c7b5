// Steppers without a page load: taps are gathered for a moment, then the number is sent under a key of its own.
import { redraw, refetch } from "./live.js";
import { fill, newKey, words } from "./words.js";

const PAUSE = 350;
const states = new WeakMap();

export function startSteppers() {
  document.addEventListener("submit", (event) => {
    const form = event.target, card = form.closest("[data-offer]");
    if (!card || !form.elements.request_key || form.closest("aside")) return;
    event.preventDefault();
    const step = event.submitter?.name === "step" ? +event.submitter.value : 0;
    const stepper = card.querySelector(".stepper");
    const state = states.get(card) ?? states.set(card, { sent: +stepper.elements.firm.value }).get(card);
    if (!step) return send(card, new FormData(form, event.submitter), state);
    show(stepper, Math.max(0, +stepper.elements.firm.value + step));
    clearTimeout(state.timer);
    state.timer = setTimeout(() => send(card, new FormData(stepper), state), PAUSE);
  });
}

async function send(card, fields, state) {
  if (state.busy) {
    state.next = fields;
    return;
  }
  state.busy = true;
  fields.set("request_key", newKey());
  fields.delete("step");
  const stepper = card.querySelector(".stepper");
  card.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(stepper.action, {
      method: "POST", body: fields, headers: { "HX-Request": "true" }, redirect: "manual",
    });
    if (answer.type === "opaqueredirect") return location.reload();
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (answer.ok && fields.has("set")) remember(stepper, fields);
    take(card, stepper, page, state, answer.ok);
  } catch {
    note(card, Object.assign(document.createElement("div"), { className: "problem", textContent: words.lost }));
    show(stepper, state.sent);
  } finally {
    state.busy = false;
    card.removeAttribute("aria-busy");
    if (state.next) {
      const fields = state.next;
      state.next = undefined;
      send(card, fields, state);
    }
  }
}

function take(card, stepper, page, state, ok) {
  const line = page.querySelector("[data-firm]");
  if (ok && line) {
    state.sent = +line.dataset.firm;
    if (stepper.elements.flexible) stepper.elements.flexible.value = line.dataset.flexible;
    const basket = page.getElementById("basket");
    if (basket) document.getElementById("basket")?.replaceWith(basket);
    note(card, ...line.childNodes);
    if (!state.next) show(stepper, state.sent, +line.dataset.flexible);
    if (!document.getElementById("basket")) refetch(50);
  } else {
    note(card, ...page.body.childNodes);
    state.next = undefined;
    show(stepper, state.sent);
  }
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
