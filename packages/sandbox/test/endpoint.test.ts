import { describe, expect, it } from 'vitest';
import { createAllowedHosts } from '../src/network/allowed-hosts.js';
import { parseEndpoint, writeEndpoint } from '../src/network/endpoint.js';
import { isInternalAddress } from '../src/network/internal-address.js';

describe('an endpoint', () => {
  it.each([
    ['example.org:443', 'example.org:443'],
    ['EXAMPLE.org.:443', 'example.org:443'],
    ['_service.example.org:1', '_service.example.org:1'],
    ['xn--bcher-kva.example:443', 'xn--bcher-kva.example:443'],
    ['1.2.3.4.example:443', '1.2.3.4.example:443'],
    ['10.0.0.1:80', '10.0.0.1:80'],
    ['[::1]:8080', '[::1]:8080'],
    ['[2001:0DB8:0:0::0001]:443', '[2001:db8::1]:443'],
    ['[::FFFF:10.0.0.1]:443', '10.0.0.1:443'],
    ['[::ffff:a00:1]:443', '10.0.0.1:443'],
    ['example.org', 'example.org:80'],
  ])('%s is read as %s', (text, expected) => {
    const endpoint = parseEndpoint(text, 80);
    expect(endpoint && writeEndpoint(endpoint)).toBe(expected);
  });

  it.each([
    '',
    ':443',
    'example.org:',
    'example.org:0',
    'example.org:0443',
    'example.org:65536',
    'example.org:443:443',
    'example.org..:443',
    '.example.org:443',
    'example..org:443',
    '-a.example:443',
    'a-.example:443',
    `${'a'.repeat(64)}.example:443`,
    `${'a.'.repeat(130)}example:443`,
    'user@example.org:443',
    'user:word@example.org:443',
    'exa mple.org:443',
    'example.org :443',
    ' example.org:443',
    'example.org\t:443',
    'example.org\0:443',
    'example.org\r\n:443',
    'ex%61mple.org:443',
    'example.org/:443',
    'example.org\\:443',
    'bücher.example:443',
    'ｅxample.org:443',
    // An address with a zone, which ends like a name.
    '::ffff:1.2.3.4%.allowed.example:443',
    '[::ffff:1.2.3.4%.allowed.example]:443',
    '[fe80::1%eth0]:443',
    '::1:443',
    '[1.2.3.4]:443',
    '[example.org]:443',
    '[::1:443',
    '::1]:443',
    // Which resolvers take for addresses.
    '127.1:443',
    '2130706433:443',
    '0x7f000001:443',
    '0x7f.1:443',
    '0177.0.0.1:443',
    '127.0.0.01:443',
    '127.0.0.1.:443',
    '127.0.0.256:443',
    'example.123:443',
  ])('%j is none', (text) => {
    expect(parseEndpoint(text, 80)).toBeNull();
  });
});

describe('allowed hosts', () => {
  const allowed = createAllowedHosts([
    'Example.org',
    '*.packages.test',
    'registry.local:4873',
    '[::1]:8080',
    '10.0.0.1',
    '*.bücher.example:443',
  ]);
  it.each([
    ['example.org:443', true],
    ['EXAMPLE.ORG.:80', true],
    ['example.org:22', false],
    ['www.example.org:443', false],
    ['example.org.evil.com:443', false],
    ['evilexample.org:443', false],
    ['registry.packages.test:443', true],
    ['a.b.packages.test:443', true],
    ['packages.test:443', false],
    ['evilpackages.test:443', false],
    ['registry.local:4873', true],
    ['registry.local:443', false],
    ['[::1]:8080', true],
    ['[0:0:0:0:0:0:0:1]:8080', true],
    ['[::1]:443', false],
    ['10.0.0.1:80', true],
    ['[::ffff:10.0.0.1]:80', true],
    ['10.0.0.2:80', false],
    ['www.xn--bcher-kva.example:443', true],
  ])('%s: %s', (text, expected) => {
    const endpoint = parseEndpoint(text, null);
    expect(endpoint && allowed.includes(endpoint)).toBe(expected);
  });

  it('refuses entries that it can not read, rather than to guess', () => {
    for (const entry of [
      '',
      '*',
      '*.',
      '*.*.example.org',
      '*.10.0.0.1',
      '*.[::1]',
      'http://example.org',
      'a b',
      '.example.org',
      'example.org:99999',
      'exa*mple.org',
      '::1',
      '[::1%lo]',
      '127.1',
      'bü cher.example',
    ]) {
      expect(() => createAllowedHosts([entry]), entry).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    }
  });
});

it('knows addresses of this machine and its networks, however they are written', () => {
  const internal = [
    '127.0.0.1',
    '10.1.2.3',
    '169.254.169.254',
    '100.100.100.200',
    '192.168.0.1',
    '172.31.0.1',
    '0.0.0.0',
    '255.255.255.255',
    '::',
    '::1',
    '::127.0.0.1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '::ffff:0:127.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b:1::7f00:1',
    '2002:7f00:1::',
    '2001:0:1::1',
    'fe80::1',
    'fec0::1',
    'fd00:ec2::254',
    'ff02::1',
    'nonsense',
  ];
  expect(internal.filter((address) => !isInternalAddress(address))).toEqual([]);
  expect(['1.1.1.1', '172.32.0.1', '2606:4700::1111', '2a00:1450::1'].filter(isInternalAddress)).toEqual([]);
});
