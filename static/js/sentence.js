// The sentence of an open offer; decides as marketplace/views/sentences.py does (a test compares them).
import { money, say } from "./words.js";

export function sentence(o) {
  const known = o.waits_for !== null;
  if (!o.reserved) return [say("nobody"), known ? say("starts", { units: o.waits_for }) : ""];
  if (!o.reached) {
    const so = say("reserved", { units: o.reserved });
    return [so, known ? say("needs", { units: o.waits_for, price: money(o.at_most) }) : say("blocked")];
  }
  return [soFar(o, known), next(o, known)];
}

function soFar(o, known) {
  const facts = { reserved: o.reserved, sure: o.sure };
  if (o.held) return say("held", { ...facts, units: o.held });
  if (!o.waiting) return say("all_sure", { units: o.reserved });
  return known ? say("waiting", { ...facts, units: o.waiting }) : say("short", facts);
}

function next(o, known) {
  const facts = { units: o.next_missing, price: o.next_price === null ? "" : money(o.next_price) };
  if (o.waiting && !known) return say("no_more", { units: o.waiting });
  if (o.waiting && !o.held) {
    return o.next_missing === o.waits_for ? say("more_then", facts) : say("more", { units: o.waits_for });
  }
  if (o.next_price !== null) return say("more_and", facts);
  return o.now !== null && o.now < o.at_most ? say("lowest") : "";
}

/** The text with its figures stressed, as the template filter does. */
export function stressed(text) {
  const parts = document.createDocumentFragment();
  let from = 0;
  for (const found of text.matchAll(/[€£$¥₹₩₦₪]?\d(?:[\d.,\u00a0]*\d)?(?:\u00a0[€£$¥₹₩₦₪])?/g)) {
    parts.append(text.slice(from, found.index), Object.assign(document.createElement("b"), { textContent: found[0] }));
    from = found.index + found[0].length;
  }
  parts.append(text.slice(from));
  return parts;
}
