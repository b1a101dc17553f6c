// The language of the form.

import { english, languages } from "ringback:generated";

/**
 * The texts for an element. The first available language counts: of the closest `lang` attribute, then of the browser. The
 * host's `texts` replace single texts.
 */
export const textsFor = async (element) => {
  const language =
    Object.keys(languages).find((language) => element.matches(`:lang(${language})`)) ??
    navigator.languages.map((tag) => tag.slice(0, 2)).find((language) => language in languages);
  // English is part of this file and has no file of its own.
  const file = languages[language];
  const translated =
    file &&
    (await fetch(file)
      .then((response) => response.json())
      .catch(() => {}));
  return { ...english, ...translated, ...element.texts };
};
