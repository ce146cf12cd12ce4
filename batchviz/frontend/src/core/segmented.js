// A segmented control: radio buttons, so that the arrow keys and screen readers know it already.

import { element } from "./dom.js";

/**
 * @template {string} Id
 * @param {string} label
 * @param {{ id: Id, name: string }[]} options
 * @param {(id: Id) => void} choose
 */
export function segmented(label, options, choose) {
  const group = `bv-${label}-${Math.random().toString(36).slice(2)}`;
  /** @type {Map<Id, HTMLInputElement>} */
  const inputs = new Map();
  const node = element(
    "fieldset",
    { class: "bv-segmented" },
    element("legend", { class: "bv-label" }, label),
    ...options.map(({ id, name }) => {
      const input = element("input", { type: "radio", name: group, value: id, onchange: () => choose(id) });
      inputs.set(id, input);
      return element("label", { class: "bv-segment" }, input, element("span", {}, name));
    }),
  );
  const check = (/** @type {Id} */ chosen) => {
    for (const [id, input] of inputs) input.checked = id === chosen;
  };
  return { node, check };
}
