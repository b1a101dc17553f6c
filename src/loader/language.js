// The language of the form.

import { english, languages, translation } from "ringback:generated";

/** The name of the texts for a language tag such as "pt-BR" or "deu", or "pt_BR" as some hosts write it. */
const nameOf = (tag) => {
  const [name] = tag.toLowerCase().split(/[-_]/);
  // The first use of Intl.Locale takes milliseconds, in which the form could be on the screen.
  if (name !== "zh" && Object.hasOwn(languages, name)) return name;
  try {
    const { language, script } = new Intl.Locale(tag.replaceAll("_", "-")).maximize();
    return language === "zh" && script === "Hant" ? "zh-hant" : language;
  } catch {
    // No valid tag, such as "zh_TW.UTF-8".
    return name;
  }
};

/** The closest `lang` attribute around an element. */
const closestLang = (element) =>
  element && (element.closest("[lang]")?.lang ?? closestLang(element.getRootNode().host));

/**
 * The texts for an element. The first available language counts: of the closest `lang` attribute, then of the browser. The
 * host's `texts` replace single texts.
 */
export const textsFor = async (element) => {
  const tags = [closestLang(element), ...(navigator.languages ?? [navigator.language])];
  const language = tags.map((tag) => nameOf(`${tag}`)).find((name) => Object.hasOwn(languages, name));
  // English is part of this file and has no file of its own.
  const file = languages[language];
  const translated = file && (await translation(file).catch(() => {}));
  return { ...english, ...translated, ...element.texts };
};
