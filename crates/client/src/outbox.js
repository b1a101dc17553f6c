const STORES = ["outbox", "settled"];

/**
 * One transaction over both stores. `decide` is given what they hold under this key, or all that they hold if there is
 * none, and answers at once with what is to be returned and then, each as [store, key, value], what is to be put there, or
 * deleted where there is no value. If it answers with nothing, nothing was done, and that is an error. Else the promise is
 * kept after the commit.
 */
export const change = async (key, decide) => {
  // Opened each time: a browser may close what is open, to clear the site's data for example.
  const database = await new Promise((resolve, reject) => {
    const request = indexedDB.open("ringback", 1);
    request.onupgradeneeded = () => STORES.map((name) => request.result.createObjectStore(name));
    request.onsuccess = () => resolve(request.result);
    request.onerror = reject;
  });
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORES, "readwrite");
      const stores = STORES.map((name) => transaction.objectStore(name));
      const [items, settled] = stores.map((store) => store.getAll(key));
      let answer;
      // The later of the two.
      settled.onsuccess = () => {
        const [first, ...changes] = decide(items.result, settled.result);
        answer = first;
        if (first === undefined) transaction.abort();
        for (const [store, name, value] of changes) value ? stores[store].put(value, name) : stores[store].delete(name);
      };
      transaction.oncomplete = () => resolve(answer);
      transaction.onabort = reject;
    });
  } finally {
    database.close();
  }
};

/** Waits. */
export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
