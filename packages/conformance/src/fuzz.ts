export type { FuzzedParser, FuzzOptions } from './fuzz/fuzz-suite.js';
export { fuzzed, fuzzSuite } from './fuzz/fuzz-suite.js';
export { mutatedJson } from './fuzz/mutated-json.js';
export { mutatedText } from './fuzz/mutated-text.js';
export { anyOdd, some } from './fuzz/odd-values.js';
