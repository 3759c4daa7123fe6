// An open page hears that something is new and asks for it. The server tells names of things only; what is
// shown comes by an ordinary request, with the rights of whoever asks. Without a socket the page asks every
// now and then by itself; without this script it is complete.
import { io } from "socket.io-client";
import { ringing } from "./parts/live/bell.js";
import { list } from "./parts/live/list.js";
import { reading } from "./parts/live/readers.js";
import { topic } from "./parts/live/topic.js";

const OFTEN = 60_000;
const SELDOM = 15 * 60_000; // where the minute of a reply is nobody's business
const AWAY = 60_000; // a page nobody looks at gives its place to another after this
const CROWD = 1_500; // not everybody asks at the same instant
const RETRY = 90_000;

const random = (most) => Math.random() * most;

function start(bars) {
  const rooms = new Map(bars.map((bar) => [bar.dataset.live, (bar.dataset.kind === "topic" ? topic : list)(bar)]));
  const hands = document.querySelectorAll("[data-live-hand]");
  const seldom = bars.some((bar) => "seldom" in bar.dataset);
  const readers = reading(() => again());
  const socket = io({
    transports: ["websocket"],
    autoConnect: false,
    reconnectionDelay: 1000,
    reconnectionDelayMax: RETRY,
    randomizationFactor: 0.5,
  });
  let over = false;
  let asking;
  let leaving;
  let returning;

  let before = false;

  const askAll = () => {
    rooms.forEach((room) => room.ask());
    ringing();
  };

  // by itself, until there is a socket
  function byItself() {
    for (const hand of hands) hand.hidden = false;
    readers.hide();
    if (over || asking) return;
    const pause = seldom ? SELDOM : OFTEN;
    asking = setInterval(() => document.visibilityState === "visible" && askAll(), pause + random(pause / 2));
  }

  function listening() {
    clearInterval(asking);
    asking = undefined;
    for (const hand of hands) hand.hidden = true;
  }

  function again() {
    if (over) return;
    socket.disconnect();
    socket.connect();
  }

  function end() {
    over = true;
    clearInterval(asking);
    rooms.forEach((room) => room.end());
    rooms.clear();
    byItself();
    socket.disconnect();
  }

  socket.on("connect", () => {
    if (before) ringing();
    before = true;
    for (const [name, room] of rooms) {
      socket.emit("watch", name, (answer) => {
        if (!answer?.ok) return byItself();
        listening();
        room.ask(); // what came while nobody listened
        readers.ask();
      });
    }
  });
  socket.on("changed", (said) => setTimeout(() => rooms.get(said?.room)?.changed(), random(CROWD)));
  socket.on("readers", () => readers.ask());
  socket.on("again", () => setTimeout(askAll, random(CROWD)));
  socket.on("bell", () => setTimeout(ringing, random(CROWD)));
  socket.on("ended", (said) => {
    if (said?.room === "*") return end();
    rooms.get(said?.room)?.end();
    rooms.delete(said?.room);
    if (!rooms.size) byItself();
  });
  socket.on("disconnect", byItself);
  socket.on("connect_error", () => {
    byItself();
    clearTimeout(returning);
    if (!socket.active) returning = setTimeout(() => over || socket.connect(), RETRY + random(RETRY));
  });

  document.addEventListener("visibilitychange", () => {
    clearTimeout(leaving);
    if (over) return;
    if (document.visibilityState === "hidden") {
      leaving = setTimeout(() => socket.disconnect(), AWAY);
    } else if (!socket.connected) {
      askAll();
      socket.connect();
    }
  });
  socket.connect();
}

const bars = [...document.querySelectorAll("[data-live]")];
if (bars.length || document.querySelector("[data-bell]")) start(bars);
