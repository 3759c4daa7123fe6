// How far a topic was read: once the page rests, the form [data-read] tells the server the highest number
// among the messages (data-number) that came into view, by the same small POST as its button. The page
// itself keeps what is new as it was.
import { post } from "./sent.js";

const PAUSE = 1200; // what is only scrolled past is not read

function follow(form) {
  const field = form.elements.namedItem("number");
  const most = Number(field.value); // kept answers stand on the first page with a higher number
  const messages = [...document.querySelectorAll("[data-number]")];
  let read = Number(form.dataset.read);
  let timer;

  const reached = () =>
    messages
      .filter((message) => message.getBoundingClientRect().top < innerHeight * 0.75)
      .map((message) => Number(message.dataset.number))
      .filter((number) => number <= most)
      .reduce((highest, number) => Math.max(highest, number), 0);

  const tell = () => {
    const telling = reached();
    if (telling <= read || document.visibilityState === "hidden") return;
    field.value = String(telling);
    post(form, form.action)
      .then(() => {
        read = Math.max(read, telling);
        if (read >= most) form.hidden = true;
      })
      .catch(() => {}); // the button is still there
    field.value = String(most); // what the button says
  };

  const rest = () => {
    clearTimeout(timer);
    timer = setTimeout(tell, PAUSE);
  };
  addEventListener("scroll", rest, { passive: true });
  document.addEventListener("visibilitychange", rest);
  rest();
}

document.querySelectorAll("form[data-read]").forEach(follow);
