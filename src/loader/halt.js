// The build appends this to the JavaScript that wasm-bindgen generates, because only a function in that module can replace its
// variable `wasm`. The build fails if the module does not declare that variable.

/**
 * Calls `onTrap` when the WebAssembly traps. Stack traces do not tell that in each browser, so each call is wrapped. After a
 * trap every later call is a no-op: the page may still hold listeners that would make one.
 */
export const watch = (onTrap) => {
  const guarded = (call) =>
    typeof call !== "function"
      ? call
      : (...values) => {
          try {
            return call(...values);
          } catch (error) {
            if (error instanceof WebAssembly.RuntimeError) {
              wasm = new Proxy({}, { get: () => () => [] });
              onTrap(error);
            }
            throw error;
          }
        };
  wasm = Object.fromEntries(Object.entries(wasm).map(([name, value]) => [name, guarded(value)]));
};
