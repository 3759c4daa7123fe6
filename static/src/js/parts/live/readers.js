// Who reads along, for those who are seen themselves.
import { post } from "../sent.js";
import { fetched, inTurn } from "./asking.js";

export function reading(again) {
  const place = document.querySelector("[data-readers]");
  if (!place) return { ask() {}, hide() {} };
  const form = place.querySelector("form");
  const button = form.querySelector("button");
  const words = place.querySelector("[data-names]");

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const field = form.elements.namedItem("shown");
    post(form, form.action)
      .then(() => {
        const shown = field.value === "yes";
        button.setAttribute("aria-pressed", String(shown));
        field.value = shown ? "no" : "yes";
        if (!shown) words.textContent = "";
        again(); // the seat is taken anew, seen or not
      })
      .catch(() => form.submit());
  });

  return {
    ask: inTurn(async () => {
      place.hidden = false;
      if (button.getAttribute("aria-pressed") !== "true") return;
      words.textContent = (await fetched(place.dataset.readers)).trim();
    }),
    hide() {
      place.hidden = true;
    },
  };
}
