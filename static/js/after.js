// Keeps the page of a reservation true: a hint on the person's own socket, or a question now and then, and its parts
// come anew. Without this file a reload does the same.
const page = document.querySelector("[data-news]");
const OFTEN = 20000, SELDOM = 120000;
let etag, timer, socket, tries = 0;

async function fetchNews() {
  clearTimeout(timer);
  const answer = await fetch(page.dataset.news, { headers: etag ? { "If-None-Match": etag } : {}, redirect: "manual" }).catch(() => null);
  timer = setTimeout(fetchNews, socket?.readyState === 1 ? SELDOM : OFTEN);
  if (!answer?.ok) return; // nothing new, offline, or signed out
  etag = answer.headers.get("ETag");
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-stage]");
  if (!fresh) return;
  // Forms came or went: the whole page, unless somebody types or shows the code.
  if (fresh.dataset.stage !== page.dataset.stage) {
    if (!document.activeElement?.matches("input, textarea") && !document.querySelector(":popover-open")) location.reload();
    return;
  }
  for (const part of fresh.querySelectorAll("[data-part]")) {
    const shown = page.querySelector(`[data-part="${part.dataset.part}"]`);
    if (shown && !shown.isEqualNode(part)) shown.replaceWith(part);
  }
}

function connect() {
  socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/me/`);
  socket.onopen = () => { tries = 0; fetchNews(); };
  socket.onmessage = ({ data }) => {
    const hint = JSON.parse(data);
    if (hint.type === "gap" || (hint.type === "reservation.changed" && hint.round === +page.dataset.after)) {
      clearTimeout(timer);
      timer = setTimeout(fetchNews, Math.random() * 1500); // not everybody at once
    }
  };
  socket.onclose = ({ code }) => {
    if (code === 4404) return; // signed out: asking goes on, connecting is of no use
    setTimeout(connect, Math.min(60000, 1000 * 2 ** tries++) * (0.5 + Math.random()));
  };
}

if (page) {
  connect();
  addEventListener("online", fetchNews);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) fetchNews(); });
  timer = setTimeout(fetchNews, OFTEN);
}
