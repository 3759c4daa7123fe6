// A form sent twice by a double press does one thing: the second press is ignored. The button keeps its
// focus and its words (aria-disabled, not disabled), and may be used again when no answer came.

const WAIT = 12000;

const submitters = (form) => form.querySelectorAll("button:not([type=button]), input[type=submit]");

function release(form) {
  delete form.dataset.sending;
  for (const button of submitters(form)) button.removeAttribute("aria-disabled");
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sending) {
    event.preventDefault();
    return;
  }
  form.dataset.sending = "yes";
  for (const button of submitters(form)) button.setAttribute("aria-disabled", "true");
  setTimeout(release, WAIT, form);
});

// coming back with the browser's own button shows the page as it was left
addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-sending]").forEach(release);
});
