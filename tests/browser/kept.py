"""Pages that the site's worker holds for when there is no network."""

from playwright.sync_api import Page


def load_kept(page: Page, address: str) -> None:
    """Loads a page until its worker holds it."""
    page.goto(address)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    for _try in range(100):
        if page.evaluate("caches.match(location.pathname, { ignoreVary: true }).then(Boolean)"):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{address} was not kept")
