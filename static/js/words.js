// Texts and number forms that the server wrote for this page, in the reader's language.
const block = document.getElementById("words");
export const words = block ? JSON.parse(block.textContent) : {};

/** "{0} h {1} min" with its numbers. */
export const fill = (text, ...values) => text.replace(/\{(\d)\}/g, (_, place) => values[place]);

/** Minor units as the page writes amounts. */
export function money(minor) {
  const { form, digits, point, group } = words.money;
  const text = String(minor).padStart(digits + 1, "0");
  const whole = text.slice(0, text.length - digits).replace(/\B(?=(\d{3})+$)/g, group);
  return form.replace("{}", digits ? whole + point + text.slice(-digits) : whole);
}

const plural = words.language && new Intl.PluralRules(words.language);

/** A phrase with its facts; where it has plural forms, `units` decides. */
export function say(key, facts = {}) {
  let phrase = words.phrases[key];
  if (Array.isArray(phrase)) {
    const kind = plural.select(facts.units);
    const exact = phrase.find(([sample]) => sample === facts.units);
    phrase = (exact || phrase.find(([sample]) => plural.select(sample) === kind) || phrase.at(-1))[1];
  }
  return phrase.replace(/%\((\w+)\)s/g, (_, name) => facts[name]);
}

/** A request key of our own, also where the page is not served over TLS. */
export const newKey = () =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
