// The sheet behind a card's quantity: fetched when it is asked for, shown over the page, whose place it keeps.
import { words } from "./words.js";

let dialog, from;

/** Opens sheets from links marked data-sheet; without a connection the link itself is followed. */
export function startSheets() {
  document.addEventListener("click", async (event) => {
    const link = event.target.closest?.("a[data-sheet]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    const card = link.closest("[data-offer]");
    link.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(link.href, { headers: { "HX-Request": "true" }, redirect: "manual" });
      if (!answer.ok) return location.assign(link.href);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const form = page.querySelector("[data-sheet-form]");
      if (!form) return location.assign(link.href);
      const shown = +card.querySelector(".stepper").elements.firm.value;
      if (shown) form.elements.firm.value = shown; // taps may still be on their way
      openSheet(card, form);
    } catch {
      const note = Object.assign(document.createElement("div"), { className: "told waits", textContent: words.no_sheet });
      card.querySelector(".note").replaceChildren(note);
    } finally {
      link.removeAttribute("aria-busy");
    }
  });
}

/** Shows a form over the page; the focus goes back to where it came from. */
export function openSheet(card, form) {
  closeSheet();
  from = card;
  dialog = Object.assign(document.createElement("dialog"), { className: "sheet" });
  dialog.dataset.sheetOf = card.dataset.offer;
  dialog.setAttribute("aria-labelledby", form.querySelector("h2").id);
  const close = Object.assign(document.createElement("button"), { type: "button", className: "close", textContent: "×" });
  close.setAttribute("aria-label", words.close);
  close.addEventListener("click", closeSheet);
  dialog.append(form, close);
  dialog.addEventListener("click", (event) => { if (event.target === dialog) closeSheet(); });
  dialog.addEventListener("close", closed);
  document.body.append(dialog);
  dialog.showModal();
  (dialog.querySelector("[aria-invalid]") ?? dialog.querySelector("[name=up_to]"))?.focus();
}

export const closeSheet = () => dialog?.close();

function closed() {
  dialog.remove();
  dialog = undefined;
  const back = from?.isConnected && (from.querySelector("a[data-sheet]") ?? from.querySelector(".stepper button"));
  back?.focus?.({ preventScroll: true });
}
