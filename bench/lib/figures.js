import { readFile, writeFile } from "node:fs/promises";

export const median = (numbers) => {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
};

export const bytes = (count) => count.toLocaleString("en");
export const times = (ratio) => `${ratio.toFixed(2)}×`;
export const milliseconds = (time) => `${Math.round(time)} ms`;

/** Returns a Markdown table; columns of numbers are aligned to the right. */
export function table(head, rows) {
  const right = head.map((_, column) => rows.every((row) => /^[\d–]/.test(row[column])));
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(head), line(right.map((isRight) => (isRight ? "--:" : "---"))), ...rows.map(line)].join("\n");
}

const DOCUMENT = new URL("../../docs/benchmarks.md", import.meta.url);

/** Prints the text and writes it to docs/benchmarks.md, between the markers with this name. */
export async function publish(name, text) {
  console.log(`\n${text}\n`);
  const document = await readFile(DOCUMENT, "utf8");
  const [begin, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/benchmarks.md has no ${begin} … ${end}`);
  await writeFile(DOCUMENT, `${document.slice(0, from + begin.length)}\n${text}\n${document.slice(to)}`);
}

/** Collects the limits that are exceeded. */
export class Limits {
  #exceeded = [];

  /** Compares a value with its limit; returns the limit as text for a table. */
  check(name, value, limit, format = (value) => `${value}`) {
    const isKept = value <= limit;
    if (!isKept) this.#exceeded.push(`${name}: ${format(value)}, the limit is ${format(limit)}`);
    return isKept ? `≤ ${format(limit)}` : `**≤ ${format(limit)}, exceeded**`;
  }

  /** Prints the exceeded limits; the process then exits with 1. */
  report() {
    for (const exceeded of this.#exceeded) console.error(`exceeded: ${exceeded}`);
    if (this.#exceeded.length > 0) process.exitCode = 1;
  }
}
