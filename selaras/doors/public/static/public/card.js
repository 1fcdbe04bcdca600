// Verifies a card on paper on this device: Ed25519 by the browser, keys and status lists kept here, nothing of the card sent anywhere.
// It answers as selaras/engines/passes/verifying.py does; without JavaScript the form goes to the server.
"use strict";
(() => {
  const root = document.querySelector("[data-card]");
  if (!root) return;
  const one = (name) => root.querySelector(`[${name}]`), STORE = "selaras-card", HOUR = 3600, DAY = 86400000, AHEAD = 600, LARGEST = 1 << 22;
  const said = (code) => root.querySelector(`[data-code="${code}"]`).textContent;

  const toBytes = (text) => {
    if (!/^[A-Za-z0-9_-]*$/.test(text)) throw new Error("text");
    const raw = Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
    const back = btoa(String.fromCharCode(...raw)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
    if (back !== text) throw new Error("written in another way");
    return raw;
  };
  const inParts = (text) => {
    // a list is too long for one call
    const parts = [];
    for (let at = 0; at < text.length; at += 8192) parts.push(...Uint8Array.from(atob(pad(text.slice(at, at + 8192))), (c) => c.charCodeAt(0)));
    return Uint8Array.from(parts);
  };
  const pad = (text) => text.replace(/-/g, "+").replace(/_/g, "/") + "=".repeat(-text.length & 3);
  const read = (raw) => JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(raw));
  const join = (...parts) => Uint8Array.from(parts.flatMap((part) => [...part]));

  const holds = async (key, signature, data) => {
    const jwk = { kty: "OKP", crv: "Ed25519", x: key.x };
    const held = await crypto.subtle.importKey("jwk", jwk, { name: "Ed25519" }, false, ["verify"]);
    return crypto.subtle.verify({ name: "Ed25519" }, held, signature, data);
  };
  const keyOf = (kept, kid, use) => (kept.keys.keys || []).find((key) => key.kid === kid && key.selaras_use === use && key.alg === "Ed25519");
  const signsOn = (key, day) => key.selaras_state !== "retired" && key.selaras_since <= day && (!key.selaras_until || day <= key.selaras_until);

  const openList = async (kept, text) => {
    const [head, body, signature] = text.split(".");
    const header = read(toBytes(head));
    const key = header.typ === "statuslist+jwt" && ["Ed25519", "EdDSA"].includes(header.alg) && keyOf(kept, header.kid, "status");
    if (!key || !(await holds(key, toBytes(signature), new TextEncoder().encode(`${head}.${body}`)))) throw new Error("list");
    const claims = read(inParts(body));
    if (claims.status_list.bits !== 2 || !signsOn(key, new Date(claims.iat * 1000).toISOString().slice(0, 10))) throw new Error("list");
    const stream = new Blob([inParts(claims.status_list.lst)]).stream().pipeThrough(new DecompressionStream("deflate"));
    const bits = new Uint8Array(await new Response(stream).arrayBuffer());
    if (bits.length > LARGEST) throw new Error("list");
    return { name: claims.sub, short: claims.sub.split("/").pop(), made: claims.iat, next: claims.exp, bits };
  };

  const statusOf = async (kept, name, index, now) => {
    let found = null, untrusted = false;
    for (const text of Object.values(kept.lists)) {
      try {
        const list = await openList(kept, text);
        if (list.short === name && (!found || found.made < list.made)) found = list;
      } catch {
        untrusted = true;
      }
    }
    if (!found) return { unsure: [["pass.list_missing", { list: name }], ...(untrusted ? [["pass.list_untrusted", {}]] : [])] };
    const age = now / 1000 - found.made, hours = Math.max(0, Math.floor(age / HOUR)), made = moment(found.made * 1000);
    const state = index >> 2 < found.bits.length ? (found.bits[index >> 2] >> (2 * (index & 3))) & 3 : null;
    if (state === 1) return { against: [["pass.revoked", { made, hours }]] };
    if (state === 2) return { against: [["pass.suspended", { made, hours }]] };
    const unsure = [], most = Number(root.dataset.hours);
    if (state !== 0) unsure.push(["pass.list_short", { list: name }]);
    if (age < -AHEAD) unsure.push(["pass.list_ahead", { made }]);
    if (age > most * HOUR) unsure.push(["pass.list_old", { hours, made, most }]);
    if (now / 1000 >= found.next) unsure.push(["pass.list_next_missed", { next: moment(found.next * 1000) }]);
    return { unsure, notes: [["pass.list_age", { hours, made }]] };
  };

  const verify = async (kept, text, now) => {
    const no = (code, params = {}) => ({ outcome: "not_good", reasons: [[code, params]], says: null });
    const token = text.trim().split("#").pop().split(".");
    let raw, signature, told;
    try {
      if (token.length !== 3 || token[0] !== "SLR1") throw new Error("form");
      [raw, signature] = [toBytes(token[1]), toBytes(token[2])];
      told = read(raw);
      if (!Array.isArray(told) || told.length !== 10 || typeof told[0] !== "string") throw new Error("form");
    } catch {
      return no("pass.not_a_pass");
    }
    const key = keyOf(kept, told[0], "card");
    if (!key) return no("pass.key_unknown", { key: told[0].slice(0, 16) });
    if (!(await holds(key, signature, join(new TextEncoder().encode("selaras card 1\0"), raw)))) return no("pass.altered");
    const day = (count) => new Date(Date.UTC(2020, 0, 1) + count * DAY).toISOString().slice(0, 10);
    const [, number, name, birth_year, country, issued, since, until] = [...told.slice(0, 5), ...told.slice(5, 8).map(day)];
    const against = [];
    if (key.selaras_state === "retired") against.push(["pass.key_retired", { key: key.kid }]);
    else if (!signsOn(key, issued)) against.push(["pass.key_turned", { key: key.kid, issued: date(issued) }]);
    // Days on a card are counted by the issuer's clock, seven hours ahead of Greenwich, wherever it is shown.
    const distrusted = against.length > 0, here = new Date(now + 7 * 3600000).toISOString().slice(0, 10);
    if (here < since) against.push(["pass.not_yet", { since: date(since) }]);
    if (here > until) against.push(["pass.expired", { until: date(until) }]);
    const status = await statusOf(kept, told[8], told[9], now);
    against.push(...(status.against || []));
    const unsure = status.unsure || [];
    return {
      outcome: against.length ? "not_good" : unsure.length ? "unsure" : "good",
      reasons: [...against, ...unsure, ...(status.notes || []), ["pass.holder_not_proved", {}]],
      says: distrusted ? null : { name, birth_year, country, number, since: date(since), until: date(until) },
    };
  };

  const date = (iso) => new Date(`${iso}T12:00:00Z`).toLocaleDateString(root.dataset.language, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  const moment = (ms) => new Date(ms).toLocaleString(root.dataset.language, { dateStyle: "long", timeStyle: "short" });
  const fill = (text, params) => text.replace(/%\((\w+)\)s|\{(\w+)\}/g, (_, name, other) => String(params[name || other] ?? ""));
  const aged = (hours) => fill(hours === 0 ? root.dataset.now : hours === 1 ? root.dataset.hour : root.dataset.ago, { hours });
  const line = (tag, text) => Object.assign(document.createElement(tag), { textContent: text });

  const show = (found) => {
    for (const part of root.querySelectorAll("[data-ask]")) part.hidden = true;
    for (const title of root.querySelectorAll("[data-outcome]")) title.hidden = title.dataset.outcome !== found.outcome;
    const note = one("data-note");
    note.className = found.outcome === "good" ? "note" : "note danger";
    note.replaceChildren(...found.reasons.map(([code, params]) => line("p", fill(said(code), { ...params, age: aged(params.hours) }))));
    const rows = Object.entries(found.says || {}).filter(([, value]) => value !== null && value !== "");
    one("data-said").replaceChildren(
      ...rows.flatMap(([name, value]) => [line("dt", root.querySelector(`[data-name="${name}"]`).textContent), line("dd", String(value))]),
    );
    one("data-answer").hidden = false;
    one("data-answer").scrollIntoView();
  };

  const kept = () => {
    try {
      return JSON.parse(localStorage.getItem(STORE));
    } catch {
      return null;
    }
  };
  const tell = () => {
    const held = kept(), store = one("data-store");
    for (const part of store.children) part.hidden = part.dataset.stored !== (held ? "yes" : "no");
    const yes = root.querySelector('[data-stored="yes"]');
    yes.dataset.text ||= yes.textContent;
    if (held) yes.textContent = fill(yes.dataset.text, { at: moment(held.at), age: aged(Math.max(0, Math.floor((Date.now() - held.at) / 3600000))) });
    store.hidden = false;
  };
  const sync = async () => {
    try {
      const keys = await (await fetch(root.dataset.keys, { cache: "no-cache" })).json(), lists = {};
      for (const address of keys.status_lists || []) {
        const name = address.split("/").pop();
        const answer = await fetch(`${new URL(`status/${name}`, new URL(root.dataset.keys, location.href)).pathname}`, { cache: "no-cache" });
        if (answer.ok) lists[name] = await answer.text();
      }
      localStorage.setItem(STORE, JSON.stringify({ keys, lists: { ...(kept() || {}).lists, ...lists }, at: Date.now() }));
    } catch {
      // no network: what rests here is used, and its age is said
    }
    tell();
  };

  const check = async (text) => {
    if (text.includes("~")) {
      one("data-phone").hidden = false;
      return;
    }
    one("data-phone").hidden = true;
    show(await verify(kept() || { keys: { keys: [] }, lists: {} }, text, Date.now()));
  };

  const scan = async () => {
    const video = one("data-camera");
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      const reader = new BarcodeDetector({ formats: ["qr_code"] });
      video.srcObject = stream;
      video.hidden = false;
      await video.play();
      const look = async () => {
        const found = (await reader.detect(video)).map((code) => code.rawValue).find((text) => text.split("#").pop().startsWith("SLR1."));
        if (!found) return void setTimeout(look, 200);
        for (const track of stream.getTracks()) track.stop();
        video.hidden = true;
        await check(found);
      };
      await look();
    } catch {
      video.hidden = true;
      one("data-no-camera").hidden = false;
    }
  };

  const begin = async () => {
    const shown = location.hash.slice(1), field = one("data-form").elements.text;
    if (shown) history.replaceState(null, "", location.pathname); // the name on the card does not stay in the history
    let able = null;
    one("data-form").addEventListener("submit", async (event) => {
      if (able === false) return; // the form goes to the server
      event.preventDefault();
      if (await known) check(event.target.elements.text.value);
      else event.target.submit();
    });
    const known = (async () => crypto.subtle.importKey("jwk", { kty: "OKP", crv: "Ed25519", x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" }, { name: "Ed25519" }, false, ["verify"]))().then(
      () => (able = true),
      () => (able = false),
    );
    if (!(await known)) {
      one("data-cannot").hidden = false;
      field.value ||= shown;
      return;
    }
    one("data-fetch").hidden = false;
    one("data-fetch").addEventListener("click", sync);
    if ("BarcodeDetector" in window && navigator.mediaDevices) {
      one("data-scan").hidden = false;
      one("data-scan").addEventListener("click", scan);
    }
    addEventListener("online", sync);
    if ("serviceWorker" in navigator) navigator.serviceWorker.register(root.dataset.helper).catch(() => {});
    await sync();
    if (shown) await check(shown);
  };
  begin();
})();
