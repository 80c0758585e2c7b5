"""What is looked for on every page: what axe calls serious, what is wider than the screen, what a thumb cannot hit."""

from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page

from tests.browser.conftest import DESKTOP, PHONE, SMALL

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
RUN = """async (rules) => {
  const only = rules ? {runOnly: {type: "rule", values: rules}} : {};
  const found = await axe.run(document, {resultTypes: ["violations"], ...only});
  return found.violations.filter((rule) => ["serious", "critical"].includes(rule.impact))
    .map((rule) => [rule.id, rule.nodes.slice(0, 3).map((node) => node.target.join(" "))]);
}"""
# The smallest side of what is touched, in CSS pixels. A link within a sentence has the height of its line (WCAG 2.5.8
# exempts it), a box counts with its label, and what only the keyboard reaches is not touched.
TOUCH = 44
SMALL_TARGETS = """(touch) => {
  const within = (element) => {
    const label = element.labels && element.labels[0];
    const after = getComputedStyle(element, "::after");
    const whole = after.position === "absolute" && after.content !== "none" ? element.offsetParent : null;
    const boxes = [element, label, whole].filter(Boolean).map((one) => one.getBoundingClientRect());
    return {width: Math.max(...boxes.map((b) => b.width)), height: Math.max(...boxes.map((b) => b.height))};
  };
  const touched = "a[href], button, input:not([type=hidden]), select, textarea, summary";
  const small = [];
  for (const element of document.querySelectorAll(touched)) {
    const box = element.getBoundingClientRect(), style = getComputedStyle(element);
    const unseen = box.width < 4 || box.height < 4 || box.bottom < 0 || style.visibility === "hidden";
    if (unseen) continue;
    const inText = element.tagName === "A" && style.display === "inline";
    if (inText && element.parentElement.closest("p, li, small")) continue;
    const {width, height} = within(element);
    if (Math.round(height) < touch || Math.round(width) < touch)
      small.push(`${(element.textContent || element.name).trim().slice(0, 40)}: ${width} × ${height}`);
  }
  return small.slice(0, 5);
}"""
CONTRAST = ["color-contrast"]


def serious(page: Page, rules: list[str] | None = None) -> list[list[Any]]:
    """What axe finds on the page that it calls serious or critical: the rule and its first places."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found: list[list[Any]] = page.evaluate(RUN, rules)
    return found


def resize(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})


def too_wide(page: Page) -> int:
    """By how many pixels the page scrolls sideways."""
    beyond: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return max(0, beyond)


def findings_of(page: Page, *, touched: bool = True) -> list[Any]:
    """On a phone and on a desk by every rule; of the dark form what depends on colours; on phones what is too wide,
    and what is too small to be touched."""
    found: list[Any] = []
    for size in (SMALL, PHONE, DESKTOP):
        resize(page, size)
        if beyond := too_wide(page):
            found.append(f"{beyond} px wider than {size[0]}")
        if size == SMALL:
            continue
        if touched and size == PHONE:
            found += [f"too small to touch: {one}" for one in page.evaluate(SMALL_TARGETS, TOUCH)]
        found += [(size[0], "light", rule) for rule in serious(page)]
        page.emulate_media(color_scheme="dark")
        found += [(size[0], "dark", rule) for rule in serious(page, CONTRAST)]
        page.emulate_media(color_scheme="light")
    return found
