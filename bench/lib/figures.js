import { readFile, writeFile } from 'node:fs/promises';

export const median = numbers => {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
};

export const bytes = count => count.toLocaleString('en');
export const times = ratio => `${ratio.toFixed(2)}×`;
export const milliseconds = time => `${Math.round(time)} ms`;

/** A table in Markdown; numbers stand at the right. */
export function table(head, rows) {
  const right = head.map((_, column) => rows.every(row => /^[\d–]/.test(row[column])));
  const line = cells => `| ${cells.join(' | ')} |`;
  return [line(head), line(right.map(is => (is ? '--:' : '---'))), ...rows.map(line)].join('\n');
}

const DOCUMENT = new URL('../../docs/benchmarks.md', import.meta.url);

/** Prints the text, and puts it into docs/benchmarks.md between the markers of this name. */
export async function publish(name, text) {
  console.log(`\n${text}\n`);
  const document = await readFile(DOCUMENT, 'utf8');
  const [begin, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/benchmarks.md has no ${begin} … ${end}`);
  await writeFile(DOCUMENT, `${document.slice(0, from + begin.length)}\n${text}\n${document.slice(to)}`);
}

/** Notes each limit that is missed, and fails at the end if one was. */
export class Limits {
  #missed = [];

  hold(what, value, most, shown = value => `${value}`) {
    const isHeld = value <= most;
    if (!isHeld) this.#missed.push(`${what}: ${shown(value)}, and the limit is ${shown(most)}`);
    return isHeld ? `≤ ${shown(most)}` : `**≤ ${shown(most)}, missed**`;
  }

  judge() {
    for (const missed of this.#missed) console.error(`missed: ${missed}`);
    if (this.#missed.length > 0) process.exitCode = 1;
  }
}
