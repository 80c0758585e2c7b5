// Texts and number forms that the server wrote for this page, in the reader's language.
const block = document.getElementById("words");
export const words = block ? JSON.parse(block.textContent) : {};

const plural = words.language && new Intl.PluralRules(words.language);

/** A text; of one with plural forms, pairs [sample number, text], the form for `many`. */
export function form(text, many) {
  if (!Array.isArray(text)) return text;
  const kind = plural.select(many);
  return (text.find(([sample]) => sample === many) ?? text.find(([sample]) => plural.select(sample) === kind) ?? text.at(-1))[1];
}

/** "{0} h {1} min" with its numbers; the first decides a plural. */
export const fill = (text, ...values) => form(text, values[0]).replace(/\{(\d)\}/g, (_, place) => values[place]);

/** Minor units as the page writes amounts. */
export function money(minor) {
  const { form, digits, point, group } = words.money;
  const text = String(minor).padStart(digits + 1, "0");
  const whole = text.slice(0, text.length - digits).replace(/\B(?=(\d{3})+$)/g, group);
  return form.replace("{}", digits ? whole + point + text.slice(-digits) : whole);
}

/** A phrase with its facts; where it has plural forms, `units` decides. */
export const say = (key, facts = {}) => form(words.phrases[key], facts.units).replace(/%\((\w+)\)s/g, (_, name) => facts[name]);

/** A request key of our own, also where the page is not served over TLS. */
export const newKey = () =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
