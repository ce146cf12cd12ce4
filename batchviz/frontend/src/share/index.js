// The link box: fills in what Python worked out, copies it, shows the QR code over the whole screen.

const SAID = { link: "Link copied.", snippet: "HTML copied." };

/** The clipboard needs a secure address, which a class room's server rarely has: the older way works there. */
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

function picture(svg) {
  return `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
}

export default function (component) {
  const { data, parentElement: root } = component;
  const find = (name) => root.querySelector(name);
  const said = find(".said");
  if (find(".link").value !== data.link) said.textContent = "";
  find(".link").value = data.link;
  find(".snippet").value = data.embed;
  for (const button of root.querySelectorAll(".copy")) {
    button.onclick = async () => {
      const name = button.dataset.copies;
      said.textContent = (await copy(find(`.${name}`))) ? SAID[name] : "Select the text and copy it by hand.";
    };
  }
  const figure = find(".figure");
  figure.hidden = find(".actions").hidden = !data.qr;
  find(".none").hidden = Boolean(data.qr);
  if (!data.qr) return;
  Object.assign(find(".picture"), { src: picture(data.qr), alt: `QR code of the link to ${data.title}` });
  find("figcaption").textContent = data.title;
  find(".download").href = picture(data.qr);
  const large = find(".large");
  large.hidden = !document.fullscreenEnabled;
  large.onclick = () => figure.requestFullscreen();
  figure.onclick = () => document.fullscreenElement && document.exitFullscreen();
}
