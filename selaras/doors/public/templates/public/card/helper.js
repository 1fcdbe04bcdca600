// Keeps the verifier's page on the device: the network first, and what was kept when there is none.
"use strict";
const KEPT = "selaras-card", FILES = {{ files|safe }};
self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(caches.open(KEPT).then((cache) => cache.addAll(FILES)));
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const asked = new URL(event.request.url);
  if (event.request.method !== "GET" || asked.origin !== location.origin || !FILES.includes(asked.pathname)) return;
  event.respondWith(
    fetch(event.request)
      .then(async (answer) => {
        if (answer.ok) await (await caches.open(KEPT)).put(asked.pathname, answer.clone());
        return answer;
      })
      .catch(async () => (await caches.match(asked.pathname)) || Response.error()),
  );
});
