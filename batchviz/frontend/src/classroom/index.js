// A class as every screen of it shows it: how many are there and have answered, and the split once it may be seen.
//
// It asks the server once a second and fills in numbers by itself. The script runs again only when the class has gone on,
// or, where a screen shows what the class trains, when there is more of that: thirty screens cost what one does.

/**
 * @typedef {import("../core/mount-once.js").Component} Component
 * @typedef {{ text: string, answers: number }} Row
 * @typedef {{ vote: string, answers: number, rows: Row[] }} Split
 * @typedef {object} State what api/class/CODE tells
 * @property {string} version
 * @property {boolean} open
 * @property {number} members
 * @property {string | null} asked
 * @property {number} answered
 * @property {number} points
 * @property {number} trained
 * @property {number} elsewhere
 * @property {Split[]} splits
 */

/**
 * @typedef {object} Data what Python tells
 * @property {string} api address of the state
 * @property {string} version that the script has drawn
 * @property {string} grown points and trainings that it has drawn, empty where it draws none
 * @property {number} patience milliseconds between two drawings of what the class trains
 * @property {boolean} counts whether to tell who is there
 * @property {Record<string, string>} titles over the split of each vote
 */

const POLL = 800; // milliseconds
const SLOWEST = 8000;
const AGAIN = 3000;
const STUCK = 10_000; // that a script seems to run which a server that is gone will not end

/** @param {number} count @param {string} one @param {string} many */
const counted = (count, one, many) => `${count} ${count === 1 ? one : many}`;

/** @param {string} name @param {string} style @param {string} [text] */
function made(name, style, text = "") {
  return Object.assign(document.createElement(name), { className: style, textContent: text });
}

/** @param {State} state */
function sentence(state) {
  const here = counted(state.members, "person is here", "people are here");
  const answered = state.asked ? ` ${state.answered} of ${state.members} have answered.` : "";
  return `${here}.${answered}`;
}

/**
 * One split as a list: each answer with a bar, its number and its share.
 * @param {Split} split @param {string} title
 */
function drawn(split, title) {
  const part = made("section", "split");
  const list = made("dl", "rows");
  for (const { text, answers } of split.rows) {
    const share = Math.round((100 * answers) / split.answers);
    const value = made("dd", "value");
    const bar = made("i", "bar");
    bar.style.setProperty("--share", `${share}%`);
    value.append(bar, made("span", "count", `${answers} (${share} %)`));
    list.append(made("dt", "text", text), value);
  }
  part.append(made("h3", "title", `${title}: ${counted(split.answers, "answer", "answers")}`), list);
  return part;
}

/**
 * What Streamlit's own page tells: whether it has its server, and whether the script rests. As core/app-state.js, since
 * this file travels alone.
 */
function appState() {
  const app = /** @type {HTMLElement | null} */ (document.querySelector("[data-testid=stApp]"));
  return {
    connected: app?.dataset.testConnectionState === "CONNECTED",
    idle: app?.dataset.testScriptState === "notRunning",
  };
}

class Watch {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.wait = POLL;
    this.asked = -Infinity; // when the script was last asked to run
    this.rested = 0; // and when it last rested
    this.shown = "";
    this.lost = false; // whether the server was away
    /** @type {Component | undefined} */
    this.component = undefined;
    this.timer = 0;
    this.look = () => document.hidden || this.ask(); // a phone that wakes up asks at once
    document.addEventListener("visibilitychange", this.look);
  }

  /** @param {Component} component */
  update(component) {
    const first = !this.component;
    this.component = component;
    if (first) this.ask();
  }

  async ask() {
    clearTimeout(this.timer);
    if (!this.component) return;
    try {
      const answer = await fetch(/** @type {Data} */ (this.component.data).api, { cache: "no-store" });
      if (!answer.ok) throw new Error(String(answer.status));
      this.draw(await answer.json());
      this.wait = POLL;
      this.say("");
    } catch (error) {
      this.lost = true;
      this.wait = Math.min(SLOWEST, 2 * this.wait);
      this.say(
        error instanceof Error && error.message === "404"
          ? "The class is over: its teacher has deleted it."
          : "The server does not answer. Trying again; nothing is lost.",
      );
    }
    clearTimeout(this.timer);
    if (!document.hidden) this.timer = setTimeout(this.look, this.wait * (0.9 + Math.random() / 5));
  }

  /** @param {string} name */
  find(name) {
    return /** @type {HTMLElement} */ (this.root.querySelector(name));
  }

  /** @param {string} words */
  say(words) {
    const place = this.find(".lost");
    if (place.textContent !== words) place.textContent = words;
  }

  /** @param {State} state */
  draw(state) {
    const { component } = this;
    if (!component) return;
    const data = /** @type {Data} */ (component.data);
    const words = data.counts ? sentence(state) : "";
    if (this.find(".counts").textContent !== words) this.find(".counts").textContent = words;
    const splits = JSON.stringify(state.splits);
    if (splits !== this.shown) {
      this.shown = splits;
      this.find(".splits").replaceChildren(
        ...state.splits.map((split) => drawn(split, data.titles[split.vote] ?? "")),
      );
    }
    const now = performance.now();
    const grown = `${state.points} ${state.trained} ${state.elsewhere}`;
    const { connected, idle } = appState();
    if (this.lost && connected) {
      // A server that was started anew does not know this tab: until its script has run, a press goes unheard.
      this.lost = false;
      this.asked = now;
      component.setTriggerValue("moved", `again ${now}`);
      return;
    }
    const behind = state.version !== data.version;
    const more = Boolean(data.grown) && data.grown !== grown;
    // Asked again while the script has not answered: a server that was just started has not heard the first time.
    if (idle) this.rested = now;
    // In the middle of a press the script is let alone: it would be stopped, and the press forgotten.
    const free = idle || now - this.rested > STUCK;
    if (free && (behind || more) && now - this.asked > (behind ? AGAIN : data.patience)) {
      this.asked = now;
      component.setTriggerValue("moved", `${state.version} ${grown} ${now}`);
    }
  }

  close() {
    clearTimeout(this.timer);
    document.removeEventListener("visibilitychange", this.look);
  }
}

/** @type {WeakMap<HTMLElement, { watch: Watch, calls: number }>} */
const places = new WeakMap();

/** @param {Component} component */
export default function mount(component) {
  const { parentElement } = component;
  const place = places.get(parentElement) ?? { watch: new Watch(parentElement), calls: 0 };
  places.set(parentElement, place);
  const call = ++place.calls;
  place.watch.update(component);
  return () => {
    if (call !== place.calls) return; // a newer call still shows
    place.watch.close();
    places.delete(parentElement);
  };
}
