// "Back" undoes the last change of the address, and what is on the page follows.
//
// Streamlit pushes a history entry whenever the script changes the address. Here only what a visitor does gets one: what
// the page does by itself, such as writing an address in its shortest form, replaces the entry, or "back" would lead to
// the long form, which is shortened again at once. In somebody else's page everything replaces: "back" is that page's.
//
// To the script an address that "back" led to looks like one that it wrote itself a moment ago, so it is marked, for as
// long as Streamlit reads it. It stands in the head of the page (web/page.py), before Streamlit's own scripts.

{
  const MARK = "back"; // as ui/address.py has it
  const [push, replace] = [history.pushState.bind(history), history.replaceState.bind(history)];
  let acted = false;
  for (const kind of ["pointerdown", "keydown"]) {
    addEventListener(
      kind,
      () => {
        acted = true;
      },
      { capture: true, passive: true },
    );
  }
  history.pushState = (state, title, url) => {
    const elsewhere = !url || new URL(url, location.href).pathname !== location.pathname;
    const own = elsewhere || (acted && window.top === window);
    acted = false;
    return own ? push(state, title, url) : replace(state, title, url);
  };
  addEventListener("popstate", () => {
    acted = false;
    const unmarked = location.href;
    const marked = new URL(unmarked);
    marked.searchParams.set(MARK, "1");
    replace(history.state, "", marked);
    setTimeout(() => replace(history.state, "", unmarked)); // once Streamlit, which hears of it after us, has read it
  });
}
