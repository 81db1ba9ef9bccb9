import { maskDeep } from '@baton/adapter-kit';
import type { AgentSession, CodingAgent, Forge, IssueSource } from '@baton/core';

/** Replaces each known secret by its name. */
type Mask = (text: string) => string;

/** A source out of whose texts no known secret is read: what is cut and kept of one later is cut from what is masked. */
export function maskSource(source: IssueSource, mask: Mask): IssueSource {
  return overlay(source, {
    poll: async (...request) => maskDeep(await source.poll(...request), mask),
    find: async (...request) => maskDeep(await source.find(...request), mask),
    get: async (...request) => maskDeep(await source.get(...request), mask),
    brief: async (...request) => maskDeep(await source.brief(...request), mask),
  });
}

/** The same of what reviewers and checks say of pull requests. */
export function maskForge(forge: Forge, mask: Mask): Forge {
  return overlay(forge, {
    observe: async (...request) => maskDeep(await forge.observe(...request), mask),
  });
}

/** The same of how an agent's turns end. What it says on the way is masked where it is printed, and not kept. */
export function maskAgent(agent: CodingAgent, mask: Mask): CodingAgent {
  const { resume } = agent;
  return overlay(agent, {
    start: async (...request) => maskSession(await agent.start(...request), mask),
    ...(resume && { resume: async (...request) => maskSession(await resume.apply(agent, request), mask) }),
  });
}

function maskSession(session: AgentSession, mask: Mask): AgentSession {
  return overlay(session, {
    async *run(...request) {
      for await (const event of session.run(...request)) {
        yield event.type === 'turn-end' ? maskDeep(event, mask) : event;
      }
    },
  });
}

/** An object with some of its methods replaced. The others are called on itself, as one of a class may need. */
function overlay<Target extends object>(target: Target, replaced: Partial<Target>): Target {
  return new Proxy(target, {
    get(object, property) {
      if (Object.hasOwn(replaced, property)) return Reflect.get(replaced, property);
      const value: unknown = Reflect.get(object, property, object);
      return typeof value === 'function' ? value.bind(object) : value;
    },
  });
}
