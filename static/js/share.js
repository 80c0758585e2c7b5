// Ready text to send: copied with one tap, or handed to the phone's own share sheet where there is one.
const block = document.getElementById("share-words");
const words = block ? JSON.parse(block.textContent) : {};

for (const place of document.querySelectorAll("[data-share]")) {
  const text = place.querySelector("[data-share-text]");
  const said = place.querySelector("[data-share-said]");
  const copy = place.querySelector("[data-share-copy]"), send = place.querySelector("[data-share-send]");
  place.querySelector("[data-share-actions]").hidden = false;
  text.addEventListener("focus", () => text.select());
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text.value);
    } catch {
      text.select(); // no clipboard without TLS: the browser's older way
      document.execCommand("copy");
    }
    said.textContent = words.copied;
  });
  if (navigator.share) {
    send.hidden = false;
    send.addEventListener("click", async () => {
      try {
        await navigator.share({ title: words.title, text: text.value });
        said.textContent = words.shared;
      } catch {
        // the sheet was closed again
      }
    });
  }
}
