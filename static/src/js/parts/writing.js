// The row of buttons over a text: bold, list, quote, link. It comes hidden from the server, with its words, and
// belongs to the text area after it.

const MARKS = {
  bold: (text) => `**${text}**`,
  link: (text) => `[${text}](https://)`,
  list: (text) => lines(text, "- "),
  quote: (text) => lines(text, "> "),
};

const lines = (text, mark) => text.split("\n").map((line) => mark + line).join("\n");

function put(area, text) {
  area.focus();
  // the only way that keeps the browser's own undo; setRangeText where it is gone
  if (document.execCommand?.("insertText", false, text)) return;
  area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

function mark(area, kind) {
  const whole = kind === "list" || kind === "quote";
  let { selectionStart: start, selectionEnd: end, value } = area;
  if (whole) {
    start = value.lastIndexOf("\n", start - 1) + 1;
    end = value.indexOf("\n", end) < 0 ? value.length : value.indexOf("\n", end);
    area.setSelectionRange(start, end);
  }
  const chosen = value.slice(start, end);
  put(area, MARKS[kind](chosen));
  if (kind === "bold" && !chosen) area.setSelectionRange(start + 2, start + 2);
  if (kind === "link") {
    const inside = chosen ? area.selectionEnd - 1 : start + 1;
    area.setSelectionRange(inside, inside);
  }
}

for (const bar of document.querySelectorAll("[data-writing]")) {
  bar.hidden = false;
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-mark]");
    if (button) mark(bar.nextElementSibling, button.dataset.mark);
  });
}
