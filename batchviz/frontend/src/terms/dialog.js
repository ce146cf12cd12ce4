// The card of a term, and the list of all of them: one native dialog, which holds the keyboard while it is open, closes
// on Escape and on a press beside it, and gives the keyboard back to where it was.

import { element } from "../core/dom.js";
import { matching } from "./search.js";

/**
 * @typedef {{ key: string, name: string, what: string, expect: string, picture: string, example: string }} Card
 * @typedef {{ cards: Card[], controls: Record<string, string> }} Terms what api/terms tells; frontend/terms.py says the same
 */

const FAILED = "The words could not be loaded. Check the connection, then try again.";
const BASE = new URL("../../", import.meta.url); // above assets/VERSION/

/** @type {Promise<Terms> | undefined} */
let loading;
/** @type {HTMLDialogElement | undefined} */
let dialog;

/** @returns {Promise<Terms>} */
function terms() {
  loading ??= fetch(new URL("api/terms", BASE)).then((answer) => {
    if (!answer.ok) throw new Error(`api/terms: ${answer.status}`);
    return answer.json();
  });
  loading.catch(() => {
    loading = undefined;
  });
  return loading;
}

/**
 * Open the card of a term; of an empty or unknown one the list of all.
 * @param {string} key
 * @param {Element} [from] where the term stands
 */
export async function open(key, from) {
  try {
    const { cards } = await terms();
    const card = cards.find((each) => each.key === key);
    show(card ? cardOf(card, cards) : listOf(cards), from);
  } catch {
    show([heading("Words"), element("p", { role: "alert" }, FAILED)], from);
  }
}

/**
 * Open the card of the control whose question mark was pressed, if it is a term.
 * @param {string[]} classes of the control's place on the page: `st-key-NAME`
 * @param {Element} from
 */
export async function openOf(classes, from) {
  const { controls } = await terms();
  const name = classes.map((each) => each.replace(/^st-key-/, "")).find((each) => each in controls);
  if (name) await open(controls[name], from);
}

/**
 * @param {Node[]} content
 * @param {Element} [from]
 */
function show(content, from) {
  dialog ??= made();
  // Inside the dialog or the menu that the term stands in: a dialog of Streamlit's makes all beside it inert, and a menu
  // closes when something beside it is pressed.
  const place = from?.closest("[role=dialog], [data-testid=stPopoverBody]") ?? document.body;
  if (!dialog.open && dialog.parentElement !== place) place.append(dialog);
  dialog.replaceChildren(
    element(
      "button",
      { type: "button", class: "batchviz-term-close", "aria-label": "Close", onclick: () => dialog?.close() },
      "×",
    ),
    ...content,
  );
  // It stands outside Streamlit's page, which may be dark where the browser is light.
  const { colorScheme, fontFamily } = getComputedStyle(
    document.querySelector("[data-testid=stApp]") ?? document.body,
  );
  Object.assign(dialog.style, { colorScheme, fontFamily });
  if (!dialog.open) dialog.showModal();
  const first = dialog.querySelector("input, h2");
  if (first instanceof HTMLElement) first.focus();
}

function made() {
  const node = element("dialog", {
    class: "batchviz-term-card",
    "aria-labelledby": "batchviz-term-name",
    "data-testid": "term",
    onclick: (/** @type {Event} */ { target }) => target === node && node.close(),
    onkeydown: (/** @type {Event} */ event) => event.stopPropagation(), // the page's own keys
  });
  // Of a menu or a dialog below, which would close in its place: they listen before anything inside hears of it.
  window.addEventListener(
    "keydown",
    (event) => node.open && event.key === "Escape" && event.stopPropagation(),
    true,
  );
  return node;
}

/** @param {string} text */
function heading(text) {
  return element("h2", { id: "batchviz-term-name", tabindex: -1 }, text);
}

/**
 * @param {Card} card
 * @param {Card[]} cards
 */
function cardOf(card, cards) {
  const figure = element("figure", {});
  figure.innerHTML = card.picture; // of our own server, made by figures/terms
  return [
    heading(card.name),
    figure,
    element("p", {}, `${card.what} ${card.expect}`),
    element(
      "div",
      { class: "batchviz-term-foot" },
      element(
        "a",
        { href: new URL(`./?${card.example}`, BASE).href, class: "batchviz-term-show" },
        "Show me",
      ),
      element("button", { type: "button", onclick: () => show(listOf(cards)) }, "All words"),
    ),
  ];
}

/** @param {Card[]} cards */
function listOf(cards) {
  const count = element("p", { role: "status", class: "batchviz-term-count" });
  const list = element("ul", {});
  const draw = (/** @type {string} */ asked) => {
    const found = matching(cards, asked);
    count.textContent = `${found.length} of ${cards.length} words`;
    list.replaceChildren(
      ...found.map((card) =>
        element(
          "li",
          {},
          element(
            "button",
            { type: "button", onclick: () => show(cardOf(card, cards)) },
            element("strong", {}, card.name),
            element("span", {}, card.what),
          ),
        ),
      ),
    );
  };
  draw("");
  const search = element("input", {
    type: "search",
    "aria-label": "Search the words",
    placeholder: "Search the words",
    oninput: (/** @type {{ currentTarget: HTMLInputElement }} */ { currentTarget }) =>
      draw(currentTarget.value),
  });
  return [heading("Words"), search, count, list];
}
