import type { CallOptions } from '@baton/core';

/**
 * Makes one call serve everybody who asks for it, at the same time or later. It is aborted, and made again by
 * the next who asks, only once everybody who waited for it has gone. What `holds` denies serves those who wait
 * for it alone. Default: every value holds.
 */
export function createSharedCall<Value>(
  make: (signal: AbortSignal) => Promise<Value>,
  holds: (value: Value) => boolean = () => true,
): (options?: CallOptions) => Promise<Value> {
  let current: { readonly result: Promise<Value>; readonly controller: AbortController; waiting: number } | null = null;
  return async (options) => {
    const signal = options?.signal;
    signal?.throwIfAborted();
    if (current === null) {
      const controller = new AbortController();
      const result = make(controller.signal);
      const begun = { result, controller, waiting: 0 };
      current = begun;
      const forget = (): void => {
        if (current === begun) current = null;
      };
      result.then((value) => {
        if (!holds(value)) forget();
      }, forget);
    }
    const call = current;
    call.waiting += 1;
    try {
      if (signal === undefined) return await call.result;
      return await untilAborted(call, signal);
    } finally {
      call.waiting -= 1;
    }
  };

  async function untilAborted(call: NonNullable<typeof current>, signal: AbortSignal): Promise<Value> {
    const listening = new AbortController();
    const aborted = new Promise<'aborted'>((resolve) => {
      signal.addEventListener('abort', () => resolve('aborted'), { once: true, signal: listening.signal });
    });
    try {
      const first = await Promise.race([call.result.then((value) => ({ value })), aborted]);
      if (first !== 'aborted') return first.value;
      if (call.waiting === 1) {
        if (current === call) current = null;
        call.controller.abort(signal.reason);
        // Nothing of it is left when it has settled.
        await call.result.catch(() => undefined);
      }
      throw signal.reason;
    } finally {
      listening.abort();
    }
  }
}
