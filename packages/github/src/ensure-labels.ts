import type { CallOptions } from '@baton/core';
import { z } from 'zod';
import { misshapen } from './map-error.js';
import type { Repository } from './repository.js';

const labelShape = z.looseObject({ name: z.string() });

/** Adds and removes labels of an issue or a pull request; what is so already writes nothing. */
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
  const listed = z.array(labelShape).safeParse(await client.list(`GET ${route}`, where, call));
  if (!listed.success) throw misshapen(call.what, 'no labels');
  const present = new Map(listed.data.map(({ name }) => [name.toLowerCase(), name]));
  const added = add.filter((each) => !present.has(each.toLowerCase()));
  const removed = remove.flatMap((each) => present.get(each.toLowerCase()) ?? []);
  if (added.length > 0) await addLabels(repository, { number, labels: added }, options);
  for (const name of removed) {
    // Somebody else may have been first.
    await client.request(`DELETE ${route}/{name}`, { ...where, name }, { ...call, accept: [404] });
  }
}

/** Adds labels, one that GitHub doesn't know yet too. */
export async function addLabels(
  { client, at, fullName }: Repository,
  { number, labels }: { readonly number: number; readonly labels: readonly string[] },
  options?: CallOptions,
): Promise<void> {
  const call = { ...options, what: `set labels of ${fullName}#${number}` };
  const route = 'POST /repos/{owner}/{repo}/issues/{issue_number}/labels';
  await client.request(route, { ...at, issue_number: number, labels }, call);
}
