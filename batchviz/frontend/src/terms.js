// The card of a term opens from wherever the term stands: a word of ours (`data-term`), a link to `#term-NAME` in any
// text, the question mark of a control that is a term, and an address that ends in `#term-NAME` or `#words`. Each is a
// link or a button, so mouse, touch and keyboard all press it. In the head of the page, as history.js; what draws the
// card is fetched with the first press.

{
  const MODULE = "assets/terms.js"; // terms/dialog.js and what it imports; web/page.py puts the version in
  const LINK = /^#(?:term-(\w+)|words)$/;
  /** @type {Promise<{ dialog: typeof import("./terms/dialog.js") }> | undefined} */
  let loading;
  const fetched = () => {
    loading ??= import(new URL(MODULE, document.baseURI).href);
    loading.catch(() => {
      loading = undefined; // the next press tries again
    });
    return loading;
  };

  document.documentElement.dataset.terms = "here";
  document.addEventListener(
    "click",
    (event) => {
      const { target } = event;
      if (!(target instanceof Element) || event.ctrlKey || event.metaKey) return;
      const mark = target.closest("[data-testid=stTooltipIcon] button");
      const word = target.closest("[data-term], a[href^='#term-'], a[href='#words']");
      if (word) {
        const key = word.getAttribute("data-term") ?? LINK.exec(word.getAttribute("href") ?? "")?.[1];
        event.preventDefault();
        event.stopPropagation();
        fetched().then(({ dialog: { open } }) => open(key ?? "", word));
      } else if (mark) {
        const names = [...(mark.closest("[class*='st-key-']")?.classList ?? [])];
        fetched().then(({ dialog: { openOf } }) => openOf(names, mark));
      }
    },
    { capture: true },
  );

  const follow = () => {
    const named = LINK.exec(location.hash);
    if (named) fetched().then(({ dialog: { open } }) => open(named[1] ?? ""));
  };
  addEventListener("hashchange", follow);
  addEventListener("DOMContentLoaded", follow);
}
