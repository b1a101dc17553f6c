// Trunk's hooks (Trunk.toml) run this: node scripts/build.mjs style | dashboard | widget
// Each step is a module of its own in scripts/build.
const steps = {
  style: () => import("./build/style.mjs"),
  dashboard: () => import("./build/dashboard.mjs"),
  widget: () => import("./build/widget.mjs"),
};

const [name] = process.argv.slice(2);
if (!Object.hasOwn(steps, name)) throw new Error(`usage: node scripts/build.mjs ${Object.keys(steps).join(" | ")}`);
const { build } = await steps[name]();
await build();
