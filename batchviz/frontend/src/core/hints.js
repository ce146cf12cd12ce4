// What a word or a button means, in a box beside it: to the pointer that rests on it, to the keyboard that comes to it
// and to a touch. `data-hint` holds the text; what has one can be focused, or holds what can (see `hinted`).

import { element, setText } from "./dom.js";

const GAP = 6; // pixels between the box and what it belongs to
const MARGIN = 8; // and the edge of the window
const STYLE =
  "position: fixed; inset: auto; margin: 0; max-width: min(22rem, calc(100vw - 16px)); padding: 0.4rem 0.6rem; " +
  "border: 1px solid rgb(255 255 255 / 0.2); border-radius: 6px; background: #262a31; color: #f5f5f3; " +
  "font: 400 0.8125rem/1.4 var(--st-font, system-ui, sans-serif); pointer-events: none; text-align: left;";
const SELECTOR = "[data-hint]";

/** @type {HTMLElement | null} */
let box = null;
/** @type {Element | null} */
let shown = null;

/**
 * The attributes of what explains itself and is no control: it can be focused for that, unless it holds what can.
 * @param {string | undefined} text nothing for nothing to explain
 * @param {Node} [content]
 */
export function hinted(text, content) {
  if (!text) return {};
  return content instanceof HTMLButtonElement ? { "data-hint": text } : { "data-hint": text, tabindex: 0 };
}

/** @param {EventTarget | null} target */
function owner(target) {
  return target instanceof Element ? target.closest(SELECTOR) : null;
}

/** @param {Element | null} node */
function show(node) {
  if (node === shown) return;
  hide();
  const text = node?.getAttribute("data-hint");
  if (!node || !text) return;
  box ??= element("div", { id: "batchviz-hint", role: "tooltip", popover: "manual", style: STYLE });
  if (!box.isConnected) document.body.append(box);
  setText(box, text);
  box.showPopover?.();
  place(box, node.getBoundingClientRect());
  shown = node;
  node.setAttribute("aria-describedby", box.id);
}

function hide() {
  shown?.removeAttribute("aria-describedby");
  shown = null;
  if (box?.isConnected) box.hidePopover?.();
}

/**
 * Under it, or over it where there is no room; never beyond the window.
 * @param {HTMLElement} around
 * @param {DOMRect} beside
 */
function place(around, beside) {
  const { width, height } = around.getBoundingClientRect();
  const left = Math.min(beside.left, innerWidth - width - MARGIN);
  const below = beside.bottom + GAP;
  const top = below + height > innerHeight - MARGIN ? beside.top - height - GAP : below;
  Object.assign(around.style, { left: `${Math.max(MARGIN, left)}px`, top: `${Math.max(MARGIN, top)}px` });
}

/** Once for the page, whichever of our scripts is there first. */
export function showHints() {
  if (document.documentElement.dataset.hints) return;
  document.documentElement.dataset.hints = "shown";
  // A pointer that moves, not one under which the page has moved: after a press a box would cover what it brought.
  document.addEventListener("pointermove", ({ target, pointerType }) => {
    if (pointerType === "mouse") show(owner(target) ?? owner(document.activeElement));
  });
  document.addEventListener("pointerover", () => shown && !shown.isConnected && hide());
  document.addEventListener("pointerdown", ({ target, pointerType }) => {
    if (pointerType !== "mouse") show(owner(target));
  });
  document.addEventListener("focusin", ({ target }) => {
    if (target instanceof Element && target.matches(":focus-visible")) show(owner(target));
  });
  document.addEventListener("focusout", ({ target }) => owner(target) === shown && hide());
  document.addEventListener("scroll", hide, { capture: true, passive: true });
  document.addEventListener("keydown", ({ key }) => key === "Escape" && hide());
}
