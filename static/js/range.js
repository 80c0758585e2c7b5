// The part of a card that says what its line means; the server writes it, this puts the newer one in place.

/** Swaps in the newer part, or strips the old one where nothing is reserved; a focus inside stays. */
export function swapRange(card, fresh) {
  const shown = card.querySelector("[data-range]");
  if (!shown) return;
  if (!fresh) {
    for (const part of shown.querySelectorAll(".means, .offered, button")) part.remove();
  } else if (!shown.isEqualNode(fresh)) {
    const active = shown.contains(document.activeElement) ? document.activeElement : null;
    shown.replaceWith(fresh);
    if (active) (fresh.querySelector(active.matches("a") ? "a" : "button") ?? fresh.querySelector("a"))?.focus({ preventScroll: true });
  }
  const plus = card.querySelector(".stepper button[value='1']"), stop = card.querySelector(".stop");
  if (!plus) return;
  plus.disabled = !!stop;
  if (stop) plus.setAttribute("aria-describedby", stop.id);
  else plus.removeAttribute("aria-describedby");
}
