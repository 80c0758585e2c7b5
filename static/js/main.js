// What a page with a round on it does beyond plain HTML; without this file everything still works.
import { startClocks } from "./clock.js";
import { reload, startLive } from "./live.js";
import { ask, startOwn } from "./own.js";
import { startShell } from "./shell.js";
import { startSheets } from "./sheet.js";
import { startSteppers } from "./stepper.js";
import { words } from "./words.js";

startClocks((clock) => {
  // A clock at the top counts for the whole page, unless its parts have their own.
  const own = clock.closest(".window, .merchant"), part = own ?? document.querySelector("main");
  if (!own && part.querySelector(".merchant .clock")) return;
  for (const control of part.querySelectorAll("[data-offer] :is(button, input, select)")) control.disabled = true;
  part.querySelector(".told.waits")?.remove();
  const note = Object.assign(document.createElement("div"), { className: "told waits", textContent: words.closed });
  (part.querySelector(".offers") ?? part.querySelector(".lines"))?.before(note);
  ask();
  // The socket says when it is counted; without one the page asks by itself.
  setTimeout(() => reload(5000), 8000);
});
startSteppers();
startSheets();
startShell();
const page = document.querySelector("[data-round]");
if (page) startLive(page);
if (page?.matches("[data-own]")) startOwn(page);
