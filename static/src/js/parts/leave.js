// Leave quickly: the page disappears at once, and the neutral page takes its place in the history of
// this tab. Earlier entries stay: a site cannot empty a history, and the help page says so.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-leave]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  document.documentElement.classList.add("gone");
  document.title = "";
  location.replace(link.href);
});
