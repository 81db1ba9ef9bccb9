import { formatMoney } from '@baton/core';
import type { Config, ProjectAgentChoice } from '../config/config.js';

/** Whether what the agent costs is known, so that a limit in money can hold. Null: only its adapter could tell. */
function isPriced({ use, model }: ProjectAgentChoice, prices: Config['prices']): boolean | null {
  switch (use) {
    case 'command':
      return false;
    // What the program reports counts where there is no price.
    case 'claude-code':
    case 'scripted':
      return true;
    case 'claude':
    case 'openai':
    case 'codex':
    case 'acp':
      return model === null ? null : Object.hasOwn(prices, model);
    default:
      return null;
  }
}

/** What a project may spend, and for which of its agents money can't be held, because nobody knows what they cost. */
export function renderCaps({ projects, prices }: Pick<Config, 'projects' | 'prices'>): string {
  const agents = projects.flatMap((project) => project.agents);
  const unpriced = new Set(
    agents
      .filter((agent) => isPriced(agent, prices) === false)
      .map(({ use, model }) => (model === null ? use : `${use} ${model}`)),
  );
  const unheld =
    unpriced.size === 0 ? [] : [`what ${[...unpriced].join(', ')} costs isn't known: money can't be held for it`];
  const [first] = projects;
  const { microUsd } = first.limits;
  const { microUsdPerDay } = first.budget;
  const sum = (amount: number | null): string => (amount === null ? 'any sum' : formatMoney(amount));
  const isHeld = agents.some((agent) => isPriced(agent, prices) !== false);
  const caps = projects.length === 1 && isHeld ? [`at most ${sum(microUsd)} a job, ${sum(microUsdPerDay)} a day`] : [];
  return [...caps, ...unheld].join('; ');
}
