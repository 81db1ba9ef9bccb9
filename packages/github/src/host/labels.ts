import type { CallOptions } from '@baton/core';
import { z } from 'zod';
import { misshapen } from './map-error.js';
import type { Repository } from './repository.js';

const labelsShape = z.array(z.looseObject({ name: z.string() }));

/**
 * Adds and removes labels of an issue or a pull request. GitHub's answer to adding tells which labels stand there
 * now, so there is no look before: adding one that is there changes nothing.
 */
export async function ensureLabels(
  repository: Repository,
  change: { readonly number: number; readonly add: readonly string[]; readonly remove: readonly string[] },
  options?: CallOptions,
): Promise<void> {
  const { client, at, fullName } = repository;
  const { number, add, remove } = change;
  const where = { ...at, issue_number: number };
  const call = { ...options, what: `set labels of ${fullName}#${number}` };
  const route = '/repos/{owner}/{repo}/issues/{issue_number}/labels';
  const present =
    add.length > 0
      ? await addLabels(repository, { number, labels: add }, options)
      : readNames(await client.list(`GET ${route}`, where, call), call.what);
  const unwanted = new Set(remove.map((each) => each.toLowerCase()));
  for (const name of present.filter((each) => unwanted.has(each.toLowerCase()))) {
    // Somebody else may have been first.
    await client.request(`DELETE ${route}/{name}`, { ...where, name }, { ...call, accept: [404] });
  }
}

/** Adds labels, one that GitHub doesn't know yet too. The names of all that stand there then. */
export async function addLabels(
  { client, at, fullName }: Repository,
  { number, labels }: { readonly number: number; readonly labels: readonly string[] },
  options?: CallOptions,
): Promise<readonly string[]> {
  const what = `set labels of ${fullName}#${number}`;
  const route = 'POST /repos/{owner}/{repo}/issues/{issue_number}/labels';
  const { data } = await client.request(route, { ...at, issue_number: number, labels }, { ...options, what });
  return readNames(data, what);
}

function readNames(labels: unknown, what: string): readonly string[] {
  const parsed = labelsShape.safeParse(labels);
  if (parsed.success) return parsed.data.map(({ name }) => name);
  throw misshapen(what, 'no labels');
}
