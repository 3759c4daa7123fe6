// Files of a message: one that is too large is let go before it travels, with the words of its field; the text
// that was typed stays where it is.

document.addEventListener("change", (event) => {
  const input = event.target;
  if (!input.matches?.("input[type=file][data-most]")) return;
  const said = document.getElementById(input.getAttribute("aria-describedby"));
  const large = [...input.files].some((file) => file.size > Number(input.dataset.most));
  if (large) input.value = "";
  if (said) said.textContent = large ? said.dataset.words : "";
});
