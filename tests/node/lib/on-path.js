import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** The path of a command; one with a slash is its own path. */
export function onPath(command) {
  if (command.includes("/")) return command;
  const path = process.env.PATH.split(delimiter)
    .map((folder) => join(folder, command))
    .find(canRun);
  if (!path) throw new Error(`there is no '${command}' on PATH; scripts/setup.sh test installs it`);
  return path;
}

/** Whether this file is a program. */
export function canRun(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
