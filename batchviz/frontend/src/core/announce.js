// Says what follows from a control that was moved: a screen reader hears the value from the control itself, and from here
// what the page works out of it: the text of `data-says`, whenever that has changed.

import { element, setText } from "./dom.js";

const REST = 400; // milliseconds: a slider that is moved on says where it came to
const STYLE =
  "position: fixed; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;";

let listening = false;

/** Begin; once for the page, however often it is called. */
export function announce() {
  if (listening) return;
  listening = true;
  // It has to be there, and empty, before it says anything.
  const region = element("div", { role: "status", "data-testid": "says", style: STYLE });
  document.body.append(region);
  let known = said();
  let timer = 0;
  const look = () => {
    timer = 0;
    const text = said();
    if (text && known && text !== known) setText(region, text);
    known = text || known;
  };
  new MutationObserver(() => {
    timer ||= window.setTimeout(look, REST);
  }).observe(document.body, { childList: true, subtree: true });
}

function said() {
  return document.querySelector("[data-says]")?.getAttribute("data-says") ?? "";
}
