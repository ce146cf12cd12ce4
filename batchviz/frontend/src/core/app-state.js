// What Streamlit's own page tells of itself: whether it has its server, and whether the script runs.

const PATIENCE = 60; // seconds; then one acts all the same

/** @param {"testConnectionState" | "testScriptState"} name */
function pageState(name) {
  const app = /** @type {HTMLElement | null} */ (document.querySelector("[data-testid=stApp]"));
  return app?.dataset[name];
}

/** Whether the script rests: nothing that was pressed is still on its way. False where there is no page of Streamlit's. */
export function isIdle() {
  return pageState("testScriptState") === "notRunning";
}

/**
 * @param {"testConnectionState" | "testScriptState"} name
 * @param {string} wanted
 * @param {() => void} act at once where there is no page of Streamlit's
 * @param {number} pause seconds between two looks
 * @param {number} tries
 */
function when(name, wanted, act, pause, tries = PATIENCE / pause) {
  const state = pageState(name);
  if (state === undefined || state === wanted || tries <= 0) act();
  else setTimeout(() => when(name, wanted, act, pause, tries - 1), 1000 * pause);
}

/**
 * Act as soon as the page is connected, at once where there is none.
 * @param {() => void} act
 */
export function whenConnected(act) {
  when("testConnectionState", "CONNECTED", act, 1);
}

/**
 * Act as soon as the script rests, at once where there is none. What nobody pressed must wait: a second request stops
 * the script in the middle of the first one, and Streamlit forgets the press that the first one told.
 * @param {() => void} act
 */
export function whenIdle(act) {
  when("testScriptState", "notRunning", act, 0.25);
}
