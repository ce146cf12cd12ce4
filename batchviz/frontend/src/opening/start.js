// Plays the first screen as soon as the page arrives, beside Streamlit's own start.

import { theOpening } from "./opening.js";

theOpening();
