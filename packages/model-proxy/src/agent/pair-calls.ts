import type { AgentEvent } from '@baton/core';

/** Lets through each call once, and one result for each of them. */
export function createCallPairing(): (event: AgentEvent) => boolean {
  const called = new Set<string>();
  const open = new Set<string>();
  return (event) => {
    if (event.type === 'tool-result') return open.delete(event.callId);
    if (event.type !== 'tool-call') return true;
    if (called.has(event.callId)) return false;
    called.add(event.callId);
    open.add(event.callId);
    return true;
  };
}
