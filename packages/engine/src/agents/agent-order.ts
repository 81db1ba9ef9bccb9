import type { Brief, Issue } from '@baton/core';
import type { AgentRule, ProjectAgent } from '../project/project.js';

/** What an agent is called among those of its project: its id, and its model where it has one. */
export function agentName({ agent, model }: ProjectAgent): string {
  return model === null ? agent.id : `${agent.id}:${model}`;
}

/** The agents that an issue is for, in the order in which they are tried, by name. Pure. */
export function chooseAgentOrder(
  agents: readonly ProjectAgent[],
  issue: Pick<Issue, 'labels'>,
  brief: Pick<Brief, 'title' | 'body' | 'comments'>,
): readonly string[] {
  const labels = new Set(issue.labels.map((label) => label.toLowerCase()));
  const characters = [brief.title, brief.body, ...brief.comments.map((comment) => comment.body)].join('').length;
  return agents.filter(({ when }) => when === undefined || holds(when, labels, characters)).map(agentName);
}

function holds(rule: AgentRule, labels: ReadonlySet<string>, characters: number): boolean {
  const labelled = rule.labels?.every((label) => labels.has(label.toLowerCase())) ?? true;
  return labelled && characters >= (rule.minCharacters ?? 0) && characters <= (rule.maxCharacters ?? Infinity);
}
