// Mounts the player on what the page holds, and follows the reader's light or dark.

import { mount } from "../live/index.js";

const runs = [...document.querySelectorAll("script[data-run]")].map((node) => node.dataset.run);
const component = {
  parentElement: document.querySelector("main"),
  data: { key: "file", runs, recorded: true },
  setTriggerValue: () => {}, // nobody listens
};
const draw = () => mount(component, new URL(document.baseURI));

draw();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
