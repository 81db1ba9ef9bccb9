import { describe, expect, it, vi } from 'vitest';
import { allRows } from './rows/all-rows.js';
import { brokenPromises, runRow } from './run-row.js';
import { whyIdle } from './why-idle.js';

vi.setConfig({ maxConcurrency: 2 });

// With `sandbox: { mode: off }`: what the sandbox carries falls, and what else holds must hold by itself.
describe.concurrent('without a sandbox', () => {
  for (const row of allRows.filter((each) => each.hurtsUnconfined === undefined)) {
    const breaks = [...(row.unconfined ?? [])].toSorted();
    const idle = whyIdle(row);
    it.skipIf(idle !== null)(
      `${row.id}: ${breaks.length === 0 ? 'holds' : `falls (${breaks.join(', ')})`}${idle === null ? '' : ` (${idle})`}`,
      async () => {
        const broken = await runRow(row, { mode: 'off' });
        expect(brokenPromises(broken), JSON.stringify(broken, null, 2)).toEqual(breaks);
      },
    );
  }
});
