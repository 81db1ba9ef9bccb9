import { findHostFault } from '@baton/sandbox';
import type { ConfigDocument } from '../config-document.js';
import type { ConfigProblem, KeyPath } from '../config-problem.js';
import { problemAt } from '../problem-at.js';

/** Entries of a list of hosts that the sandbox's proxy could not follow, judged as it judges them. */
export function checkHosts(
  hosts: readonly string[],
  path: KeyPath,
  document: ConfigDocument,
): readonly ConfigProblem[] {
  return hosts.flatMap((host, index): readonly ConfigProblem[] => {
    const fault = findHostFault(host);
    if (fault === null) return [];
    const at = [...path, index];
    const variables = document.variables(at);
    const message =
      variables.length === 0
        ? fault.message.replace(/\.$/, '')
        : `the value of ${variables.join(', ')} names no host that could be reached`;
    return [problemAt(document, at, { message, fix: fault.fix })];
  });
}

/** Hosts that the setup of a workspace may reach, as far as its settings are of the known shape: the adapter tells what isn't. */
export function setupHosts(workspace: Readonly<Record<string, unknown>>): readonly string[] {
  const { setup } = workspace;
  if (typeof setup !== 'object' || setup === null || !('network' in setup) || !Array.isArray(setup.network)) return [];
  const { network } = setup;
  return network.every((host) => typeof host === 'string') ? network : [];
}
