// The language of the form.

import { english, languages, translation } from "ringback:generated";

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
  const translated = file && (await translation(file).catch(() => {}));
  return { ...english, ...translated, ...element.texts };
};
