// What a Training is made from, and what it records: the words of batchviz/experiment, as far as dense networks go.

import type { EpochRows, Measured } from "../core/payload.js";

export type Task = "regression" | "classification";
export type Activation = "relu" | "tanh" | "sigmoid" | "elu" | "gelu" | "silu" | "linear";
export type OptimizerName = "sgd" | "momentum" | "nesterov" | "rmsprop" | "adam" | "adamw";

export interface Problem {
  /** Inputs, hidden widths, outputs. */
  widths: number[];
  /** Of the hidden layers; the last layer is linear. */
  activation: Activation;
  task: Task;
  /** `momentum` is for those that have one. */
  optimizer: { name: OptimizerName; momentum: number };
  learning_rate: number;
  /** More than the training rows is all of them. */
  batch_size: number;
  /** In all; they may end inside an epoch. */
  updates: number;
  /** Of the order in which rows are visited. */
  seed: number;
  training_rows: number;
  /** Row by row, the training rows first, then those held out. */
  x: Float32Array;
  /** Outputs of each row, or its class number. */
  y: Float32Array;
  /** Those it starts with, layer by layer: the kernel (inputs, outputs) row by row, then the bias. */
  weights: Float32Array;
  /** Updates after which to evaluate inside an epoch. */
  moments: number[];
}

/** Columns of EpochRows that are known here: no seconds. */
export type RowColumn = Exclude<keyof EpochRows, "from" | "stride" | "recorded" | "number" | "seconds">;

/** Every measurement in the order of training; `updates` and `examples` are numbers in every row. */
export type Rows = Record<RowColumn, Measured[]>;

export interface Progress {
  updates: number;
  examples: number;
  epochs: number;
  /** 0 ... 1 */
  fraction: number;
}

/** Of some rows: means, or sums over them. */
export interface LossAndMetric {
  loss: number;
  metric: number;
}
