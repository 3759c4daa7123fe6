// While one writes: a [data-guard] region of a form shows what may identify somebody, as the server sees it. The server
// looks again before anything is stored, with or without this.
import { post } from "./sent.js";

const QUIET = 1500; // looked at after a pause of this length

function look(region) {
  const form = region.closest("form");
  if (!form) return;
  let quiet;
  let asked = 0;

  const ask = async () => {
    const mine = ++asked;
    try {
      const answer = await post(form, region.dataset.guard);
      const html = await answer.text();
      // what was typed since is looked at next; nothing changes under a finger when nothing new was noticed
      if (mine !== asked || html === region.dataset.shown) return;
      const focused = region.contains(document.activeElement) ? document.activeElement.value : "";
      region.innerHTML = html; // made by the server, holds none of the words
      region.dataset.shown = html;
      if (focused) region.querySelector(`[value="${CSS.escape(focused)}"]`)?.focus();
    } catch {
      // without an answer nothing is said here: the server looks when the form is sent
    }
  };

  form.addEventListener("input", (event) => {
    if (!event.target.matches("textarea, input[type=text], input:not([type])")) return;
    clearTimeout(quiet);
    quiet = setTimeout(ask, QUIET);
  });
}

document.querySelectorAll("[data-guard]").forEach(look);
