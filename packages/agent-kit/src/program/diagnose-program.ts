import { access, constants, realpath } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { collectOutput } from '@baton/adapter-kit';
import { type AgentTrial, BatonError, type CommandResult, type Diagnosis, type Sandbox } from '@baton/core';
import { readFirstWord } from './first-word.js';

const lookMs = 20_000;

/** A shell takes a path for found that nobody may run; of names it knows its own words, too. */
const look = 'case "$1" in /*) [ -f "$1" ] && [ -x "$1" ] && printf %s "$1" ;; *) command -v "$1" ;; esac';

/** What is looked at. */
export interface CommandPlace {
  readonly run: string;
  readonly env: Readonly<Record<string, string>>;
  readonly sandbox: Sandbox;
}

/** Whether the program that a command line begins with is there in the sandbox. It isn't run: nobody knows what it would do. */
export async function* diagnoseProgram(place: CommandPlace, trial: AgentTrial | undefined): AsyncGenerator<Diagnosis> {
  const line = (ok: boolean, detail: string, fix: string | null = null): Diagnosis => ({
    check: 'program',
    ok,
    detail,
    fix,
  });
  const first = readFirstWord(place.run);
  switch (first.kind) {
    case 'unclear':
      yield line(true, 'What it runs begins with words of the shell, and is looked up by the first job.');
      return;
    case 'checkout':
      yield line(
        true,
        `${first.word} is taken from the checkout: it has to be committed on the base branch, executable.`,
      );
      return;
    case 'home':
      yield line(
        false,
        `${first.word} isn't there in the sandbox, whose home is an empty one of its own.`,
        'Write its absolute path, and list that under sandbox.readable.',
      );
      return;
    case 'program':
      yield await lookUp(first.word, place, trial, line);
  }
}

type Line = (ok: boolean, detail: string, fix?: string | null) => Diagnosis;

async function lookUp(
  word: string,
  place: CommandPlace,
  trial: AgentTrial | undefined,
  line: Line,
): Promise<Diagnosis> {
  const run = async (argv: readonly [string, ...string[]]): Promise<CommandResult> => {
    const command = { argv, env: place.env, timeoutMs: lookMs };
    const policy = {
      root: '/usr',
      readable: trial?.readable ?? [],
      writable: [],
      network: [],
      maxMemoryBytes: null,
      maxProcesses: null,
    };
    return collectOutput(await place.sandbox.spawn(command, policy, trial), command, trial);
  };
  try {
    const found = await run(['sh', '-c', look, 'sh', word]);
    if (found.exitCode === 0) {
      const path = found.stdout.trim();
      return line(true, path === word ? `${word} is there in the sandbox.` : `${word} is ${path} in the sandbox.`);
    }
    const search = isAbsolute(word)
      ? []
      : (await run(['printenv', 'PATH'])).stdout.trim().split(':').filter(isAbsolute);
    return await lookOutside(word, isAbsolute(word) ? [word] : search.map((directory) => join(directory, word)), line);
  } catch (error) {
    trial?.signal?.throwIfAborted();
    if (!BatonError.is(error)) throw error;
    return line(
      false,
      `${word} can't be looked up in the sandbox: ${error.message}`,
      error.fix ?? 'Mend the sandbox first.',
    );
  }
}

async function lookOutside(word: string, paths: readonly string[], line: Line): Promise<Diagnosis> {
  for (const path of paths) {
    const real = await realpath(path).catch(() => null);
    if (real === null) continue;
    const isExecutable = await access(real, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (!isExecutable) return line(false, `${path} can't be executed by this account.`, `Run chmod +x ${path}.`);
    const shown = [...new Set([path, real])].join(' and ');
    return line(
      false,
      `${word} stands at ${path}${real === path ? '' : `, a link to ${real}`}, which isn't there in the sandbox.`,
      `List ${shown}, or the directory with all that it needs, under sandbox.readable.`,
    );
  }
  return line(
    false,
    `There is no program ${word} in the sandbox${isAbsolute(word) ? '' : ', whose PATH is that of the daemon'}.`,
    'Install it, or write its absolute path and list that under sandbox.readable. A path like ./x is relative to the checkout.',
  );
}
