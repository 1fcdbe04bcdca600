// Keys for a page of repeated work (the review queue), all from data attributes; office/_keys_help.html says how.
// Single keys can be switched off (WCAG 2.1.4), and never act while somebody types.
"use strict";
(() => {
  const area = document.querySelector("[data-keys]");
  if (!area) return;
  const STORE = "selaras-single-keys";
  const remembered = () => { try { return localStorage.getItem(STORE); } catch { return null; } };
  let on = remembered() !== "off";
  const targets = () => [...document.querySelectorAll("[data-key]")];
  const rows = () => [...area.querySelectorAll("[data-key-row]")];
  const help = document.getElementById("keys-help");

  const step = (by) => {
    const all = rows();
    if (!all.length) return;
    const here = all.findIndex((row) => row.getAttribute("aria-current") === "true");
    const next = all[Math.min(all.length - 1, Math.max(0, here + by))];
    all.forEach((row) => row.removeAttribute("aria-current"));
    next.setAttribute("aria-current", "true");
    next.tabIndex = -1;
    next.focus();
  };

  const explain = () => {
    const list = help.querySelector("[data-keys-list]");
    list.replaceChildren();
    const add = (keys, words) => {
      const term = document.createElement("dt");
      keys.forEach((key, i) => {
        if (i) term.append(" ");
        const cap = document.createElement("kbd");
        cap.textContent = key;
        term.append(cap);
      });
      const meaning = document.createElement("dd");
      meaning.textContent = words;
      list.append(term, meaning);
    };
    targets().forEach((target) => add(target.dataset.key.split(" "), target.dataset.keyLabel || target.textContent.trim()));
    if (rows().length) {
      add(["j"], list.dataset.next);
      add(["k"], list.dataset.previous);
    }
    add(["?"], list.dataset.help);
    label();
    help.showModal();
  };

  const toggle = help && help.querySelector("[data-keys-switch]");
  const label = () => { if (toggle) toggle.textContent = on ? toggle.dataset.off : toggle.dataset.on; };
  if (toggle) {
    toggle.addEventListener("click", () => {
      on = !on;
      try { localStorage.setItem(STORE, on ? "on" : "off"); } catch { /* the choice lasts for this page */ }
      label();
    });
  }

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]");
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || typing || (help && help.open)) return;
    if (event.key === "?" && help) {
      event.preventDefault();
      explain();
      return;
    }
    if (!on) return;
    if (event.key === "j" || event.key === "k") {
      if (rows().length) { event.preventDefault(); step(event.key === "j" ? 1 : -1); }
      return;
    }
    const target = targets().find((one) => one.dataset.key.split(" ").includes(event.key) && !one.disabled);
    if (target) {
      event.preventDefault();
      target.click();
    }
  });
  document.querySelectorAll("[data-keys-open]").forEach((button) => {
    button.hidden = false;
    if (help) button.addEventListener("click", explain);
  });
})();
