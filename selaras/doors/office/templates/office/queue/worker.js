// Stands between the pages of officers and the net: keeps seen pages and unsent forms on the device, sealed, and sends each form once.
"use strict";
const TOLD = {{ told|safe }};
const SHELL = "selaras-queue", FORMS = TOLD.forms.map((text) => new RegExp(text)), NOT_OURS = /^\/(worker|check|static|metrics|health)(\/|$)/;
const UNSENT = (item) => item.state !== "sent";

const done = (asked) => new Promise((good, bad) => ((asked.onsuccess = () => good(asked.result)), (asked.onerror = () => bad(asked.error))));
let opened = null;
const base = () =>
  (opened ??= new Promise((good, bad) => {
    const asked = indexedDB.open("selaras-queue", 1);
    asked.onupgradeneeded = () => {
      for (const [name, key] of [["keys", "officer"], ["forms", "key"], ["pages", "url"], ["who", "id"]]) asked.result.createObjectStore(name, { keyPath: key });
    };
    asked.onsuccess = () => good(asked.result);
    asked.onerror = () => bad(asked.error);
  }));
const store = async (name, mode = "readonly") => (await base()).transaction(name, mode).objectStore(name);
const get = async (name, key) => done((await store(name)).get(key));
const all = async (name) => done((await store(name)).getAll());
const put = async (name, row) => done((await store(name, "readwrite")).put(row));
const drop = async (name, key) => done((await store(name, "readwrite")).delete(key));

// The key of an officer cannot be taken out of the browser; whatever is sealed is bound to her and to its place.
const keyOf = async (officer) => {
  const kept = await get("keys", officer);
  if (kept) return kept.held;
  const held = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const rows = await store("keys", "readwrite"); // somebody may have been quicker
  const again = await done(rows.get(officer));
  if (again) return again.held;
  await done(rows.put({ officer, held }));
  return held;
};
const bound = (officer, place) => new TextEncoder().encode(`${officer} ${place}`);
const seal = async (officer, place, bytes) => {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: bound(officer, place) }, await keyOf(officer), bytes) };
};
const unseal = async (officer, place, sealed) =>
  crypto.subtle.decrypt({ name: "AES-GCM", iv: sealed.iv, additionalData: bound(officer, place) }, await keyOf(officer), sealed.data);
const sealText = (officer, place, told) => seal(officer, place, new TextEncoder().encode(JSON.stringify(told)));
const unsealText = async (officer, place, sealed) => JSON.parse(new TextDecoder().decode(await unseal(officer, place, sealed)));

const who = async () => (await get("who", 1)) || { officer: "", at: 0 };
const isOpen = (one) => one.officer && Date.now() - one.at < TOLD.kept;
const came = async (officer) => {
  const before = await who();
  await put("who", { id: 1, officer, at: Date.now() });
  if (before.officer && before.officer !== officer) await forget(before.officer);
};
// Pages go at once; the key goes with them unless something unsent still needs it.
const forget = async (officer) => {
  await done((await store("pages", "readwrite")).clear());
  for (const item of await all("forms")) if (item.officer === officer && !UNSENT(item)) await drop("forms", item.key);
  await forgetKey(officer);
};
const forgetKey = async (officer) => {
  if (!(await all("forms")).some((item) => item.officer === officer)) await drop("keys", officer);
};
const signOut = async () => {
  const { officer } = await who();
  await drop("who", 1);
  await forget(officer);
};
const tellPages = async () => {
  for (const page of await self.clients.matchAll({ includeUncontrolled: true })) page.postMessage({ queue: "changed" });
};

const mark = async (item, state, more) => {
  if (more) item.head = await sealText(item.officer, `head ${item.key}`, { ...(await unsealText(item.officer, `head ${item.key}`, item.head)), ...more });
  await put("forms", Object.assign(item, { state }));
  await tellPages();
};
const formOf = async (item) => {
  const { type } = await unsealText(item.officer, `head ${item.key}`, item.head);
  return new Response(await unseal(item.officer, `body ${item.key}`, item.body), { headers: { "Content-Type": type } }).formData();
};
const shownOf = (form) => {
  try {
    return JSON.parse(form.get("queue_shown")).map((row) => [row[1], row[2] ?? form.getAll(row[0]).filter((v) => typeof v === "string").join(", ")]);
  } catch {
    return []; // without labels the list is empty
  }
};
const keep = async (key, officer, url, form) => {
  const shown = shownOf(form);
  let large = false;
  for (const [name, value] of [...form.entries()])
    if (value instanceof File && value.size > TOLD.most_file) {
      form.delete(name);
      large = true;
    }
  const whole = new Response(form), type = whole.headers.get("Content-Type"), before = await get("forms", key);
  const head = await sealText(officer, `head ${key}`, { url, type, title: form.get("queue_title") || "", shown, large });
  const item = { key, officer, at: before?.at || Date.now(), state: "sending", waited: Boolean(before), head };
  item.body = await seal(officer, `body ${key}`, await whole.arrayBuffer());
  await put("forms", item);
  return item;
};

// One delivery: what the portal says of it decides; an answer that says nothing was no answer of the portal.
const deliver = async (item, url, form) => {
  let answer;
  try {
    answer = await fetch(url, { method: "POST", body: form, headers: { "X-Queue": "1" }, redirect: "manual" });
  } catch {
    return { what: "waiting" };
  }
  const what = answer.headers.get("X-Queue");
  if (!what) return { what: "waiting", trouble: answer.status >= 500, stale: answer.status === 403 };
  return { what, answer, to: answer.headers.get("X-Queue-To") };
};
const received = async (item) => {
  await put("forms", { key: item.key, officer: item.officer, at: item.at, state: "sent" }); // nothing of what was written
  await tellPages();
};
const fresh = async () => {
  try {
    return await (await fetch(TOLD.token, { cache: "no-store", redirect: "error", signal: AbortSignal.timeout(20000) })).json();
  } catch {
    return null;
  }
};
const underWay = new Set();
const sendOne = async (item, now) => {
  if (underWay.has(item.key)) return;
  underWay.add(item.key);
  try {
    const { url } = await unsealText(item.officer, `head ${item.key}`, item.head), form = await formOf(item);
    form.set("csrfmiddlewaretoken", now.token);
    await mark(item, "sending");
    const got = await deliver(item, url, form);
    if (got.what === "done" || got.what === "again") return await received(item);
    const says = got.answer && got.what !== "sign-in" ? (await got.answer.text()).slice(0, 100000) : "";
    await mark(item, got.what, { says, trouble: Boolean(got.trouble) });
  } finally {
    underWay.delete(item.key);
  }
};
const SENDS = ["waiting", "sending", "sign-in"];
let going = null;
const send = () =>
  (going ??= (async () => {
    const waiting = (await all("forms")).filter((item) => SENDS.includes(item.state) && !underWay.has(item.key)).sort((a, b) => a.at - b.at);
    if (!waiting.length) return;
    const now = await fresh();
    if (!now) return;
    if (now.officer) await came(now.officer);
    for (const item of waiting) {
      const stands = await get("forms", item.key); // dropped or sent meanwhile
      if (!stands || !SENDS.includes(stands.state)) continue;
      if (!now.officer) await mark(stands, "sign-in");
      else if (stands.officer === now.officer && !(await unsealText(stands.officer, `head ${stands.key}`, stands.head)).large) await sendOne(stands, now);
    }
  })().finally(() => (going = null)));

// No room and no net: our own page says so, and holds what was written as a form that can be sent again.
const notKept = async (url, form) => {
  const page = await caches.match(TOLD.page);
  if (!page) return Response.error();
  const safe = (words) => String(words).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
  const fields = [...form.entries()].filter(([, value]) => typeof value === "string").map(([name, value]) => `<input type="hidden" name="${safe(name)}" value="${safe(value)}">`);
  const shown = shownOf(form).map(([label, words]) => `<dt>${safe(label)}</dt><dd>${safe(words)}</dd>`);
  const put = [
    ["data-queue-not-kept hidden", "data-queue-not-kept"], ["data-queue-unusual hidden", "data-queue-unusual"], [/data-queue-usual/g, "data-queue-usual hidden"],
    ['action="#not-kept"', `action="${safe(new URL(url).pathname)}"`], ["<!--fields-->", fields.join("")], ["<!--shown-->", shown.join("")],
  ];
  const html = put.reduce((text, [from, to]) => text.replace(from, () => to), await page.text());
  return new Response(html, { status: 503, headers: { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": page.headers.get("Content-Security-Policy") || "", "Cache-Control": "no-store" } });
};
const submitted = async (request) => {
  const form = await request.clone().formData(), key = form.get("queue_key"), officer = form.get("queue_officer");
  if (!key || !officer) return fetch(request);
  const before = await get("forms", key);
  if (before && before.officer === officer && before.body) {
    for (const [name, value] of (await formOf(before)).entries())
      if (value instanceof File && value.size && !(form.get(name) instanceof File && form.get(name).size)) form.set(name, value);
  }
  const straight = () => fetch(request).catch(() => notKept(request.url, form));
  if (!before && (await all("forms")).filter(UNSENT).length >= TOLD.most_forms) return straight();
  const sending = new Response(form); // as the browser would write it
  const whole = await sending.clone().formData();
  underWay.add(key);
  try {
    const item = await keep(key, officer, request.url, form).catch(() => null);
    if (!item) return await straight(); // the device is full of other things
    let got = await deliver(item, request.url, whole);
    if (got.stale) {
      const now = await fresh();
      if (now && now.officer === officer) {
        whole.set("csrfmiddlewaretoken", now.token);
        got = await deliver(item, request.url, whole);
      } else if (now) got = { what: now.officer ? "waiting" : "sign-in" };
    }
    if (got.what === "done" || got.what === "again") {
      if (item.waited) await received(item);
      else await drop("forms", key);
      return Response.redirect(new URL(got.to, location.origin).href, 303);
    }
    if (got.answer && got.what !== "sign-in") {
      // She sees the answer with what she typed; what waited before, and what needs her choice, stays until it is settled.
      if (item.waited || got.what === "choice") await mark(item, got.what, { says: (await got.answer.clone().text()).slice(0, 100000) });
      else await drop("forms", key);
      return got.answer;
    }
    await mark(item, got.what, { trouble: Boolean(got.trouble) });
    return Response.redirect(new URL(TOLD.page, location.origin).href, 303);
  } finally {
    underWay.delete(key);
  }
};

const keepPage = async (url, officer, answer) => {
  const told = { html: await answer.text(), policy: answer.headers.get("Content-Security-Policy") || "" }, at = Date.now();
  const page = { url, officer, at, sealed: await sealText(officer, `page ${url}`, told) };
  const rows = (await base()).transaction(["who", "pages"], "readwrite"), one = await done(rows.objectStore("who").get(1));
  if (one?.officer !== officer) return forgetKey(officer); // she signed out while it was being sealed
  await done(rows.objectStore("pages").put(page));
  const pages = (await all("pages")).sort((a, b) => b.at - a.at);
  for (const [n, page] of pages.entries()) if (n >= TOLD.most_pages || at - page.at > TOLD.kept) await drop("pages", page.url);
};
const seenPage = async (url) => {
  const one = await who(), page = await get("pages", url);
  if (!page || page.officer !== one.officer || Date.now() - page.at > TOLD.kept) return null;
  const told = await unsealText(page.officer, `page ${url}`, page.sealed);
  const html = told.html.replace("<body", `<body data-kept="${page.at}"`);
  return new Response(html, { headers: { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": told.policy, "Cache-Control": "no-store" } });
};
// The page of what waits stands here in the language that was read last.
const inTongue = async (language) => {
  const page = await caches.match(TOLD.page);
  if (language && page && page.headers.get("Content-Language") !== language) await (await caches.open(SHELL)).add(TOLD.page);
};
const visited = async (event) => {
  const url = event.request.url.split("#")[0];
  try {
    const answer = await fetch(event.request), officer = answer.headers.get("X-Officer");
    if (officer) await came(officer);
    if (officer && answer.ok && answer.headers.get("X-Keep")) event.waitUntil(keepPage(url, officer, answer.clone()));
    event.waitUntil(inTongue(answer.headers.get("Content-Language")).catch(() => {}));
    return answer;
  } catch {
    return (await seenPage(url)) || (await caches.match(TOLD.page)) || Response.error();
  }
};
const file = async (request) => {
  try {
    const answer = await fetch(request);
    if (answer.ok) await (await caches.open(SHELL)).put(request.url, answer.clone());
    return answer;
  } catch {
    return (await caches.match(request.url)) || Response.error();
  }
};

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(TOLD.files)));
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event, asked = new URL(request.url);
  if (asked.origin !== location.origin) return;
  if (request.method === "GET" && asked.pathname.startsWith("/static/")) return event.respondWith(file(request));
  if (request.mode !== "navigate" || NOT_OURS.test(asked.pathname) || asked.pathname === "/") return;
  if (request.method === "GET") return event.respondWith(visited(event));
  if (request.method !== "POST") return;
  if (asked.pathname === TOLD.out) return event.respondWith(signOut().then(() => fetch(request)));
  if (FORMS.some((one) => one.test(asked.pathname))) event.respondWith(submitted(request));
});

// What pages may ask: the list, sending, the fields of one form, dropping one.
const listed = async () => {
  const one = await who(), forms = (await all("forms")).sort((a, b) => a.at - b.at), mine = forms.filter((item) => item.officer === one.officer);
  const rows = [];
  for (const item of mine) {
    const open = item.head && isOpen(one);
    const head = open ? await unsealText(item.officer, `head ${item.key}`, item.head) : {};
    rows.push({ key: item.key, at: item.at, state: item.state, open: Boolean(open), ...head });
  }
  return { rows, others: forms.filter((item) => item.officer !== one.officer && UNSENT(item)).length, unsent: forms.filter(UNSENT).length, most_forms: TOLD.most_forms, most_file: TOLD.most_file };
};
const fields = async (key) => {
  const item = await get("forms", key), one = await who();
  if (!item || item.officer !== one.officer || !isOpen(one)) return null;
  const { url } = await unsealText(item.officer, `head ${key}`, item.head);
  return { url, fields: [...(await formOf(item)).entries()].filter(([, value]) => typeof value === "string") };
};
const ASKED = {
  list: listed,
  send: async () => send(),
  fields: async ({ key }) => fields(key),
  token: async () => fresh(),
  drop: async ({ key }) => {
    const item = await get("forms", key);
    if (item && item.officer === (await who()).officer) await drop("forms", key);
    await tellPages();
  },
  tidy: async () => {
    for (const item of await all("forms")) if (!UNSENT(item) && Date.now() - item.at > 86400000) await drop("forms", item.key);
  },
};
self.addEventListener("message", (event) => {
  const todo = ASKED[event.data?.queue];
  if (todo) event.waitUntil(todo(event.data).then((answer) => event.ports[0]?.postMessage(answer ?? null)));
});
