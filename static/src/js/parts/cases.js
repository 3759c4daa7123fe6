// The facts of a case open when that kind of topic is chosen, and fold when another is.
document.addEventListener("change", (event) => {
  const facts = event.target.name === "kind" && event.target.form?.querySelector("[data-case]");
  if (facts) facts.open = event.target.value === "case";
});
