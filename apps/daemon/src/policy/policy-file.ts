import type { Gate } from '@baton/core';
import type { Limits, PolicyFile, RepositoryPolicy } from '@baton/engine';
import type { OnProtected } from '@baton/gates';
import type { ProjectConfig } from '../config/config.js';
import { formatDurationSetting } from '../config/list-sources.js';
import type { ParsedPolicy } from './policy-schema.js';
import { parsePolicy } from './read-policy.js';

const defaultTimeoutMs = 15 * 60_000;

/** How `.baton.yaml` of a project's repository is read. What its checks print goes through `mask`. */
export function createPolicyFile(config: ProjectConfig, mask: (text: string) => string): PolicyFile {
  return {
    paths: ['.baton.yaml', '.baton.yml'],
    maxBytes: 64 * 1024,
    async read(file) {
      const taken = config.verify.commands.map(({ name }) => name);
      const parsed = parsePolicy(file, taken);
      return {
        limits: resolveLimits(parsed.limits),
        rules: [...(await rulesOf(parsed, file.path, config)), ...(await scriptRulesOf(parsed, file.path, config))],
        checks: await checksOf(parsed, config, mask),
        instructions: parsed.instructions ?? null,
        summary: summarize(parsed, config.limits),
      } satisfies RepositoryPolicy;
    },
  };
}

function resolveLimits({ wallClock, stall, usd, ...counted }: ParsedPolicy['limits']): Partial<Limits> {
  const limits = {
    ...counted,
    wallClockMs: wallClock,
    stallMs: stall,
    microUsd: usd === undefined ? undefined : Math.round(usd * 1_000_000),
  };
  return Object.fromEntries(Object.entries(limits).filter(([, limit]) => limit !== undefined));
}

/** What the operator lets pass still waits for a person here: somebody asked for it. */
function severity({ onProtected }: ProjectConfig['change']): 'hold' | 'block' {
  const on: OnProtected = typeof onProtected === 'string' ? onProtected : (onProtected.configured ?? 'hold');
  return on === 'block' ? 'block' : 'hold';
}

async function rulesOf(
  { protectedPaths }: ParsedPolicy,
  by: string,
  { change }: ProjectConfig,
): Promise<readonly Gate[]> {
  if (protectedPaths.length === 0) return [];
  const { createProtectedPathsGate } = await import('@baton/gates');
  return [createProtectedPathsGate({ id: 'repository-paths', by, paths: protectedPaths, on: severity(change) })];
}

/** What its checks run is protected as what the operator's run, so with what the operator says of that kind. */
async function scriptRulesOf(
  { checks }: ParsedPolicy,
  by: string,
  { change: { onProtected } }: ProjectConfig,
): Promise<readonly Gate[]> {
  if (checks.length === 0) return [];
  const { createCheckScriptsGate } = await import('@baton/gates');
  const on: OnProtected = typeof onProtected === 'string' ? onProtected : (onProtected['check-scripts'] ?? 'hold');
  return [createCheckScriptsGate({ id: 'repository-scripts', by, commands: checks.map(({ run }) => run), on })];
}

async function checksOf(
  { checks }: ParsedPolicy,
  { verify, limits }: ProjectConfig,
  mask: (text: string) => string,
): Promise<readonly Gate[]> {
  if (checks.length === 0) return [];
  const { createCheckGate } = await import('@baton/gates');
  const commands = checks.map(({ name, run, timeout, after, report }) => ({
    name,
    run,
    // No longer than the whole job may be worked.
    timeoutMs: Math.max(1, Math.min(timeout ?? defaultTimeoutMs, limits.wallClockMs)),
    ...(after !== undefined && { after }),
    ...(report !== undefined && { report }),
  }));
  const { baseline, flakeRetries, knownFailures } = verify;
  return [createCheckGate({ id: 'repository-checks', commands, baseline, flakeRetries, knownFailures, mask })];
}

/** A line for each key that says something. */
function summarize(
  { checks, protectedPaths, limits, instructions }: ParsedPolicy,
  operator: Limits,
): readonly string[] {
  const asIs = (limit: number): string | number => limit;
  const told = (name: string, asked: number | undefined, most: number | null, show = asIs): readonly string[] => {
    if (asked === undefined) return [];
    // Of what is asked beyond what the operator allows, nothing comes.
    return [
      most !== null && most < asked ? `${name} (asks ${show(asked)}; ${show(most)} counts)` : `${name} ${show(asked)}`,
    ];
  };
  const limited = [
    ...told('attempts', limits.attempts, operator.attempts),
    ...told('rounds', limits.rounds, operator.rounds),
    ...told('steps', limits.steps, operator.steps),
    ...told('tokens', limits.tokens, operator.tokens),
    ...told('usd', limits.usd, operator.microUsd === null ? null : operator.microUsd / 1_000_000),
    ...told('wallClock', limits.wallClock, operator.wallClockMs, formatDurationSetting),
    ...told('stall', limits.stall, operator.stallMs, formatDurationSetting),
  ];
  return [
    ...(checks.length === 0 ? [] : [`checks ${checks.map(({ name }) => name).join(', ')}`]),
    ...(protectedPaths.length === 0 ? [] : [`protected ${protectedPaths.join(', ')}`]),
    ...(limited.length === 0 ? [] : [`at most ${limited.join(', ')}`]),
    ...(instructions === undefined ? [] : ['instructions for agents']),
  ];
}
