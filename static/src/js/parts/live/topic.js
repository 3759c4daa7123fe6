// New replies of a topic: they are said in one line, which a screen reader reads when it is idle, and stand in
// their place once somebody asks to see them. What is being written below is never touched.
import { fetched, inTurn, parsed } from "./asking.js";

export function topic(bar) {
  let after = Number(bar.dataset.after);
  let found;
  let over = false;

  const clear = () => {
    found = undefined;
    bar.replaceChildren();
  };

  const ask = inTurn(async () => {
    if (over) return;
    const text = await fetched(`${bar.dataset.ask}?after=${after}`).catch(lost);
    const page = parsed(text);
    page.querySelectorAll("[data-silent-posts] article").forEach(silence);
    const news = page.querySelector("[data-new-posts]");
    const line = news?.querySelector("[data-bar]");
    if (over || !line) return clear();
    found = news;
    if (bar.textContent.trim() === line.textContent.trim()) return; // said once is enough
    bar.replaceChildren(...line.childNodes);
  });

  // a message that was hidden or withdrawn leaves its line in place of its words
  function silence(line) {
    const shown = document.getElementById(line.id);
    if (shown?.matches("article.post:not(.silent)")) shown.replaceWith(document.adoptNode(line));
  }

  // the whole topic may not be read any more: none of its words stay on the page
  function lost(problem) {
    if (!["404", "410"].includes(problem.message)) throw problem;
    over = true;
    for (const post of document.querySelectorAll("article.post")) post.remove();
    document.title = bar.dataset.gone;
    document.querySelector("main h1")?.replaceChildren(bar.dataset.gone);
    clear();
    return "";
  }

  function open() {
    const within = bar.contains(document.activeElement);
    const posts = [...found.querySelectorAll("article")].map((post) => document.adoptNode(post));
    const shown = new Set([...document.querySelectorAll("article.post")].map((post) => post.id));
    const last = Number(found.dataset.last);
    const heading = document.querySelector("h2#replies:not(.sr)");
    if (heading) heading.textContent = found.querySelector("[data-heading]").textContent;
    bar.parentElement.querySelector("[data-live-hand]")?.before(...posts.filter((post) => !shown.has(post.id)));
    clear();
    if (within) {
      posts[0].tabIndex = -1;
      posts[0].focus();
    }
    after = last;
    read(last);
    ask(); // more than one page of them at once
  }

  function read(number) {
    const token = document.querySelector("input[name=csrf_token]")?.value; // as the forms of this page send it
    if (!bar.dataset.read || !token) return;
    const body = new FormData();
    body.set("number", String(number));
    fetch(bar.dataset.read, {
      method: "POST",
      body,
      headers: { "X-CSRFToken": token, "X-Requested-With": "fetch" },
      credentials: "same-origin",
    }).catch(() => {}); // it is read again another time
  }

  bar.addEventListener("click", (event) => {
    if (!found || !("inPlace" in bar.dataset) || !event.target.closest("a")) return;
    event.preventDefault();
    open();
  });

  return {
    ask,
    changed: ask,
    async end() {
      if (!over) await ask(); // may what stands here still be read?
      over = true;
      clear();
    },
  };
}
