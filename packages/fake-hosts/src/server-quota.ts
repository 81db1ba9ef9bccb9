/** What a client may ask for in a period, as a server counts it. */
export interface HttpQuota {
  readonly limit: number;
  readonly remaining: number;
  /** Epoch seconds. */
  readonly resetAt: number;
}

/** Quotas by the name of what they limit: `core`, `graphql`. */
export interface HttpQuotas {
  get(resource: string): HttpQuota;
  set(resource: string, quota: Partial<HttpQuota>): void;
  /** Counts one request; false where none is left. Starts anew once the reset has passed. */
  spend(resource: string): boolean;
  /** Takes a request back that costs nothing. */
  refund(resource: string): void;
}

const hourSeconds = 3600;

/** `now` in epoch milliseconds. */
export function createQuotas(limit: number, now: () => number): HttpQuotas {
  const quotas = new Map<string, HttpQuota>();
  const seconds = (): number => Math.floor(now() / 1000);
  const get = (resource: string): HttpQuota => {
    const found = quotas.get(resource);
    if (found && found.resetAt > seconds()) return found;
    const fresh = { limit: found?.limit ?? limit, remaining: found?.limit ?? limit, resetAt: seconds() + hourSeconds };
    quotas.set(resource, fresh);
    return fresh;
  };
  return {
    get,
    set: (resource, quota) => void quotas.set(resource, { ...get(resource), ...quota }),
    spend(resource) {
      const quota = get(resource);
      if (quota.remaining <= 0) return false;
      quotas.set(resource, { ...quota, remaining: quota.remaining - 1 });
      return true;
    },
    refund(resource) {
      const quota = get(resource);
      quotas.set(resource, { ...quota, remaining: quota.remaining + 1 });
    },
  };
}
