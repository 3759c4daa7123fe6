// A list that changed: one line says so and shows the new one in its place; how many wait is told at once.
import { fetched, inTurn, parsed } from "./asking.js";

export function list(bar) {
  let over = false;

  const ask = inTurn(async () => {
    const places = document.querySelectorAll("[data-waiting]");
    if (over || !bar.dataset.ask || !places.length) return;
    const words = await fetched(bar.dataset.ask);
    for (const place of places) if (place.textContent !== words) place.textContent = words;
  });

  function say() {
    if (over || bar.childNodes.length) return;
    const link = document.createElement("a");
    link.className = "btn sm";
    link.href = location.href;
    link.textContent = bar.dataset.words;
    bar.replaceChildren(link);
  }

  async function show() {
    const within = bar.contains(document.activeElement);
    const page = parsed(await fetched(location.href));
    const [old, fresh] = [document, page].map((one) => one.querySelector("[data-live-list]"));
    if (!old || !fresh) return location.reload();
    old.replaceChildren(...fresh.childNodes);
    bar.replaceChildren();
    if (within) {
      old.tabIndex = -1;
      old.focus();
    }
  }

  bar.addEventListener("click", (event) => {
    if (!event.target.closest("a")) return;
    event.preventDefault();
    show().catch(() => location.reload());
  });

  return {
    ask,
    changed() {
      say();
      ask();
    },
    end() {
      over = true;
      bar.replaceChildren();
    },
  };
}
