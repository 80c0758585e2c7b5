// The app around the pages: registers the worker, says when a newer version waits and when a page is a kept copy.
import { startInstall } from "./install.js";

// The first view of a slow line belongs to the page; the worker's own files come after it.
const LATER = 6000;

export function startShell() {
  startInstall();
  if (!("serviceWorker" in navigator)) return;
  forgetOthers();
  const keeps = document.querySelector("meta[name=windrow-keep]"), soon = keeps || document.getElementById("push");
  const start = () => setTimeout(() => register(keeps), soon ? 0 : LATER);
  if (document.readyState === "complete") start();
  else addEventListener("load", start);
  navigator.serviceWorker.addEventListener("message", ({ data }) => { if (data.kept) tellKept(data.kept); });
  navigator.serviceWorker.controller?.postMessage("kept?");
  listKept();
}

async function register(keeps) {
  const registration = await navigator.serviceWorker.register("/service-worker.js").catch(() => null);
  if (!registration) return; // no connection, or a browser that allows none
  if (registration.waiting && navigator.serviceWorker.controller) tellNewer(registration.waiting);
  registration.addEventListener("updatefound", () => {
    const fresh = registration.installing;
    fresh?.addEventListener("statechange", () => {
      if (fresh.state === "installed" && navigator.serviceWorker.controller) tellNewer(fresh);
    });
  });
  if (!keeps) return;
  const { active } = await navigator.serviceWorker.ready;
  if (!(await caches.match(location.pathname, { ignoreVary: true }))) active.postMessage("keep");
}

/** A bar of the page's template, at the end of the page; one of each kind. */
function bar(kind) {
  const shown = document.querySelector(`.appbar[data-bar="${kind}"]`);
  if (shown) return shown;
  const found = document.getElementById("app-bars")?.content.querySelector(`[data-bar="${kind}"]`)?.cloneNode(true);
  if (found) document.querySelector("main").prepend(found);
  return found;
}

function tellNewer(waiting) {
  bar("newer")?.querySelector("button").addEventListener("click", () => {
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
    waiting.postMessage("take over");
  });
}

function tellKept(date) {
  const place = bar("kept")?.querySelector("time"), at = new Date(date);
  if (!place) return;
  place.dateTime = at.toISOString();
  place.textContent = at.toLocaleString(document.documentElement.lang, {
    day: "numeric", month: "long", hour: "2-digit", minute: "2-digit", timeZoneName: "short",
  });
}

// Whoever reads now: nothing that this browser kept for somebody else may stay, also where the worker was passed by.
async function forgetOthers() {
  const owner = document.getElementById("app-bars")?.dataset.owner;
  if (!owner || !self.caches) return;
  for (const name of await caches.keys()) if (name.startsWith("own-") && name !== `own-${owner}`) await caches.delete(name);
}

// On the page for "no connection": what can be opened nevertheless.
async function listKept() {
  const place = document.querySelector("[data-kept-pages]");
  if (!place || !self.caches) return;
  for (const name of (await caches.keys()).filter((name) => name.startsWith("own-") || name === "by-link")) {
    const cache = await caches.open(name);
    for (const { url } of await cache.keys()) {
      const page = new DOMParser().parseFromString(await (await cache.match(url, { ignoreVary: true })).text(), "text/html");
      const label = page.querySelector("meta[name=windrow-keep]")?.content, entry = document.createElement("li");
      if (!label) continue;
      entry.append(Object.assign(document.createElement("a"), { href: new URL(url).pathname, textContent: label }));
      place.querySelector("ul").append(entry);
      place.hidden = false;
    }
  }
}
