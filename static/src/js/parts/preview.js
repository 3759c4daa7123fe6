// Preview in place: a button with data-preview-url asks the server for the text as it will be shown and puts
// it in the form's [data-preview] region. Without an answer the form is sent, and the page comes back with it.
import { post } from "./sent.js";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-preview-url]");
  const region = button?.form?.querySelector("[data-preview]");
  if (!region || button.dataset.plain) return;
  event.preventDefault();
  try {
    const answer = await post(button.form, button.dataset.previewUrl);
    // made safe by the server, with the same function as a published text
    region.querySelector("[data-preview-text]").innerHTML = await answer.text();
    region.hidden = false;
    region.focus();
  } catch {
    button.dataset.plain = "yes";
    button.click();
  }
});
