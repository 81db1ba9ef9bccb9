import type { ConfigDocument } from '../config-document.js';
import type { ConfigProblem, KeyPath } from '../config-problem.js';
import type { ParsedConfig } from '../config-schema.js';
import { problemAt } from '../problem-at.js';
import { checkHosts, setupHosts } from './check-hosts.js';

function repeated(names: readonly string[], where: (index: number) => KeyPath, what: string, document: ConfigDocument) {
  return names.flatMap((name, index): ConfigProblem[] => {
    const first = names.indexOf(name);
    if (first === index) return [];
    const earlier = document.place(where(first));
    const at = earlier === null ? '' : ` (line ${earlier.line})`;
    return [
      problemAt(document, where(index), {
        message: `${JSON.stringify(name)} is the name of an earlier ${what} already${at}`,
        fix: `give each ${what} a name of its own`,
      }),
    ];
  });
}

/** What a schema can't say of projects, of which `indexes` tells where each stands in the file: names that must differ, hosts that can be reached, and a project that would take every issue. */
export function checkMeaning(
  parsed: ParsedConfig,
  document: ConfigDocument,
  indexes: readonly number[],
): readonly ConfigProblem[] {
  const names = parsed.projects.map((project) => project.name);
  const problems = [...repeated(names, (at) => ['projects', indexes[at] ?? at, 'name'], 'project', document)];
  for (const [at, project] of parsed.projects.entries()) {
    const index = indexes[at] ?? at;
    const commands = project.verify.commands.map((command) => command.name);
    const where = (inner: number): KeyPath => ['projects', index, 'verify', 'commands', inner, 'name'];
    problems.push(...repeated(commands, where, 'command', document));
    for (const [inner, { name, after }] of project.verify.commands.entries()) {
      if (after === undefined || commands.slice(0, inner).includes(after)) continue;
      problems.push(
        problemAt(document, ['projects', index, 'verify', 'commands', inner, 'after'], {
          message: `no command above ${JSON.stringify(name)} is named ${JSON.stringify(after)}`,
          fix: 'name a command that stands above it, or move that one up',
        }),
      );
    }
    problems.push(...checkHosts(project.sandbox.network, ['projects', index, 'sandbox', 'network'], document));
    const setupPath = ['projects', index, 'workspace', 'setup', 'network'];
    problems.push(...checkHosts(setupHosts(project.workspace), setupPath, document));
    if (project.source.labels?.length === 0 && project.source.assignee === null) {
      problems.push(
        problemAt(document, ['projects', index, 'source', 'labels'], {
          message: 'no label and no assignee: nobody could hand an issue over',
          fix: 'name at least one label, or an assignee',
        }),
      );
    }
    const labels = project.source.labels ?? [];
    for (const [inner, label] of project.source.excludeLabels.entries()) {
      if (!labels.some((each) => each.toLowerCase() === label.toLowerCase())) continue;
      problems.push(
        problemAt(document, ['projects', index, 'source', 'excludeLabels', inner], {
          message: `${JSON.stringify(label)} is asked for by labels, and kept out here: no issue could match`,
          fix: 'take it out of one of the two',
        }),
      );
    }
    if (project.agents.every(({ when }) => when !== undefined)) {
      problems.push(
        problemAt(document, ['projects', index, 'agents'], {
          message: 'every agent is for some issues only: nobody would work the others',
          fix: 'leave `when` out of one agent',
        }),
      );
    }
  }
  return problems;
}
