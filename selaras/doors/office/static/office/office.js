// Small comforts of every office page; each page works without them.
"use strict";
(() => {
  // One menu open at a time; a click elsewhere or Escape closes it.
  const menus = () => document.querySelectorAll("details.menu[open]");
  document.addEventListener("click", (event) => {
    for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of menus()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  // A summary of errors is read first.
  const summary = document.querySelector("[data-focus]");
  if (summary) summary.focus();
  // Buttons that cannot be pressed twice by mistake.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.dataset.sent) {
      if (form.dataset.sent) event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, 4000);
  });
  addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((f) => delete f.dataset.sent));
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) print();
  });
})();
