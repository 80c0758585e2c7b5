// Clocks count by the server's time: the page and each socket greeting say how far this machine's is off.
import { fill, words } from "./words.js";

let skew = 0;
const told = new Set();

/** Takes the server's clock, an ISO 8601 instant. */
export const setClock = (now) => { skew = new Date(now) - Date.now(); };

function left(seconds) {
  const minutes = Math.floor(seconds / 60), hours = Math.floor(seconds / 3600), days = Math.floor(seconds / 86400);
  if (days >= 2) return fill(words.days, days);
  if (hours) return fill(words.hours, hours, minutes % 60);
  if (minutes >= 10) return fill(words.minutes, minutes);
  return `${minutes}:${String(seconds % 60).padStart(2, "0")}`;
}

function announce(key, seconds) {
  for (const minutes of [1, 5, 10]) {
    if (seconds > minutes * 60) continue;
    // Said once, and only when the mark is passed while one looks, not for a page opened later.
    if (!told.has(`${key} ${minutes}`) && seconds > minutes * 60 - 5) {
      const spoken = document.getElementById("spoken");
      if (spoken) spoken.textContent = fill(words.left, minutes);
    }
    for (const passed of [10, 5, 1].filter((mark) => mark >= minutes)) told.add(`${key} ${passed}`);
    return;
  }
}

/** Starts every clock of the page; `onOver` hears of the first that runs out. */
export function startClocks(onOver) {
  const page = document.querySelector("[data-now]");
  if (page) setClock(page.dataset.now);
  const tick = () => {
    for (const clock of document.querySelectorAll(".clock[data-closes]")) {
      const seconds = Math.floor((new Date(clock.dataset.closes) - Date.now() - skew) / 1000);
      const over = seconds < 0;
      clock.classList.toggle("soon", !over && seconds < 600);
      clock.querySelector("b").textContent = over ? words.over : left(seconds);
      announce(clock.dataset.closes, seconds);
      if (over) {
        clock.classList.add("over");
        clock.querySelector("span").hidden = true;
        clock.removeAttribute("data-closes");
        onOver(clock);
      }
    }
  };
  tick();
  setInterval(tick, 1000);
}
