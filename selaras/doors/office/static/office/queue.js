// What waits on this device, on every page of an officer: the banner, the keys of forms, the list. Each page works without it.
"use strict";
(() => {
  const frame = document.querySelector("[data-queue-script]");
  if (!frame || !navigator.serviceWorker) return;
  const worker = () => navigator.serviceWorker.controller;
  const one = (name, root = document) => root.querySelector(`[data-${name}]`);
  const reveal = (name, role) => {
    one(name).setAttribute("role", role);
    one(name).hidden = false;
  };
  const LANGUAGE = document.documentElement.lang === "id" ? "id-ID" : "en-GB";
  const ask = (queue, more = {}) =>
    new Promise((good) => {
      if (!worker()) return good(null);
      const line = new MessageChannel();
      line.port1.onmessage = (event) => good(event.data);
      worker().postMessage({ queue, ...more }, [line.port2]);
    });
  if (frame.dataset.queueOfficer) navigator.serviceWorker.register(frame.dataset.queueScript, { scope: "/" }).catch(() => {}); // without it every page works, and needs the net

  // A page that was kept shows since when; its forms get keys of their own, or two entries would be taken for one.
  const kept = Number(document.body.dataset.kept || 0);
  const renew = () => document.querySelectorAll("form[data-queue] [name=once]").forEach((field) => (field.value = crypto.randomUUID()));
  if (kept) {
    renew();
    reveal("queue-kept", "status");
    one("queue-when").textContent = new Date(kept).toLocaleString(LANGUAGE, { dateStyle: "long", timeStyle: "short" });
  }
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    renew();
    document.querySelectorAll("form[data-queue] [name=queue_key]").forEach((field) => (field.value = ""));
  });

  // A form that may wait gets its key when it is sent, and the words in which it is shown while it waits.
  const text = (field) => {
    if (field.type === "date" && field.valueAsDate) return field.valueAsDate.toLocaleDateString(LANGUAGE, { dateStyle: "long", timeZone: "UTC" });
    if (field.type === "file") return [...field.files].map((file) => file.name).join(", ");
    if (field.tagName === "SELECT") return [...field.selectedOptions].filter((option) => option.value).map((option) => option.text).join(", ");
    if (field.type !== "radio" && field.type !== "checkbox") return field.value;
    return field.checked ? (field.closest("label") || field.labels[0] || { textContent: field.value }).textContent.trim() : "";
  };
  // What a device cannot keep is not sent into the void: without net the form stays on the screen with what was typed.
  let room = { unsent: 0, most_forms: Infinity, most_file: Infinity, keys: [] };
  const noRoom = (form) => {
    const large = [...form.elements].some((field) => field.type === "file" && [...field.files].some((file) => file.size > room.most_file));
    const full = room.unsent >= room.most_forms && !room.keys.includes(form.elements.namedItem("queue_key").value);
    return full ? "queue-full" : large ? "queue-large" : "";
  };
  const stay = async (form, button) => {
    const why = noRoom(form), net = await ask("token");
    delete form.dataset.sent;
    if (net) {
      form.dataset.sure = "yes";
      return form.requestSubmit(button);
    }
    for (const name of ["queue-full", "queue-large"]) one(name).hidden = name !== why;
    reveal(why, "alert");
    one(why).scrollIntoView();
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (!form.matches("[data-queue]")) {
      if (!kept) return;
      event.preventDefault();
      reveal("queue-needs-net", "alert");
      return;
    }
    if (!worker()) return;
    if (!form.dataset.sure && noRoom(form)) {
      event.preventDefault();
      stay(form, event.submitter);
      return;
    }
    delete form.dataset.sure;
    const named = (name) => form.elements.namedItem(name);
    if (!named("queue_key").value) named("queue_key").value = crypto.randomUUID();
    if (form.matches("[data-choice]")) return;
    const rows = JSON.parse(named("queue_shown").value).map(([name, label]) => {
      const fields = [...form.elements].filter((field) => field.name === name);
      return [name, label, fields.map(text).filter(Boolean).join(", ")];
    });
    named("queue_shown").value = JSON.stringify(rows.filter((row) => row[2]));
    const title = form.querySelector("[name=queue_title]") || form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name: "queue_title" }));
    title.value = document.querySelector("h1").textContent.trim();
  });

  // Leaving with something unsent is asked for once more.
  let unsent = 0;
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[action$='/account/logout/']") || !unsent || event.target.dataset.sure) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    event.target.dataset.sure = "yes";
    reveal("queue-leaving", "alert");
    one("queue-leaving").scrollIntoView();
  }, true);
  document.addEventListener("click", async (event) => {
    const drop = event.target.closest("[data-drop]");
    if (!drop || !worker()) return;
    event.preventDefault();
    await ask("drop", { key: drop.dataset.drop });
    location.assign(drop.href);
  });

  const page = one("queue-page");
  const said = (code) => one(`code="${code}"`, page).textContent;
  const sentences = (html) => {
    const answer = new DOMParser().parseFromString(html, "text/html");
    const faults = [...answer.querySelectorAll(".error-summary li")].map((line) => line.textContent.trim());
    return faults.length ? faults.join(" ") : [answer.querySelector("h1"), answer.querySelector(".answer-line")].map((part) => (part ? part.textContent.trim() : "")).join(". ");
  };
  // Opening sends it as a form of this page, so that the answer stands on the screen with what was typed; files come from the device.
  const open = async (key) => {
    const [found, now] = [await ask("fields", { key }), await ask("token")];
    if (!found || !now) return reveal("queue-needs-net", "alert");
    const form = Object.assign(document.createElement("form"), { method: "post", action: found.url, enctype: "multipart/form-data", hidden: true });
    for (const [name, value] of found.fields)
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value: name === "csrfmiddlewaretoken" ? now.token : value }));
    document.body.append(form);
    form.submit();
  };
  let drawn = "";
  const draw = (rows, others) => {
    const now = JSON.stringify([rows, others]);
    if (now === drawn) return; // what is being pressed stays where it is
    drawn = now;
    one("queue-none", page).hidden = rows.length > 0 || others > 0;
    one("queue-others", page).hidden = !others;
    one("queue-send").hidden = !rows.some((row) => ["waiting", "sending", "sign-in"].includes(row.state));
    one("queue-list", page).replaceChildren(
      ...rows.map((row) => {
        const line = one("queue-item", page).content.cloneNode(true), sent = row.state === "sent", shown = row.large && row.state === "waiting" ? "unfit" : row.state;
        one("title", line).textContent = row.title || "…";
        if (sent || !row.title) one("title", line).hidden = true;
        one("state", line).textContent = said(shown);
        one("state", line).classList.toggle("red", ["unfit", "refused", "choice"].includes(shown));
        one("at", line).textContent = new Date(row.at).toLocaleString(LANGUAGE, { dateStyle: "long", timeStyle: "short" });
        const notes = [row.large ? said("large") : "", !row.open && !sent ? said("closed") : "", row.state === "choice" ? said("choice-says") : row.says ? sentences(row.says) : "", row.trouble ? said("trouble") : ""];
        one("says", line).textContent = notes.filter(Boolean).join(" ");
        for (const [label, words] of row.shown || []) {
          one("rows", line).append(Object.assign(document.createElement("dt"), { textContent: label }), Object.assign(document.createElement("dd"), { textContent: words }));
        }
        one("sign-in", line).hidden = row.state !== "sign-in";
        one("open", line).hidden = !row.open || sent || (!["choice", "unfit", "refused"].includes(shown));
        one("open", line).addEventListener("click", () => open(row.key));
        const drop = one("drop-item", line);
        drop.hidden = !row.open;
        drop.addEventListener("click", () => {
          if (drop.dataset.sure) return ask("drop", { key: row.key });
          drop.dataset.sure = "yes";
          drop.textContent = said("drop");
        });
        return line;
      }),
    );
  };
  const show = async () => {
    const found = await ask("list");
    if (!found) return;
    unsent = found.rows.filter((row) => row.state !== "sent").length;
    room = { ...found, keys: found.rows.map((row) => row.key) };
    document.querySelectorAll("[data-queue-full-count]").forEach((count) => (count.textContent = room.unsent));
    if (room.unsent < room.most_forms) one("queue-full").hidden = true;
    one("queue-waits").hidden = !unsent || Boolean(page);
    one("queue-one").hidden = unsent !== 1;
    one("queue-many").hidden = unsent < 2;
    one("queue-count").textContent = unsent;
    if (page) draw(found.rows, found.others);
  };
  const round = async () => {
    await show();
    await ask("send");
    await show();
  };
  navigator.serviceWorker.addEventListener("message", (event) => event.data?.queue === "changed" && show());
  navigator.serviceWorker.addEventListener("controllerchange", round);
  addEventListener("online", round);
  setInterval(() => unsent && navigator.onLine && ask("send"), 20000);
  if (page) one("queue-send").addEventListener("click", round);
  ask("tidy");
  round();
})();
