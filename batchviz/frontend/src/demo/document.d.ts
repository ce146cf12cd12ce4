// What a demonstration holds, as batchviz/exporters/demo/document.py writes it.

import type { Clocks, Plan, RecordedRun } from "../core/payload.js";
import type { Activation, OptimizerName, Task } from "../training/problem.js";

/** Where the members of a choice are compared. `at` is a place on the axis; null for their ends. */
export interface Verdict {
  unit: string;
  name: string;
  axis: "epochs" | "updates" | "seconds";
  at: number | null;
  headline: string;
  evidence: string;
}

/** What stands for a group beside the others of a choice. */
export type Look = Pick<RecordedRun, "label" | "color" | "dash" | "panel" | "end">;

export type Over = "batch_size" | "learning_rate" | "nothing";

/** Runs that are looked at together. What they differ in is "", and null as a number. */
export interface Choice {
  setup: number;
  over: Over;
  batch_size: string;
  examples: number | null;
  learning_rate: string;
  rate: number | null;
  runs: string[];
  /** By group. */
  looks: Record<string, Look>;
  note: string;
  /** At least one: that at the ends. */
  findings: Verdict[];
}

/** A batch size that can be trained. */
export interface Size {
  name: string;
  examples: number;
  color: { light: string; dark: string };
  plan: Plan;
  /** Updates after which it is measured inside an epoch. */
  moments: number[];
}

/** What is needed to train a set-up in the page. Arrays are float32, little-endian, in base64. */
export interface Trainable {
  task: Task;
  widths: number[];
  activation: Activation;
  optimizer: OptimizerName;
  momentum: number;
  training_rows: number;
  /** Inputs of all rows, the training rows first. */
  x: string;
  /** Targets, or the number of a class. */
  y: string;
  /** Of training, in words. */
  amount: string;
  sizes: Size[];
  /** Of a run -> of its dense layers. */
  seeds: Record<string, number[]>;
}

export interface Demo {
  setups: string[];
  /** By set-up; null where the page cannot train it. */
  trainable: (Trainable | null)[];
  choices: Choice[];
  runs: Record<string, RecordedRun>;
  clocks: Clocks;
  /** The number of the choice that is shown first. */
  first: number;
}
