// Pictures that Python drew as SVG, side by side; one under the other where there is no room.

import { element } from "../core/dom.js";
import { mountOnce } from "../core/mount-once.js";

export const mount = mountOnce(({ parentElement }) => {
  const root = /** @type {HTMLElement} */ (parentElement.querySelector(".batchviz-pictures"));
  return {
    update({ data }) {
      root.replaceChildren(
        ...data.pictures.map((/** @type {string} */ svg) => {
          const figure = element("figure", {});
          figure.innerHTML = svg; // of figures/, which escapes what is put into it
          return figure;
        }),
      );
    },
    close() {},
  };
});
