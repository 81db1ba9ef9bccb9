/**
 * Plain data with each lone half of a pair of surrogates, in texts and in names, made U+FFFD. A model may write one;
 * as JSON it is `\ud99c`, which parsers of providers refuse together with the whole request.
 */
export function toWellFormed<Value>(value: Value): Value {
  // What maps each text to a text keeps the shape of all else.
  return mapTexts(value) as Value;
}

function mapTexts(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(mapTexts);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key.toWellFormed(), mapTexts(each)]));
}
