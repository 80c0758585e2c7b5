// Parts of a page that follow from the lines, such as its sums: taken anew from the page itself.

/** Fetches this page again and puts its newer parts in place; nothing where it has none. */
export async function refreshParts(again = 1800) {
  if (!document.querySelector("[data-part]")) return;
  if (again) setTimeout(refreshParts, again, 0); // the figures of all follow a moment later
  const answer = await fetch(location.href, { redirect: "manual" }).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of document.querySelectorAll("[data-part]")) {
    const fresh = page.querySelector(`[data-part="${part.dataset.part}"]`);
    if (fresh) part.replaceWith(fresh);
  }
}
