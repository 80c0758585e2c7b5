// For the service worker, by importScripts or import: shows what was pushed, and opens what it is about.
self.addEventListener("push", (event) => {
  let told = {};
  try {
    told = event.data?.json() ?? {};
  } catch {
    told = { title: event.data?.text() };
  }
  // A browser takes the permission away from a push that shows nothing.
  const { title, body, link = "/inbox/", tag, language, direction } = told;
  event.waitUntil(
    self.registration.showNotification(title || "Windrow", {
      body, tag, lang: language, dir: direction ?? "auto", icon: "/static/icons/app-192.png", data: { link },
    }),
  );
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const address = new URL(event.notification.data?.link ?? "/inbox/", self.location.origin);
  if (address.origin !== self.location.origin) return;
  event.waitUntil(
    self.clients.matchAll({ type: "window", includeUncontrolled: true }).then((open) => {
      const here = open.find((page) => new URL(page.url).origin === address.origin);
      return here ? here.focus().then((page) => page.navigate(address)) : self.clients.openWindow(address);
    }),
  );
});
