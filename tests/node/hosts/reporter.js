// Reports each test when it ends, and closes with one line for each.
export default async function* report(events) {
  const lines = [];
  const counts = { passed: 0, failed: 0 };
  for await (const { type, data } of events) {
    if (type === "test:stdout" || type === "test:stderr") yield data.message;
    // A file that throws before its tests is reported like a test.
    if ((type !== "test:pass" && type !== "test:fail") || (type === "test:pass" && data.details.type === "suite"))
      continue;
    const outcome = type === "test:pass" && !data.skip && !data.todo ? "passed" : "failed";
    counts[outcome] += 1;
    const seconds = (data.details.duration_ms / 1000).toFixed(1).padStart(6);
    lines.push(`${outcome} ${seconds} s  ${data.name}`);
    yield `${lines.at(-1)}\n`;
    if (outcome === "failed") {
      const { error } = data.details;
      yield `${error?.cause?.stack ?? error?.message ?? "it was skipped"}\n`;
    }
  }
  yield `\n${lines.sort((a, b) => a.slice(18).localeCompare(b.slice(18))).join("\n")}\n\n`;
  yield `${counts.passed} passed, ${counts.failed} failed\n`;
  if (!counts.passed) process.exitCode = 1;
}
