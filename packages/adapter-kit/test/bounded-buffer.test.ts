import { describe, expect, it } from 'vitest';
import { createBoundedBuffer } from '../src/process/bounded-buffer.js';

describe('bounded buffer', () => {
  it('keeps every byte up to its limit, in whatever pieces they come', () => {
    const text = 'ä'.repeat(500);
    for (const size of [1, 3, 7, 64, 1000]) {
      const buffer = createBoundedBuffer(1000);
      const bytes = Buffer.from(text);
      for (let at = 0; at < bytes.length; at += size) buffer.append(bytes.subarray(at, at + size));
      expect(buffer.text()).toBe(text);
      expect(buffer.truncated).toBe(false);
    }
  });

  it('drops from the middle, says how much, and cuts no character', () => {
    for (const size of [1, 3, 7, 64, 5000]) {
      const buffer = createBoundedBuffer(101);
      const bytes = Buffer.from(`BEGIN${'€'.repeat(1000)}END`);
      for (let at = 0; at < bytes.length; at += size) buffer.append(bytes.subarray(at, at + size));
      const [start = '', note = '', end = ''] = buffer.text().split('\n');
      expect(buffer.truncated).toBe(true);
      expect(start).toBe(`BEGIN${'€'.repeat(15)}`);
      expect(end).toMatch(/^€+END$/);
      expect(note).toBe(`[${bytes.length - Buffer.byteLength(start) - Buffer.byteLength(end)} bytes dropped]`);
      expect(Buffer.byteLength(start) + Buffer.byteLength(end)).toBeLessThanOrEqual(101);
    }
  });

  it('keeps nothing at a limit of zero', () => {
    const buffer = createBoundedBuffer(0);
    buffer.append(Buffer.from('much'));
    expect(buffer.text()).toBe('\n[4 bytes dropped]\n');
  });
});
