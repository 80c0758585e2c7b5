// Notes on this device: asked for by a tap only. The service worker is registered elsewhere; here it is only used.
const part = document.getElementById("push");
const key = part?.dataset.key;
const able = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

/** The worker that the app registered, or null: nothing is registered from here. */
const worker = () =>
  Promise.race([navigator.serviceWorker.ready, new Promise((resolve) => setTimeout(resolve, 4000, null))]);

const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));

/** Tells the server about a subscription: "POST" keeps it, "DELETE" forgets it. Throws when it did not. */
async function tell(method, subscription) {
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  const answer = await fetch(part.dataset.address, {
    method,
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    body: JSON.stringify(subscription.toJSON()),
  });
  if (!answer.ok) throw new Error(answer.status);
}

/** Asks the person, subscribes with the given registration of the app's worker, and tells the server. */
export async function subscribe(registration) {
  const subscription = await registration.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: bytes(key),
  });
  await tell("POST", subscription);
  return subscription;
}

function show(state) {
  for (const line of part.querySelectorAll("[data-state]")) line.hidden = line.dataset.state !== state;
  part.querySelector("[data-do=on]").hidden = !["off", "failed"].includes(state);
  part.querySelector("[data-do=off]").hidden = state !== "on";
}

async function state() {
  if (!able) return "unable";
  if (Notification.permission === "denied") return "refused";
  const registration = await worker();
  if (!registration) return "unable";
  return (await registration.pushManager.getSubscription()) ? "on" : "off";
}

async function turnOn() {
  if ((await Notification.requestPermission()) !== "granted") return show(await state());
  try {
    await subscribe(await worker());
    show("on");
  } catch {
    show("failed");
  }
}

async function turnOff() {
  try {
    const subscription = await (await worker()).pushManager.getSubscription();
    if (subscription) {
      await tell("DELETE", subscription);
      await subscription.unsubscribe();
    }
    show("off");
  } catch {
    show("failed");
  }
}

if (part && key) {
  part.querySelector("[data-do=on]").addEventListener("click", turnOn);
  part.querySelector("[data-do=off]").addEventListener("click", turnOff);
  show("asking");
  state().then(show);
}

// The wall clock by which quiet hours count: this device's, where nothing was kept yet.
const zone = document.querySelector("[name=time_zone]");
if (zone && !zone.value) zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
