// The hand-out list on a phone: a tap shows at once, waits in this device's own store while there is no connection, and
// is sent with the time of the tap. Sending twice is harmless, the server says what counts.
const words = JSON.parse(document.getElementById("hand-out").textContent);
const rows = new Map([...document.querySelectorAll("[data-row]")].map((row) => [+row.dataset.row, row]));
const ahead = Date.parse(document.querySelector("[data-now]").dataset.now) - Date.now(); // our clock against this one
const ASK_EVERY = 15000, MOST = 100;
let sending = false, shown = new Map(), batch = MOST;

// The queue: kept in IndexedDB, in memory alone where the browser has none.
const memory = new Map();
const opened = new Promise((done) => {
  const asked = globalThis.indexedDB?.open("windrow-hand-out", 1);
  if (!asked) return done(null);
  asked.onupgradeneeded = () => asked.result.createObjectStore("ticks", { keyPath: "key" });
  asked.onsuccess = () => done(asked.result);
  asked.onerror = () => done(null);
});

async function store(mode, act) {
  const base = await opened;
  if (!base) return act(null);
  return new Promise((done, failed) => {
    const asked = act(base.transaction("ticks", mode).objectStore("ticks"));
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
}

const keep = (tick) => store("readwrite", (ticks) => (ticks ? ticks.put(tick) : memory.set(tick.key, tick)));
const drop = (key) => store("readwrite", (ticks) => (ticks ? ticks.delete(key) : memory.delete(key)));
const queued = async () => {
  const every = await store("readonly", (ticks) => (ticks ? ticks.getAll() : [...memory.values()]));
  return every.filter((tick) => tick.list === words.list).sort((a, b) => (a.at < b.at ? -1 : 1));
};

const plural = new Intl.PluralRules(words.language);
const fill = (text, value) => text.replace("{0}", value);

// A text with plural forms comes as pairs [sample number, text].
function counted(text, many) {
  if (!Array.isArray(text)) return fill(text, many);
  const kind = plural.select(many);
  return fill((text.find(([sample]) => plural.select(sample) === kind) ?? text.at(-1))[1], many);
}

function show(row, { state, said, undo }, unsent) {
  row.dataset.state = state;
  row.classList.toggle("handed_over", state === "handed_over");
  row.classList.toggle("no_show", state === "no_show");
  row.classList.toggle("unsent", unsent);
  row.querySelector("[data-said]").textContent = said;
  row.querySelector(".hand-over").disabled = state === "handed_over";
  row.querySelector("[data-no-show]").hidden = state !== "";
  row.querySelector("[data-undo]").hidden = !undo;
}

// What the server knows, and over it what this device has not sent yet.
async function draw() {
  const waiting = await queued();
  const newest = new Map(waiting.map((tick) => [tick.reservation, tick]));
  for (const [id, row] of rows) {
    const tick = newest.get(id);
    if (!tick) {
      if (shown.has(id)) show(row, shown.get(id), false);
    } else if (tick.kind === "undo") {
      show(row, { state: "", said: "", undo: false }, true);
    } else {
      show(row, { state: tick.kind, said: fill(words.unsent, words[tick.kind]), undo: true }, true);
    }
  }
  const place = document.querySelector("[data-queue]");
  const many = waiting.length;
  if (many) place.textContent = counted(words.waiting, many);
  else if (place.textContent) place.textContent = words.sent;
  place.classList.toggle("kept", !many);
  return waiting;
}

function take(answer) {
  for (const row of answer.rows ?? []) shown.set(row.id, row);
  if (answer.progress) document.querySelector("[data-progress]").textContent = answer.progress;
}

async function send() {
  if (sending) return;
  sending = true;
  try {
    const waiting = (await queued()).slice(0, batch);
    const answer = await fetch(words.ticks, waiting.length ? {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": words.token },
      body: JSON.stringify({ ticks: waiting.map(({ reservation, kind, key, at }) => ({ reservation, kind, key, at })) }),
    } : {});
    const told = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : null;
    if (!told) return; // signed out, or a page of somebody between: the queue stays
    take(told);
    // One refused tick must not hold up the others: what was refused together is sent again one by one.
    const alone = waiting.length <= 1;
    if (answer.ok || alone) for (const tick of waiting) await drop(tick.key);
    batch = answer.ok && !(await queued()).length ? MOST : answer.ok || alone ? batch : 1;
    const left = await draw();
    if (told.problem && alone) document.querySelector("[data-queue]").textContent = fill(words.refused, told.problem);
    if (left.length) setTimeout(send, 0);
  } catch {
    // no connection: what was tapped is kept and sent when it is back
  } finally {
    sending = false;
  }
}

for (const [id, row] of rows) {
  shown.set(id, {
    state: row.dataset.state,
    said: row.querySelector("[data-said]").textContent,
    undo: !row.querySelector("[data-undo]").hidden,
  });
  row.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const kind = event.submitter?.value;
    if (!kind) return;
    const key = [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    const at = new Date(Date.now() + ahead).toISOString();
    await keep({ key, list: words.list, reservation: id, kind, at });
    await draw();
    send();
  });
}

// A code typed or scanned (scanners end with Enter), or part of a name.
const find = document.querySelector("[data-find]");
find.hidden = false;
const plain = (text) => text.normalize("NFKD").replace(/[^\p{L}\p{N}]/gu, "").toLowerCase();
find.addEventListener("input", () => {
  const wanted = plain(find.value);
  for (const row of rows.values()) {
    const name = plain(row.querySelector(".name").textContent), code = plain(row.dataset.code);
    row.hidden = !!wanted && !name.includes(wanted) && !code.startsWith(wanted);
  }
});
find.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  const wanted = plain(find.value);
  const exact = [...rows.values()].find((row) => wanted && plain(row.dataset.code) === wanted);
  const left = [...rows.values()].filter((row) => !row.hidden);
  const found = exact ?? (left.length === 1 ? left[0] : null);
  if (!found) {
    document.querySelector("[data-queue]").textContent = words.nobody;
    return;
  }
  find.value = "";
  for (const row of rows.values()) { row.hidden = false; row.classList.remove("found"); }
  found.classList.add("found");
  found.scrollIntoView({ block: "center" });
  found.querySelector(".hand-over").focus({ preventScroll: true });
});

addEventListener("online", send);
document.addEventListener("visibilitychange", () => { if (!document.hidden) send(); });
setInterval(() => { if (!document.hidden) send(); }, ASK_EVERY);
draw().then((waiting) => { if (waiting.length) send(); });
