// The link box: fills in what Python worked out, copies it, shows the QR code over the whole screen.

/**
 * @typedef {import("../core/mount-once.js").Component} Component its data: {link, embed, note, qr, title}
 * @typedef {HTMLInputElement | HTMLTextAreaElement} Field
 */

const COPIED = { link: "Link copied.", snippet: "HTML copied." };

/**
 * The clipboard needs a secure address, which a class room's server rarely has: the older way works there.
 * @param {Field} field
 */
async function copy(field) {
  field.focus();
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    return document.execCommand("copy");
  }
}

/** @param {string} svg */
function pictureAddress(svg) {
  return `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
}

/** @param {Component} component */
export default function mount({ data, parentElement: root }) {
  const find = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (root.querySelector(selector));
  const link = /** @type {HTMLInputElement} */ (find(".link"));
  const snippet = /** @type {HTMLTextAreaElement} */ (find(".snippet"));
  const message = find(".message");
  if (link.value !== data.link) message.textContent = "";
  link.value = data.link;
  snippet.value = data.embed;
  find(".note").textContent = data.note;
  /** @type {NodeListOf<HTMLButtonElement>} */
  const buttons = root.querySelectorAll(".copy");
  for (const button of buttons) {
    const name = button.dataset.copies === "link" ? "link" : "snippet";
    button.onclick = async () => {
      const copied = await copy(name === "link" ? link : snippet);
      message.textContent = copied ? COPIED[name] : "Select the text and copy it by hand.";
    };
  }
  const figure = find(".figure");
  figure.hidden = find(".actions").hidden = !data.qr;
  find(".none").hidden = Boolean(data.qr);
  if (!data.qr) return;
  const address = pictureAddress(data.qr);
  Object.assign(find(".picture"), { src: address, alt: `QR code of the link to ${data.title}` });
  find("figcaption").textContent = data.title;
  Object.assign(find(".download"), { href: address });
  const large = find(".large");
  large.hidden = !document.fullscreenEnabled;
  large.onclick = () => figure.requestFullscreen();
  figure.onclick = () => document.fullscreenElement && document.exitFullscreen();
}
