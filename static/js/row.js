// The row of strokes, drawn anew from figures; the geometry is that of marketplace/views/rows.py.
import { fill, words } from "./words.js";

const MOST = 60, FULL_WIDTH = 92, WIDEST_GAP = 2 / 7;

export function drawRow(svg, o, mine) {
  const reserved = Math.max(o.reserved, mine);
  const units = Math.max(o.target, reserved, 1);
  const group = Math.ceil(units / MOST);
  const strokes = Math.ceil(units / group);
  const gap = Math.min(WIDEST_GAP, strokes / FULL_WIDTH);
  const length = (places) => `${(places * 100) / strokes}%`;
  svg.querySelector("pattern").setAttribute("width", length(1));
  const stroke = svg.querySelector("pattern rect");
  stroke.setAttribute("x", length(gap / 2));
  stroke.setAttribute("width", length(1 - gap));
  let start = 0;
  for (const [name, end] of Object.entries({ mine, sure: o.sure, waiting: reserved, missing: units })) {
    const stop = Math.max(start, Math.ceil(end / group)), part = svg.querySelector(`.${name}`);
    part.setAttribute("x", length(start));
    part.setAttribute("width", length(stop - start));
    start = stop;
  }
  svg.setAttribute("aria-label", said({ ...o, reserved }, mine));
}

function said(o, mine) {
  const parts = [fill(words.row.reserved, o.reserved, Math.max(o.target, o.reserved))];
  if (o.reserved) parts.push(fill(words.row.sure, o.sure));
  if (o.waiting) parts.push(fill(words.row.waiting, o.waiting));
  if (mine) parts.push(fill(words.row.mine, mine));
  return parts.reduce((said, part) => fill(words.listed, said, part));
}
