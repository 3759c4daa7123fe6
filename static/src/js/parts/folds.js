// Panels that float over the page (details[data-floating]) close on Escape, on a press outside, and when the
// focus goes on to what lies under them.

const openPanels = () => document.querySelectorAll("details[data-floating][open]");

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const panel of openPanels()) {
    const hadFocus = panel.contains(document.activeElement);
    panel.open = false;
    if (hadFocus) panel.querySelector("summary").focus();
  }
});

for (const happens of ["click", "focusin"]) {
  document.addEventListener(happens, (event) => {
    for (const panel of openPanels()) {
      if (!panel.contains(event.target)) panel.open = false;
    }
  });
}
