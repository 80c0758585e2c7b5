// Whether the basket is reserved as the page shows it: kept, on its way, or held here until there is a connection.
import { words } from "./words.js";

let state = "";

/** "" as the server said, "saving" or "lost"; said again after a part of the page was replaced. */
export function say(now = state) {
  state = now;
  for (const line of document.querySelectorAll("[data-saved]")) {
    const [is, other] = [line.querySelector(".is"), line.querySelector(".on-its-way")];
    line.dataset.state = state;
    is.hidden = !!state;
    other.hidden = !state;
    other.textContent = state === "saving" ? words.saving : state ? words.unsaved : "";
  }
}
