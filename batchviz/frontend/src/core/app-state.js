// What Streamlit's own page tells of itself: whether it has its server, and whether the script runs.

const PATIENCE = 60; // seconds
const LOOK = 250; // milliseconds between looks whether the script still runs

/** @param {string} name of what the page tells */
function told(name) {
  const app = /** @type {HTMLElement | null} */ (document.querySelector("[data-testid=stApp]"));
  return app?.dataset[name];
}

/** Whether the script rests: nothing that was pressed is still on its way. False where there is no page of Streamlit's. */
export function isIdle() {
  return told("testScriptState") === "notRunning";
}

/**
 * Act as soon as the page is connected, at once where there is none.
 * @param {() => void} act
 */
export function whenConnected(act, tries = PATIENCE) {
  const connection = told("testConnectionState");
  const waiting = connection !== undefined && connection !== "CONNECTED" && tries > 0;
  if (waiting) setTimeout(() => whenConnected(act, tries - 1), 1000);
  else act();
}

/**
 * Act as soon as the script rests, at once where there is none. What nobody pressed must wait: a second request stops the script in the middle of
 * the first one, and Streamlit forgets the press that the first one told.
 * @param {() => void} act
 */
export function whenIdle(act, tries = (PATIENCE * 1000) / LOOK) {
  if (isIdle() || told("testScriptState") === undefined || tries <= 0) act();
  else setTimeout(() => whenIdle(act, tries - 1), LOOK);
}
