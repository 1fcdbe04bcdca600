// Says in the page's own words why a passkey did not work; allauth's script reports it as an event.
"use strict";
document.addEventListener("allauth.error", (event) => {
  const place = document.getElementById("passkey-trouble");
  if (!place) return;
  event.preventDefault();
  place.hidden = false;
  place.focus();
});
