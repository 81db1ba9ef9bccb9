import { describe, expect, it } from 'vitest';
import { createManualRuntime, createProjectWorld, settle } from '../memory-world.js';
import { createRelay } from '../relay.js';

const minute = 60_000;
const day = 24 * 60 * minute;

describe('a configuration that is read anew', () => {
  it('leaves what it polls no more to others at once, however long it was to be held', async () => {
    const relay = createRelay();
    const slow = relay.create({ pollIntervalMs: day });
    await relay.drive(slow.start());
    const elsewhere = createProjectWorld(createManualRuntime(2), 'other', () => ({})).project;
    const quick = relay.create({ pollIntervalMs: minute });
    await relay.drive(quick.start());
    relay.source.seed({ labels: ['baton'] });
    const drive = (until: () => Promise<boolean>): Promise<void> =>
      relay.drive(
        (async () => {
          while (!(await until())) await settle();
        })(),
      );
    slow.reconfigure({ projects: [elsewhere], pollIntervalMs: day });
    await drive(async () => (await relay.jobs()).length === 1);
    await relay.drive(Promise.all([slow.stop(), quick.stop()]));
  });

  it('is polled by once a poll by the one before has come to an end, and not an interval later', async () => {
    const relay = createRelay();
    const hanging = Promise.withResolvers<void>();
    const source = {
      ...relay.source,
      poll: async (...request: Parameters<typeof relay.source.poll>) => {
        if (request[0].labels.join() === 'baton') await hanging.promise;
        return relay.source.poll(...request);
      },
    };
    const project = { ...relay.project, source };
    const baton = relay.create({ projects: [project], pollIntervalMs: day });
    await relay.drive(baton.start());
    relay.source.seed({ labels: ['other'] });
    const query = { ...project.query, labels: ['other'] };
    baton.reconfigure({ projects: [{ ...project, query }], pollIntervalMs: day });
    await settle();
    hanging.resolve();
    await relay.drive(
      (async () => {
        while ((await relay.jobs()).length === 0) await settle();
      })(),
    );
    await relay.drive(baton.stop());
    expect(await relay.jobs()).toHaveLength(1);
  });
});
