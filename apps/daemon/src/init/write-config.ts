import { basename } from 'node:path';
import { stringify } from 'yaml';
import { configDefaultLimits } from '../config/default-limits.js';

/** What `init` writes down. */
export interface InitChoices {
  /** Absolute: where the file goes. */
  readonly directory: string;
  readonly label: string;
  readonly agent: Readonly<Record<string, string>>;
  /** Report: where it leaves its tests; null where that isn't known. */
  readonly check: { readonly run: string; readonly report: string | null } | null;
  /** Null: the directory itself is the repository. */
  readonly remote: string | null;
  /** The host's adapter and the repository there. Null: issues and pull requests in a folder. */
  readonly hosted: { readonly use: string; readonly repository: string } | null;
}

/** A name that a project may have, made of a directory's. */
function projectName(directory: string): string {
  const name = basename(directory)
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '');
  return name === '' ? 'project' : name;
}

/** The text of a new configuration file. */
export function writeInitialConfig({ directory, label, agent, check, remote, hosted }: InitChoices): string {
  const { rounds, wallClock, usd } = configDefaultLimits;
  const project = {
    name: projectName(directory),
    source:
      hosted === null
        ? { use: 'local', path: '.baton/local', ...(remote === null ? {} : { remote }), labels: [label] }
        : { ...hosted, labels: [label] },
    workspace: { use: 'git-worktree' },
    agents: [agent],
    ...(check === null
      ? {}
      : {
          verify: {
            commands: [
              {
                name: 'test',
                run: check.run,
                timeout: '15m',
                ...(check.report === null ? {} : { report: check.report }),
              },
            ],
          },
        }),
    limits: { rounds, wallClock, usd },
    sandbox: { mode: 'required' },
  };
  const head = [
    '# Baton: issues in, verified pull requests out. Every key: baton config schema. What holds: baton config print --sources.',
    hosted === null
      ? `# Hand an issue over: .baton/local/issues/0001-title.md with the label ${label} in its front matter.`
      : `# Hand an issue of ${hosted.repository} over: give it the label ${label}.`,
  ];
  return `${head.join('\n')}\n${stringify({ version: 1, projects: [project] })}`;
}
