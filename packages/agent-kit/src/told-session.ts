import type { AgentResumeState } from '@baton/core';

/** The part of a checkpoint that people are told: nothing where an agent names its session in no plain way. */
export function toldSession(id: string | null): Pick<AgentResumeState, 'session'> {
  return id !== null && /^[\w.:/@-]{1,100}$/.test(id) ? { session: id } : {};
}
