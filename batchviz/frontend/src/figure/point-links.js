// A press on a point that has something behind it leads there.

import { setAttribute } from "../core/dom.js";

const NEAR = 14; // pixels around a point
const STILL = 6; // pixels between press and release that are no drag

/**
 * What is behind the point nearest to a place in the picture; null where none is near.
 * @param {Pick<import("../chart/chart.js").Drawn, "scene" | "planes">} drawn
 * @param {number} left pixels in the picture
 * @param {number} top
 */
export function linkAt({ scene, planes }, left, top) {
  let [link, least] = [/** @type {string | null} */ (null), NEAR];
  for (const { panel, links, series } of scene.curves) {
    const [{ x, y }] = series;
    links?.forEach((behind, i) => {
      const apart = Math.hypot(planes[panel].across(x[i]) - left, planes[panel].down(y[i]) - top);
      if (behind && apart <= least) [link, least] = [behind, apart];
    });
  }
  return link;
}

/**
 * Follow the links of a chart's points. Plotly covers the page while a button is down, so there is no click.
 * @param {import("../chart/chart.js").Chart} chart
 * @param {URL} base the app's address
 */
export function followLinks(chart, base) {
  const { picture } = chart;
  const behind = (/** @type {PointerEvent} */ { clientX, clientY }) => {
    const box = picture.getBoundingClientRect();
    const scale = box.width / picture.clientWidth || 1; // the presenter's
    return chart.drawn && linkAt(chart.drawn, (clientX - box.left) / scale, (clientY - box.top) / scale);
  };
  picture.addEventListener("pointermove", (/** @type {PointerEvent} */ event) =>
    setAttribute(chart.frame, "data-leads", Boolean(behind(event))),
  );
  picture.addEventListener(
    "pointerdown",
    (/** @type {PointerEvent} */ down) => {
      const link = down.button === 0 ? behind(down) : null;
      if (!link) return;
      window.addEventListener(
        "pointerup",
        (up) => {
          if (Math.hypot(up.clientX - down.clientX, up.clientY - down.clientY) >= STILL) return;
          const { href } = new URL(link, base);
          if (up.ctrlKey || up.metaKey) window.open(href, "_blank", "noopener");
          else location.assign(href);
        },
        { once: true, capture: true },
      );
    },
    { capture: true },
  );
}
