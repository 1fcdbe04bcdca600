// Leaves at once and takes this page out of the history; without JavaScript the button is a plain link. Escape twice does the same.
"use strict";
(() => {
  const exit = document.querySelector("[data-exit]");
  if (!exit) return;
  const leave = (event) => {
    event.preventDefault();
    document.body.hidden = true;
    location.replace(exit.href);
  };
  exit.addEventListener("click", leave);
  let last = 0;
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (event.timeStamp - last < 800) leave(event);
    last = event.timeStamp;
  });
})();
