// What the household holds, fetched anew when another tab, device or member may have changed it.
import { say } from "./saved.js";
import { settle } from "./stepper.js";

const SOON = 1000, PAUSE = 1500;
const tabs = "BroadcastChannel" in self ? new BroadcastChannel("windrow") : null;
// The server says how long a change of other people's figures may wait: short where several share a household.
let round, timer, due, last = 0, wait = 3000;

export function startOwn(page) {
  round = page.dataset.round;
  addEventListener("focus", () => ask());
  addEventListener("pageshow", (event) => { if (event.persisted) ask(); });
  if (tabs) tabs.onmessage = ({ data }) => { if (data === round) ask(); };
  // History may show a page as it was before the review changed it.
  if (performance.getEntriesByType("navigation")[0]?.type === "back_forward") ask();
}

/** Tells this browser's other tabs that the household's lines changed here. */
export const tellTabs = () => tabs?.postMessage(round);

/** Figures of these offers moved: at once where they are in the basket, as its sums move along. */
export function moved(offers) {
  const mine = offers?.some((o) => +document.querySelector(`[data-offer="${o.id}"]`)?.dataset.mine);
  ask(mine ? SOON : wait);
}

/** Asks within so many milliseconds, at a random moment, and never twice in a short time. */
export function ask(within = 200) {
  if (!round || document.hidden) return;
  const at = Math.max(Date.now() + within * (0.5 + Math.random() / 2), last + PAUSE);
  if (timer && due <= at) return;
  clearTimeout(timer);
  due = at;
  timer = setTimeout(fetchOwn, at - Date.now());
}

async function fetchOwn() {
  timer = undefined;
  const asked = last = Date.now();
  const answer = await fetch(`/rounds/${round}/basket/`, { headers: { "HX-Request": "true" }, redirect: "manual" }).catch(() => null);
  if (!answer?.ok) return; // offline is told elsewhere; signed out shows with the next tap
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const own = page.querySelector("[data-wait]");
  if (!own) return;
  wait = +own.dataset.wait;
  swapBasket(page.getElementById("basket"));
  const lines = new Map([...own.children].map((line) => [line.dataset.line, line]));
  for (const card of document.querySelectorAll("[data-offer]")) settle(card, lines.get(card.dataset.offer), asked);
}

/** Puts the newer basket in place; a focus on its button stays. */
export function swapBasket(fresh) {
  const shown = document.getElementById("basket");
  if (!fresh || !shown || shown.isEqualNode(fresh)) return;
  const focused = shown.contains(document.activeElement);
  shown.replaceWith(fresh);
  say(); // the newer one says it as the server knows it; a tap may still be on its way
  if (focused) fresh.querySelector("a")?.focus();
}
