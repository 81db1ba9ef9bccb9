import type { JobStore, WorkspaceProvider } from '@baton/core';
import { expect, it } from 'vitest';
import { settle } from '../memory-world.js';
import { createRelay } from '../relay.js';

const minute = 60_000;

/** A store whose caller stands still for a while: what it asks meanwhile is asked when it goes on. */
function freezable(store: JobStore): { readonly store: JobStore; freeze(): void; thaw(): void } {
  let standing = Promise.resolve();
  let goOn = (): void => {};
  return {
    store: {
      ...store,
      confirm: (...request) => standing.then(() => store.confirm(...request)),
      signals: (...request) => standing.then(() => store.signals(...request)),
    },
    freeze() {
      standing = new Promise((resolve) => {
        goOn = resolve;
      });
    },
    thaw: () => goOn(),
  };
}

it('lets go of a claim that comes to the remote after another worker has ended the job', async () => {
  const relay = createRelay();
  relay.source.seed({ labels: ['baton'] });
  const slow = freezable(relay.store);
  const { workspaces } = relay.project;
  const late: WorkspaceProvider = {
    ...workspaces,
    async claimRef(request, options) {
      slow.freeze();
      relay.source.setLabels('1', []);
      relay.runtime.clock.advance(5 * minute);
      await relay.runOnce();
      // It was sent before anybody noticed, so that no abort takes it back.
      await workspaces.claimRef?.(request, {});
      slow.thaw();
      await settle();
      options?.signal?.throwIfAborted();
      return null;
    },
  };
  const baton = relay.create({ store: slow.store, projects: [{ ...relay.project, workspaces: late }], worker: 'slow' });
  await relay.drive(baton.runOnce());
  await baton.stop('now');
  await settle();
  expect(await relay.job()).toMatchObject({ phase: 'cancelled' });
  expect([...relay.remote.refs.keys()]).toEqual([]);
});
