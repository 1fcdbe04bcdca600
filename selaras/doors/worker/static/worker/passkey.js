// Passkeys: asks the telephone, writes its answer into the form, sends it. Without JavaScript, or without passkeys, the button stays hidden.
"use strict";
(() => {
  const form = document.querySelector("[data-passkey]");
  if (!form || !window.PublicKeyCredential) return;
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const options = JSON.parse(form.dataset.options).publicKey;
  options.challenge = bytes(options.challenge);
  if (options.user) options.user.id = bytes(options.user.id);
  for (const known of [...(options.excludeCredentials || []), ...(options.allowCredentials || [])]) known.id = bytes(known.id);
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const made = form.dataset.passkey === "make";
      const found = await navigator.credentials[made ? "create" : "get"]({ publicKey: options });
      const answer = { clientDataJSON: text(found.response.clientDataJSON) };
      if (made) answer.attestationObject = text(found.response.attestationObject);
      else {
        answer.authenticatorData = text(found.response.authenticatorData);
        answer.signature = text(found.response.signature);
        answer.userHandle = found.response.userHandle ? text(found.response.userHandle) : null;
      }
      form.elements.answer.value = JSON.stringify({ id: found.id, rawId: text(found.rawId), type: found.type, response: answer, clientExtensionResults: {} });
      form.submit();
    } catch {
      form.querySelector("[data-trouble]").hidden = false;
    }
  });
})();
