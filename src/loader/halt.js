// The build appends this to the JavaScript that wasm-bindgen generates, because only a function in that module can replace its
// variable `wasm`. The build fails if the module does not declare that variable.

/** Makes every later call into WebAssembly a no-op. After a trap, the page may still hold listeners that would call it. */
export const halt = () => {
  wasm = new Proxy({}, { get: () => () => [] });
};
