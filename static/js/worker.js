// The worker of the whole site. It keeps what every page is made of (LEAST, MORE), a page that says "no connection", and
// of a person's own pages only those that the server marks for it: a reservation with its code, a hand-out list. Pages
// come from the network; a kept one is shown when there is none. The server writes VERSION, LEAST and MORE before this.
const SHELL = `shell-${VERSION}`, OWN = "own-", BY_LINK = "by-link", NOBODY = "nobody", OFFLINE = LEAST[0];
// How long a page may take while a kept copy lies ready, and how long one that is not kept, in milliseconds.
const PATIENCE = 6000;
const shell = new Set([...LEAST, ...MORE]);
const shownKept = new Map(); // clients whose page was a kept copy, and the moment that it shows
const ended = new Set(); // whose pages were thrown away: an answer that comes late is not kept any more
let language;

self.addEventListener("install", (event) => event.waitUntil(fill()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));

async function fill() {
  const cache = await caches.open(SHELL);
  await cache.addAll(LEAST.map((address) => new Request(address, { cache: address === OFFLINE ? "reload" : "default" })));
  if (!navigator.connection?.saveData) await Promise.allSettled(MORE.map((address) => cache.add(address)));
}

async function takeOver() {
  for (const name of await caches.keys()) if (name.startsWith("shell-") && name !== SHELL) await caches.delete(name);
  await self.registration.navigationPreload?.enable();
  await self.clients.claim();
}

self.addEventListener("fetch", (event) => {
  const { request } = event, address = new URL(request.url);
  if (address.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (request.method === "GET" && !/^\/(api|desk|hub|admin)\//.test(address.pathname)) event.respondWith(page(event));
    else if (address.pathname.endsWith("/logout/")) event.waitUntil(forget());
  } else if (request.method === "GET" && shell.has(address.pathname)) {
    event.respondWith(fetch(request).catch(() => fromShell(address.pathname)));
  }
});

async function fromShell(address) {
  return (await (await caches.open(SHELL)).match(address, { ignoreVary: true })) ?? Response.error();
}

async function page(event) {
  const { request } = event, kept = await keptCopy(request.url);
  const answer = (async () => take(request.url, (await event.preloadResponse) ?? (await fetch(request))))();
  event.waitUntil(answer.catch(() => {})); // also where the kept copy was faster: the next look is newer
  const late = new Promise((done) => { if (kept) setTimeout(done, PATIENCE); });
  const found = await Promise.race([answer.catch(() => null), late]);
  if (found) return found;
  if (!kept) return fromShell(OFFLINE);
  shownKept.set(event.resultingClientId, kept.headers.get("Date"));
  return kept;
}

/** What a page's answer says about whose browser this is now, before the page is shown. */
async function take(url, answer) {
  const owner = answer.headers.get("Windrow-Own");
  if (!owner) return answer; // a redirect, or somebody between: nothing known
  await only(owner);
  const name = owner === NOBODY ? BY_LINK : OWN + owner, { pathname, search } = new URL(url);
  if (answer.ok && answer.headers.has("Windrow-Keep") && !search && !ended.has(owner)) {
    await (await caches.open(name)).put(pathname, answer.clone());
  } else if (answer.status !== 304 && answer.status < 500 && (await caches.has(name))) {
    await (await caches.open(name)).delete(pathname);
  }
  await speak(answer.headers.get("Content-Language"));
  return answer;
}

/** Throws away everybody's pages but one person's. */
async function only(owner) {
  for (const name of await caches.keys()) {
    if (!name.startsWith(OWN) || name === OWN + owner) continue;
    ended.add(name.slice(OWN.length));
    await caches.delete(name);
  }
}

async function forget() {
  await only("");
  await caches.delete(BY_LINK);
}

// The page for "no connection" follows the language of the other pages.
async function speak(spoken) {
  const cache = await caches.open(SHELL);
  language ??= (await cache.match(OFFLINE))?.headers.get("Content-Language");
  if (!spoken || spoken === language) return;
  language = spoken;
  cache.add(new Request(OFFLINE, { cache: "reload" })).catch(() => { language = undefined; });
}

async function keptCopy(url) {
  for (const name of await caches.keys()) {
    if (!name.startsWith(OWN) && name !== BY_LINK) continue;
    const cache = await caches.open(name), { pathname } = new URL(url), found = await cache.match(pathname, { ignoreVary: true });
    if (!found) continue;
    const until = Date.parse(found.headers.get("Date")) + 1000 * found.headers.get("Windrow-Keep");
    if (Date.now() < until) return found;
    await cache.delete(pathname);
  }
}

self.addEventListener("message", (event) => {
  const { source, data } = event;
  if (data === "take over") event.waitUntil(self.skipWaiting());
  // The first page that ever loaded was there before its worker: fetched once more, so that it is kept.
  if (data === "keep") event.waitUntil(fetch(source.url).then((answer) => take(source.url, answer)).catch(() => {}));
  if (data === "kept?") source.postMessage({ kept: shownKept.get(source.id) ?? null });
});
