import { describe, expect, it, vi } from 'vitest';
import { defences } from './defences/all-defences.js';
import type { Defence } from './defences/defence.js';
import { allRows } from './rows/all-rows.js';
import { brokenPromises, runRow } from './run-row.js';
import { whyIdle } from './why-idle.js';

vi.setConfig({ maxConcurrency: 2 });

const taken: readonly [string, Defence][] = Object.entries<Defence>(defences);

describe.concurrent('without the defence, its row falls', () => {
  for (const [id, defence] of taken) {
    const { proof } = defence;
    if (typeof proof === 'string') continue;
    const row = allRows.find((each) => each.id === proof.row);
    const idle = row === undefined ? null : whyIdle(row);
    it.skipIf(idle !== null)(`${id}: ${proof.row}${idle === null ? '' : ` (${idle})`}`, async () => {
      if (row === undefined) throw new Error(`there is no row ${proof.row}`);
      const broken = await runRow(row, { mode: proof.mode ?? 'required', without: defence });
      expect(brokenPromises(broken), JSON.stringify(broken, null, 2)).toEqual(
        expect.arrayContaining([...proof.breaks]),
      );
    });
  }
});
