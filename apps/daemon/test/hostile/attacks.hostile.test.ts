import { describe, expect, it, vi } from 'vitest';
import { rowsByAim } from './rows/all-rows.js';
import { brokenPromises, runRow } from './run-row.js';

vi.setConfig({ maxConcurrency: 2 });

for (const [aim, rows] of Object.entries(rowsByAim)) {
  describe.concurrent(aim, () => {
    for (const row of rows) {
      const isKnown = row.gap === undefined ? '' : ' (known gap: it fails once this is held)';
      const isIdle = row.needsRoot === true && process.getuid?.() !== 0;
      it.skipIf(isIdle)(`${row.id}: ${row.attack}${isKnown}`, async () => {
        const broken = await runRow(row);
        expect(brokenPromises(broken), JSON.stringify(broken, null, 2)).toEqual(
          [...(row.gap?.breaks ?? [])].toSorted(),
        );
      });
    }
  });
}
