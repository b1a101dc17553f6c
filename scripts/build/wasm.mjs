import { writeFileSync } from "node:fs";

import { run } from "./run.mjs";

// A trap stays a trap (no --traps-never-happen): the widget's loader detects it and falls back.
// Rust keeps nothing in the first kilobyte of memory (--low-memory-unused).
// Functions of one crate beside each other compress better (--reorder-functions-by-name).
// A larger function that has one caller is not inlined: many functions of one shape compress better.
const PASSES = [
  "-Oz",
  "--gufa",
  "--flatten",
  "--rereloop",
  "-Oz",
  "-Oz",
  "--one-caller-inline-max-function-size=25",
  "--low-memory-unused",
  "--reorder-functions-by-name",
  "--strip-producers",
  "--strip-target-features",
];

/** Optimises the WebAssembly in a file for size. */
export const optimise = (input, output) => {
  run("wasm-opt", [...PASSES, "--output", output, input]);
};

/**
 * Optimises like `optimise`, and gives imports and exports short names, because the hashes in wasm-bindgen's names do
 * not compress. Returns the names: `{ imports: [[module, name, short]], exports: [[name, short]] }`.
 */
export const optimiseAndShorten = (input, output, log) => {
  const names = run("wasm-opt", [...PASSES, "--minify-imports-and-exports-and-modules", "--output", output, input]);
  writeFileSync(log, names);
  return JSON.parse(names);
};
