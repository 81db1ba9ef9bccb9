import picomatch from 'picomatch';
import { createTestMatcher, oneLinePath, testDirectoryPatterns, testFilePatterns } from './test-conventions.js';

/** Which files tests are written in, and which are theirs in any way. */
export interface TestPaths {
  isTest(path: string): boolean;
  isOfTests(path: string): boolean;
}

/** By the operator's patterns (picomatch; dot files match), or by the conventions of each language where there are none. */
export function createTestPaths(patterns: readonly string[] | undefined): TestPaths {
  if (patterns === undefined) {
    return {
      isTest: createTestMatcher(testFilePatterns),
      isOfTests: createTestMatcher([...testFilePatterns, ...testDirectoryPatterns]),
    };
  }
  const matches = picomatch([...patterns], { dot: true });
  const isTest = (path: string): boolean => matches(oneLinePath(path));
  return { isTest, isOfTests: isTest };
}
