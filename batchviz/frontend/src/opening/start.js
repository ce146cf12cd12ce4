// Plays the first screen as soon as the page arrives, beside Streamlit's own start.

import { theOpening } from "./opening.js";

const PATIENCE = 2000; // milliseconds, of a busy page; one in the background has no frames at all

// Where something else is to be seen the screen is there and hidden: the live component asks for it, if ever.
if (document.getElementById("batchviz-opening")?.hidden === false) theOpening();

/** What else the page needs is asked for once the screen has moved, so that nothing keeps it waiting. */
function askForTheRest() {
  const later = document.getElementById("batchviz-later");
  if (later instanceof HTMLTemplateElement) document.head.append(later.content);
}

requestAnimationFrame(askForTheRest);
setTimeout(askForTheRest, document.hidden ? 0 : PATIENCE);
