import type { Actor, CallOptions, Permission } from '@baton/core';

/** What somebody may do on a host. */
export type AskPermission = (actor: Actor, options: CallOptions) => Promise<Permission>;

/**
 * Asks a host about each person once: somebody may have written thousands of comments. Nobody need be asked what a bot
 * may do: it is listed or it isn't.
 */
export function askPermissions(host: {
  permission(actor: Actor, options?: CallOptions): Promise<Permission>;
}): AskPermission {
  const asked = new Map<string, Permission>();
  return async (actor, options) => {
    if (actor.kind !== 'person') return 'none';
    const known = asked.get(actor.id) ?? (await host.permission(actor, options));
    asked.set(actor.id, known);
    return known;
  };
}
