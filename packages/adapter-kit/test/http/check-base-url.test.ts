import { describe, expect, it } from 'vitest';
import { checkBaseUrl } from '../../src/index.js';

const adapter = 'some-adapter';

describe('the address that requests are sent to', () => {
  it.each([
    'https://api.example.com/v1',
    'http://127.0.0.1:8080/v1',
    'http://127.1/',
    'http://localhost:11434/v1',
    'http://[::1]:8080',
  ])('may be %s, with a key', (text) => {
    expect(checkBaseUrl(text, { adapter, secret: 'key' }).href).toBe(new URL(text).href);
  });

  it('may be any host in the clear where nothing secret goes there', () => {
    expect(checkBaseUrl('http://gpu.example.com/v1', { adapter, secret: null }).hostname).toBe('gpu.example.com');
  });

  it.each([
    ['http://api.example.com', 'read on the way'],
    ['http://127.0.0.1.example.com', 'read on the way'],
    ['http://localhost.example.com', 'read on the way'],
    ['http://10.0.0.1', 'read on the way'],
    ['http://0.0.0.0', 'read on the way'],
    ['https://me:secret@api.example.com', 'password'],
    ['https://me@api.example.com', 'password'],
    ['https://api.example.com/?key=secret', 'query'],
    ['https://api.example.com/#secret', 'query'],
    ['ftp://api.example.com', 'no address of http'],
    ['file:///etc/passwd', 'no address of http'],
    ['somewhere', 'no address'],
    ['', 'no address'],
  ])('may not be %s, and the error says why without a secret in it', (text, why) => {
    const settings = { adapter, secret: 'key', environmentVariable: 'SOME_BASE_URL' };
    expect(() => checkBaseUrl(text, settings)).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        details: { setting: 'baseUrl', environmentVariable: 'SOME_BASE_URL' },
        message: expect.stringContaining(why),
        fix: expect.stringContaining('https://'),
      }),
    );
    expect(() => checkBaseUrl(text, settings)).not.toThrow(/secret/);
  });
});
