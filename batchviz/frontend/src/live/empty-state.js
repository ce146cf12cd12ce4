// What stands here before the first run.

import { element } from "../core/dom.js";

const TRAINING = "M8 16C40 78 70 96 120 104S220 112 312 114";
const VALIDATION = "M8 24C44 70 76 90 124 96S224 100 312 98";

export function emptyState() {
  const curve = (d, dash) =>
    element("path", {
      d,
      fill: "none",
      stroke: "currentColor",
      "stroke-width": 2,
      "stroke-linecap": "round",
      "stroke-dasharray": dash,
    });
  return element(
    "div",
    { class: "bv-empty", "data-testid": "live-empty" },
    element(
      "svg",
      { viewBox: "0 0 320 128", "aria-hidden": "true", class: "bv-sketch" },
      curve(TRAINING),
      curve(VALIDATION, "1 6"),
    ),
    element("p", { class: "bv-invitation" }, "Choose a batch size and press Train"),
    element(
      "p",
      { class: "bv-quiet" },
      "The loss after every epoch, and of every single update, is drawn here while Keras trains.",
    ),
  );
}
