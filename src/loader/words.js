// Which language the form speaks.

import { english, languages } from "ringback:generated";

/** The words for an element: of the first language that is asked for and is there, with its host's own instead of some. */
export const wordsFor = async (element) => {
  const language =
    Object.keys(languages).find((language) => element.matches(`:lang(${language})`)) ??
    navigator.languages.map((tag) => tag.slice(0, 2)).find((language) => language in languages);
  // English is here already.
  const file = languages[language];
  const words = file && (await fetch(file).then((answer) => answer.json()).catch(() => {}));
  return { ...english, ...words, ...element.texts };
};
