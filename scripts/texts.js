// Prints the dashboard's texts in a language as a list, in the order in which crates/dashboard/src/text/words.rs takes them:
// the names of the texts would be a quarter of the bytes. Fails when they are not those of English. node scripts/texts.js de
import { readFileSync } from 'node:fs';

const read = language => JSON.parse(readFileSync(new URL(`../crates/dashboard/src/text/${language}.json`, import.meta.url)));
const leaves = (texts, path = '') =>
  Object.entries(texts).flatMap(([name, text]) => (typeof text === 'string' ? [[`${path}${name}`, text]] : leaves(text, `${path}${name}.`)));

const [language] = process.argv.slice(2);
const texts = leaves(read(language));
leaves(read('en')).forEach(([name], i) => {
  if (texts[i]?.[0] !== name) throw new Error(`${language}.json has ${texts[i]?.[0]} where en.json has ${name}`);
});
console.log(JSON.stringify(texts.map(([, text]) => text)));
