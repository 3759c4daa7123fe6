// Opening what a notice [data-told] is about marks it as read, by the small form beside it.
import { post } from "./sent.js";

document.querySelectorAll("a[data-told]").forEach((link) => {
  const form = link.closest("li")?.querySelector("form");
  if (!form) return;
  // keepalive: the page is being left
  link.addEventListener("click", () => void post(form, form.action, { keepalive: true }).catch(() => {}));
});
