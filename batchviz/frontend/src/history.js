// "Back" undoes the last change of the address, and what is on the page follows.
//
// Streamlit pushes a history entry whenever the script changes the address. Here only what a visitor does gets one: what
// the page does by itself, such as writing an address in its shortest form, replaces the entry, or "back" would lead to
// the long form, which is shortened again at once. In somebody else's page everything replaces: "back" is that page's.
//
// To the script an address that "back" led to looks like one that it wrote itself a moment ago, so it is marked, until
// the script has taken the mark out: Streamlit may drop the first request for another that came close behind. What it
// writes before that belongs to the entry that was left. It stands in the head of the page (web/page.py), before
// Streamlit's own scripts.

{
  const MARK = "back"; // as ui/address.py has it
  const [push, replace] = [history.pushState.bind(history), history.replaceState.bind(history)];
  let acted = false;
  let times = 0;
  for (const kind of ["pointerdown", "keydown"]) {
    addEventListener(
      kind,
      () => {
        acted = true;
      },
      { capture: true, passive: true },
    );
  }
  /**
   * What an address asks for; "embed" is Streamlit's own, and no part of what the script writes.
   * @param {string | URL} url
   */
  const asked = (url) => {
    const parameters = new URL(url, location.href).searchParams;
    for (const name of [MARK, "embed", "embed_options"]) parameters.delete(name);
    parameters.sort();
    return parameters.toString();
  };
  history.pushState = (state, title, url) => {
    const elsewhere = !url || new URL(url, location.href).pathname !== location.pathname;
    if (!elsewhere && new URL(location.href).searchParams.has(MARK)) {
      if (asked(url) === asked(location.href)) replace(state, title, url);
      return;
    }
    const own = elsewhere || (acted && window.top === window);
    acted = false;
    (own ? push : replace)(state, title, url);
  };
  addEventListener("popstate", () => {
    acted = false;
    times += 1;
    const marked = new URL(location.href);
    marked.searchParams.set(MARK, `${Date.now().toString(36)}-${times}`);
    replace(history.state, "", marked);
  });
}
