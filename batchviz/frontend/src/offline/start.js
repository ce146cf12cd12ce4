// Mounts the player on what the page holds, and follows the reader's light or dark.

import { only } from "../core/dom.js";
import { mount } from "../live/index.js";

const runs = [...document.querySelectorAll("script")].flatMap((node) => node.dataset.run ?? []);
const component = {
  parentElement: only(document, "main"),
  data: { key: "file", runs, recorded: true },
  setTriggerValue: () => {}, // nobody listens
};
const draw = () => mount(component, new URL(document.baseURI));

draw();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
