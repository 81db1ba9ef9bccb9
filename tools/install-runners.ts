import { join } from 'node:path';
import { installPackages } from './install-packages.ts';
import { root } from './run-process.ts';

/** The test runners whose reports are read, by package. Not dependencies: nothing of Baton is tested by them. */
const runners: Readonly<Record<string, string>> = {
  bats: '1.13.0',
  jest: '30.5.2',
  'jest-junit': '17.0.0',
  // mocha-junit-reporter can't be constructed by mocha 12.
  mocha: '11.8.0',
  'mocha-junit-reporter': '2.2.1',
  tape: '5.10.2',
};

/** Installs the test runners into a cache, unless they are there. Where they are; suites skip what is missing. */
export async function installRunners(): Promise<string> {
  const cache = process.env['BATON_RUNNER_CACHE'] ?? join(root, 'node_modules', '.cache', 'baton-runners');
  try {
    await installPackages(cache, runners);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
  }
  return cache;
}
