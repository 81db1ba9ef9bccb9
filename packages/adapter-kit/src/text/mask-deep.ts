/**
 * A value with every text in it masked, names of fields too: for JSON and what becomes JSON. What is no plain object
 * and no list stays as it is.
 */
export function maskDeep<Value>(value: Value, mask: (text: string) => string): Value {
  // The shape stays; only texts become other texts.
  return maskAny(value, mask) as Value;
}

function maskAny(value: unknown, mask: (text: string) => string): unknown {
  if (typeof value === 'string') return mask(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => maskAny(item, mask));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [mask(key), maskAny(item, mask)]));
}
