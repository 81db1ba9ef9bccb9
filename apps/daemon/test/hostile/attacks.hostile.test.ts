import { describe, expect, it, vi } from 'vitest';
import { rowsByAim } from './rows/all-rows.js';
import { brokenPromises, runRow } from './run-row.js';
import { whyIdle } from './why-idle.js';

vi.setConfig({ maxConcurrency: 2 });

for (const [aim, rows] of Object.entries(rowsByAim)) {
  describe.concurrent(aim, () => {
    for (const row of rows) {
      const isKnown = row.gap === undefined ? '' : ' (known gap: it fails once this is held)';
      const idle = whyIdle(row);
      it.skipIf(idle !== null)(`${row.id}: ${row.attack}${isKnown}${idle === null ? '' : ` (${idle})`}`, async () => {
        const broken = await runRow(row);
        expect(brokenPromises(broken), JSON.stringify(broken, null, 2)).toEqual(
          [...(row.gap?.breaks ?? [])].toSorted(),
        );
      });
    }
  });
}
