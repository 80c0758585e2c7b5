// Small helps of the account's pages; everything works without them.

// A code that is complete is sent at once, typed or pasted or filled in by the phone.
for (const form of document.querySelectorAll("[data-code]")) {
  const field = form.elements.code;
  const length = Number(field.size);
  field.addEventListener("input", () => {
    const letters = field.value.replace(/[^\p{L}\p{N}]/gu, "");
    if (letters.length === length && !field.dataset.sent) {
      field.dataset.sent = "yes";
      form.requestSubmit();
    }
  });
}

// "Send it again" waits until a mail has had time to arrive.
for (const button of document.querySelectorAll("[data-wait]")) {
  const words = button.textContent;
  const until = Date.now() + Number(button.dataset.wait) * 1000;
  const tell = () => {
    const left = Math.ceil((until - Date.now()) / 1000);
    button.disabled = left > 0;
    button.textContent = left > 0 ? button.dataset.waiting.replace("%s", left) : words;
    if (left > 0) setTimeout(tell, 500);
  };
  tell();
}
