// The bell asks how much waits. What it shows comes from the address it names, [data-bell].
import { fetched, inTurn, parsed } from "./asking.js";

export const ringing = inTurn(async () => {
  for (const bell of document.querySelectorAll("[data-bell]")) {
    bell.replaceChildren(...parsed(await fetched(bell.dataset.bell)).body.childNodes);
  }
});
