// Shows that something came while the inbox is open; the page itself says the rest.
const page = document.querySelector("[data-inbox]");
const EVERY = 45000;

/** Asks how many notices are unread; null when nobody answers. */
export async function unread(address) {
  const answer = await fetch(address, { redirect: "manual" }).catch(() => null);
  return answer?.ok ? (await answer.json()).unread : null;
}

if (page) {
  const before = +page.dataset.unread;
  const look = async () => {
    if (document.hidden) return;
    const now = await unread(page.dataset.inbox);
    if (now !== null && now > before) document.getElementById("inbox-new").hidden = false;
  };
  setInterval(look, EVERY);
  document.addEventListener("visibilitychange", look);
}
