// A menu closes when something in it was chosen, as it does on Escape and on a press elsewhere: Streamlit's own menus
// do not know that a link in one is a choice. In the head of the page, as history.js.

document.addEventListener("click", ({ target }) => {
  if (!(target instanceof Element) || !target.closest(".batchviz-exports a")) return;
  // Once the browser has followed the link.
  setTimeout(() => document.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" })));
});
