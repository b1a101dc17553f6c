import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Writes a file under a name with a hash of its content, so that browsers may keep it for ever. Returns the name. */
export const writeHashed = (folder, name, extension, content) => {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 16);
  const file = `${name}-${hash}.${extension}`;
  writeFileSync(join(folder, file), content);
  return file;
};

/** Copies a file like `writeHashed`. */
export const copyHashed = (source, folder, name, extension) =>
  writeHashed(folder, name, extension, readFileSync(source));

export const readJson = (file) => JSON.parse(readFileSync(file, "utf8"));
