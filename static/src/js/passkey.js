// Passkeys: the browser asks the device, and the form carries its answer. Only pages on which one signs in
// load this; without it they say what works instead.
import { browserSupportsWebAuthn, startAuthentication, startRegistration } from "@simplewebauthn/browser";

const ways = { use: startAuthentication, make: startRegistration };

// A passkey is made for the name of the site; at another address of the same machine it does not work.
const isHere = (place) => location.hostname === place || location.hostname.endsWith("." + place);

async function ask(form) {
  const asked = await fetch(form.dataset.challenge, { headers: { Accept: "application/json" } });
  const answer = await ways[form.dataset.passkey]({ optionsJSON: await asked.json() });
  form.elements.answer.value = JSON.stringify(answer);
  form.submit();
}

function listen(form) {
  const fault = form.querySelector("[data-passkey-fault]");
  form.addEventListener("submit", async (event) => {
    const label = form.elements.label;
    if (label && !label.value.trim()) return; // the server says what is missing
    event.preventDefault();
    fault.hidden = true;
    try {
      await ask(form);
    } catch {
      fault.hidden = false;
      fault.focus();
    }
  });
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!browserSupportsWebAuthn() || !isHere(form.dataset.place)) continue;
  form.hidden = false;
  for (const without of document.querySelectorAll("[data-without-passkey]")) without.hidden = true;
  listen(form);
}
