// What a page with a round on it does beyond plain HTML; without this file everything still works.
import { startClocks } from "./clock.js";
import { reload, startLive } from "./live.js";
import { startSteppers } from "./stepper.js";

startClocks((clock) => {
  for (const button of clock.closest(".window")?.querySelectorAll(".stepper button") ?? []) button.disabled = true;
  // The socket says when it is counted; without one the page asks by itself.
  setTimeout(() => reload(5000), 8000);
});
startSteppers();
const page = document.querySelector("[data-round]");
if (page) startLive(page);
