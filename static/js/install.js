// "Put it on your home screen": offered beside a reservation, where the browser can; a "no" is remembered.
const KEY = "windrow:no-install";

function said() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return "unknown"; // no storage: then it would ask every time, so it does not ask
  }
}

function remember() {
  try {
    localStorage.setItem(KEY, "yes");
  } catch { /* it stays away on this page */ }
}

export function startInstall() {
  const hint = document.querySelector("[data-install]");
  if (!hint || said() || matchMedia("(display-mode: standalone)").matches || navigator.standalone) return;
  const hide = () => { hint.hidden = true; remember(); };
  hint.querySelector("[data-install-no]").addEventListener("click", hide);
  addEventListener("appinstalled", hide);
  // Apple's browser has no question to answer: it is told in words where to tap.
  if ("standalone" in navigator) {
    hint.querySelector("[data-install-apple]").hidden = false;
    hint.hidden = false;
    return;
  }
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    const button = hint.querySelector("[data-install-yes]");
    button.hidden = hint.hidden = false;
    button.addEventListener("click", async () => {
      event.prompt();
      await event.userChoice;
      hide(); // a browser asks once; the menu of the browser still can
    }, { once: true });
  });
}
