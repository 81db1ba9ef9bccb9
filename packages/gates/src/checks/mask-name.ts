/** Parts of a test's name that differ from run to run though the test is the same, and what stands in their place. */
const unstable: readonly (readonly [RegExp, string])[] = [
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, '<uuid>'],
  [/\b0x[0-9a-f]{4,}\b/gi, '<address>'],
  // How Java writes an object that has no words of its own.
  [/@[0-9a-f]{5,8}\b/gi, '@<address>'],
  [/\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?/g, '<date>'],
  [/\b\d\d:\d\d:\d\d(?:[.,]\d+)?\b/g, '<time>'],
  [/(?:\/private)?\/(?:tmp|var\/tmp|var\/folders|dev\/shm|run\/user)\/[^\s'"`)\]}>,;]+/g, '<temporary path>'],
  [/\b(localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1?\]):\d{2,5}\b/gi, '$1:<port>'],
  [/\b\d+(?:[.,]\d+)?\s?(?:ns|µs|us|ms|s|sec|secs|seconds?|min|mins|minutes?)\b/gi, '<duration>'],
  [/\b1\d{9}(?:\d{3})?\b/g, '<timestamp>'],
  [/\b(?=[0-9a-f]*\d)[0-9a-f]{16,}\b/gi, '<hash>'],
];

/** A name without the parts that a run makes up: addresses, durations, dates, ports, temporary paths, ids. */
export function maskName(name: string): string {
  return unstable.reduce((masked, [pattern, put]) => masked.replace(pattern, put), name);
}
