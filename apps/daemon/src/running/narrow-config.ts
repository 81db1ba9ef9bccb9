import type { Config, ProjectAgentChoice, ProjectConfig } from '../config/config.js';
import { escapeLine } from '../text/escape-control.js';
import { CommandError } from '../verb/command-error.js';

/** What a command line takes away from a configuration. Null: nothing. */
export interface Narrowing {
  /** Only agents of this `use`, or with this `id`. */
  readonly agent: string | null;
  /** A limit below the configured one. */
  readonly maxMicroUsd: number | null;
}

function narrowAgents(agents: ProjectConfig['agents'], agent: string): ProjectConfig['agents'] | null {
  const [first, ...rest] = agents.filter(
    ({ use, settings }: ProjectAgentChoice) => use === agent || settings['id'] === agent,
  );
  return first === undefined ? null : [first, ...rest];
}

/** A configuration that allows less. Exit 3 where no project has the agent; projects without it keep theirs. */
export function narrowConfig(config: Config, { agent, maxMicroUsd }: Narrowing): Config {
  const narrowed = agent === null ? [] : config.projects.map(({ agents }) => narrowAgents(agents, agent));
  if (agent !== null && narrowed.every((agents) => agents === null)) {
    const known = [...new Set(config.projects.flatMap(({ agents }) => agents.map(({ use }) => use)))];
    throw new CommandError(`No project has an agent ${escapeLine(agent)}.`, {
      code: 'NOT_FOUND',
      exit: 'notFound',
      fix: `use one of ${known.join(', ')}, or add it to the configuration`,
    });
  }
  const narrow = (project: ProjectConfig, index: number): ProjectConfig => {
    const { limits } = project;
    const microUsd = maxMicroUsd === null ? limits.microUsd : Math.min(maxMicroUsd, limits.microUsd ?? maxMicroUsd);
    return { ...project, agents: narrowed[index] ?? project.agents, limits: { ...limits, microUsd } };
  };
  const [first, ...rest] = config.projects;
  return { ...config, projects: [narrow(first, 0), ...rest.map((project, index) => narrow(project, index + 1))] };
}
