import { fuzzed, mutatedJson, mutatedText } from '@baton/conformance/fuzz';
import { BatonError } from '@baton/core';
import fc from 'fast-check';
import { expect } from 'vitest';
import { parseSlotRecord } from '../src/records/slot-record.js';
import { readClaim, writeClaim } from '../src/vault/claim-message.js';

const record = {
  ...{ version: 1, slot: 'worktree-1', repository: 'acme/shop', baseCommit: '1'.repeat(40), setUpFor: null },
  ...{ ready: true, readyAt: 5, usedAt: 7, owner: 'boot 12 34' },
};

export const records = fuzzed(
  'a record of a checkout is read, or told as unreadable by its path',
  fc.oneof(
    mutatedJson([record, { ...record, setUpFor: 'a', ready: false }], 2),
    mutatedText([JSON.stringify(record)], ['\0', '{', '}', ',', '../', '"slot"', 'null'], 2),
  ),
  (text) => {
    try {
      const { slot, ready, usedAt } = parseSlotRecord(text, '/state/r.json');
      expect([typeof ready, typeof usedAt]).toEqual(['boolean', 'number']);
      // Directories are made, moved and deleted by it.
      expect(slot).toMatch(/^[\w-]+$/);
    } catch (error) {
      if (!BatonError.is(error, 'STORE_UNREADABLE')) throw error;
      expect(error.message).toBe("The record of a workspace, /state/r.json, can't be read.");
    }
  },
  ['', '{', JSON.stringify(record), JSON.stringify({ ...record, slot: '../..' })],
);

const owner = fc
  .oneof(
    fc.string({ unit: 'grapheme', minLength: 1 }),
    fc.constantFrom('host:/a  b', 'host:/a\u00a0b', ' ', `host:/${'d/'.repeat(2_000)}`, 'a\tb ', 'Baton-Until: x'),
  )
  .filter((each) => !/[\n\r\u2028\u2029]/.test(each));

export const ownClaims = fuzzed(
  'a claim is read as it was written',
  fc.record({ owner, until: fc.date({ noInvalidDate: true }).map((each) => each.getTime()) }),
  (claim) => expect(readClaim(writeClaim(claim, 'claim-1'))).toEqual(claim),
  [{ owner: 'host:/a  b', until: 0 }],
);

const claim = mutatedText(
  ['n1\n\nBaton-Owner: host:/state\nBaton-Until: 2026-01-01T00:00:00.000Z\n', 'x\n\nBaton-Owner: a\n', ''],
  ['Baton-Owner: ', 'Baton-Until: ', '\n', '\r', '\u2028', '+275760-09-13', 'now', '\u001b[2J', 'x'.repeat(6_000)],
);

export const claims = fuzzed('what somebody pushed as a claim is one, or holds nobody up', claim, (text) => {
  const read = readClaim(text);
  if (read === null) return;
  expect(read.owner).toMatch(/^.{1,5000}$/);
  expect(new Date(read.until).toISOString()).toMatch(/Z$/);
});
