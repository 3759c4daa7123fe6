// Drafts: a form with data-draft-url is kept on the server within ten seconds of typing, and when the page
// is left. Its [data-draft-status] says when, with the words of data-saved ("Draft saved at {time}") and
// data-failed. Nothing is kept in the browser: the device may be shared.
import { post } from "./sent.js";

const QUIET = 3000; // saved after a pause of this length
const LATEST = 8000; // or at most this long after the first change, so that ten seconds hold

const hour = () =>
  new Intl.DateTimeFormat(document.documentElement.lang, { hour: "numeric", minute: "2-digit" }).format();

function keep(form) {
  const status = form.querySelector("[data-draft-status]");
  let quiet, latest;
  let changed = false;

  const say = (words, urgent) => {
    if (!status) return;
    // a save every few seconds is not worth interrupting a screen reader; a failure is
    if (urgent) status.setAttribute("role", "status");
    else status.removeAttribute("role");
    status.textContent = (words ?? "").replace("{time}", hour());
  };

  const save = (leaving = false) => {
    clearTimeout(quiet);
    clearTimeout(latest);
    latest = undefined;
    if (!changed || form.dataset.sending) return;
    changed = false;
    post(form, form.dataset.draftUrl, { keepalive: leaving })
      .then(() => say(status?.dataset.saved, false))
      .catch(() => {
        say(status?.dataset.failed, true);
        touched();
      });
  };

  const touched = () => {
    changed = true;
    clearTimeout(quiet);
    quiet = setTimeout(save, QUIET);
    latest ??= setTimeout(save, LATEST);
  };

  form.addEventListener("input", touched);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save(true);
  });
}

document.querySelectorAll("form[data-draft-url]").forEach(keep);
