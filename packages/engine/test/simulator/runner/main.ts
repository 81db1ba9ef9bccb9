/** `npm run simulate`: runs the engine in a world in which everything goes wrong, by seed. */
import { parseArgs } from 'node:util';
import { createBaton } from '../../../src/index.js';
import { simulate } from '../simulate.js';
import { describeStory } from './describe-story.js';
import { runMany } from './run-many.js';
import { shrink } from './shrink.js';

const usage = `npm run simulate -- --runs 10000 [--first 1]   many seeds, on all cores
npm run simulate -- --seed 7                   one seed, told; a failure is shrunk to what it takes`;

const { seed, runs, first } = parseArgs({
  options: {
    seed: { type: 'string' },
    runs: { type: 'string', default: '1000' },
    first: { type: 'string', default: '1' },
  },
}).values;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Tells a seed. Whether it kept every promise. */
async function tellSeed(number: number): Promise<boolean> {
  const report = await simulate({ seed: number, createBaton });
  if (report.violations.length === 0) {
    say(describeStory(report));
    say('every promise was kept');
    return true;
  }
  const shrunk = await shrink({ seed: number, createBaton }, report);
  say(describeStory(shrunk.report));
  say(`(${shrunk.after} of ${shrunk.before} planned deeds are enough)`);
  return false;
}

async function tellMany(from: number, count: number): Promise<boolean> {
  const began = performance.now();
  const done = await runMany({ first: from, last: from + count - 1 });
  const seconds = (performance.now() - began) / 1_000;
  const mean = Math.round(done.steps / Math.max(1, done.runs));
  const perSecond = Math.round(done.steps / (done.cpuMs / 1_000));
  say(`${done.runs} runs of ${mean} steps in ${seconds.toFixed(0)} s; ${perSecond} steps a second and core`);
  for (const { seed: broken, invariant } of done.broken) say(`seed ${broken}: ${invariant}`);
  const [worst] = done.broken;
  if (worst) await tellSeed(worst.seed);
  return done.broken.length === 0;
}

function whole(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  say(`${text} is no whole number above zero.\n${usage}`);
  process.exit(2);
}

const isKept = seed === undefined ? await tellMany(whole(first), whole(runs)) : await tellSeed(whole(seed));
process.exit(isKept ? 0 : 1);
