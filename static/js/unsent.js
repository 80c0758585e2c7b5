// Wishes that the server has not answered yet, kept in this browser through a lost network and a reload.
const page = document.querySelector("[data-user]");
const PREFIX = "windrow:unsent:", DAYS = 7;
const user = page?.dataset.user, round = page?.dataset.round ?? page?.dataset.basket;
const key = user && round ? `${PREFIX}${user}:${round}` : "";

function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name)) ?? {};
  } catch {
    return {}; // no storage here: then a wish lives as long as its page
  }
}

/** The entries of this household member and round, by offer. */
export const unsent = () => (key ? read(key).wishes ?? {} : {});

/** Keeps an offer's entries in the order of the taps; none forgets the offer. */
export function keepUnsent(offer, entries) {
  if (!key) return;
  const wishes = unsent();
  if (entries.length) wishes[offer] = entries;
  else delete wishes[offer];
  try {
    if (Object.keys(wishes).length) localStorage.setItem(key, JSON.stringify({ at: Date.now(), wishes }));
    else localStorage.removeItem(key);
  } catch { /* no storage here */ }
}

/** Forgets what is old or somebody else's; everything when somebody signs out. */
export function tidy(all = false) {
  try {
    for (const name of Object.keys(localStorage).filter((name) => name.startsWith(PREFIX))) {
      const foreign = user && !name.startsWith(`${PREFIX}${user}:`);
      if (all || foreign || Date.now() - (read(name).at ?? 0) > DAYS * 86400000) localStorage.removeItem(name);
    }
  } catch { /* no storage here */ }
}

tidy();
document.addEventListener("submit", (event) => {
  if (event.target.matches("[action$='/logout/']")) tidy(true);
});
