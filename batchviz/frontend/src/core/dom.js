// The few DOM calls that every part of the component makes.

/** @typedef {HTMLElementTagNameMap & Pick<SVGElementTagNameMap, "svg" | "path">} Elements tag -> element */
/** @typedef {string | number | boolean | null | undefined} Setting of an attribute: false and null leave it out */

/**
 * Make an element: attributes starting with "on" are listeners.
 * @template {keyof Elements} Tag
 * @param {Tag} tag
 * @param {Record<string, Setting | ((event: any) => void)>} [attributes]
 * @param {(Node | string | null | undefined)[]} children
 * @returns {Elements[Tag]}
 */
export function element(tag, attributes = {}, ...children) {
  const node =
    tag === "svg" || tag === "path"
      ? document.createElementNS("http://www.w3.org/2000/svg", tag)
      : document.createElement(tag);
  for (const [name, setting] of Object.entries(attributes)) {
    if (setting === null || setting === undefined || setting === false) continue;
    if (typeof setting === "function") node.addEventListener(name.slice(2), setting);
    else node.setAttribute(name, setting === true ? "" : String(setting));
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return /** @type {Elements[Tag]} */ (node);
}

/**
 * The element that a selector finds, which is there: whoever asks made it.
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {HTMLElement}
 */
export function only(root, selector) {
  const node = root.querySelector(selector);
  if (!(node instanceof HTMLElement)) throw new Error(`${selector} is not on the page`);
  return node;
}

/**
 * Set text only when it differs: an untouched node costs no layout and announces nothing twice.
 * @param {Node} node
 * @param {string} text
 */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * Set, or with null remove, an attribute only when it differs.
 * @param {Element} node
 * @param {string} name
 * @param {Setting} setting
 */
export function setAttribute(node, name, setting) {
  if (setting === null || setting === undefined || setting === false) {
    if (node.hasAttribute(name)) node.removeAttribute(name);
  } else {
    const text = setting === true ? "" : String(setting);
    if (node.getAttribute(name) !== text) node.setAttribute(name, text);
  }
}

const PATHS = {
  play: "M7 4.5v15l12-7.5z",
  pause: "M7 5h3.6v14H7zM13.4 5H17v14h-3.6z",
  updateForward: "M8 5.5v13l8-6.5z",
  updateBack: "M16 5.5v13L8 12z",
  epochForward: "M6 5.5v13l8-6.5zM15.5 5.5H18v13h-2.5z",
  epochBack: "M18 5.5v13L10 12zM6 5.5h2.5v13H6z",
};

/** @param {keyof typeof PATHS} name */
export function icon(name) {
  return element(
    "svg",
    { viewBox: "0 0 24 24", width: 20, height: 20, "aria-hidden": "true", focusable: "false" },
    element("path", { d: PATHS[name], fill: "currentColor" }),
  );
}
