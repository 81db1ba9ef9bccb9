import { domainToASCII } from 'node:url';
import { BatonError } from '@baton/core';
import { type Endpoint, parseEndpoint } from './endpoint.js';

/** Where a connection may go. */
export interface AllowedHosts {
  includes(endpoint: Endpoint): boolean;
}

interface Entry {
  readonly host: Endpoint['host'];
  readonly suffix: boolean;
  readonly ports: readonly number[];
}

const webPorts = [80, 443];

/**
 * Understands `host`, `*.suffix`, either with `:port`; without one, ports 80 and 443. A suffix takes in names
 * only, and an address only where it is listed itself. `CONFIG_INVALID` where an entry is none of these: an
 * entry that can't be read must not come to mean "all".
 */
export function createAllowedHosts(entries: readonly string[]): AllowedHosts {
  const parsed = entries.map((each) => parseEntry(each) ?? refuse(each));
  return {
    includes: ({ host, port }) =>
      parsed.some((entry) => {
        if (entry.host.kind !== host.kind || !entry.ports.includes(port)) return false;
        return entry.suffix ? host.text.endsWith(`.${entry.host.text}`) : host.text === entry.host.text;
      }),
  };
}

/** What keeps an entry from being followed, and what could be. */
export interface HostFault {
  readonly message: string;
  readonly fix: string;
}

/** For people, before anything is run: null where `createAllowedHosts` takes the entry. */
export function findHostFault(entry: string): HostFault | null {
  return parseEntry(entry) === null ? faultOf(entry) : null;
}

function faultOf(entry: string): HostFault {
  return {
    message: `${JSON.stringify(entry)} names no host that could be reached.`,
    fix: 'Write `host`, `*.domain`, or either with `:port`, without scheme and path; an IPv6 address in brackets. Nothing stands for all hosts: name each.',
  };
}

function refuse(entry: string): never {
  const { message, fix } = faultOf(entry);
  throw new BatonError('CONFIG_INVALID', message, { details: { setting: 'network' }, fix });
}

function parseEntry(entry: string): Entry | null {
  const suffix = entry.startsWith('*.');
  const endpoint = parseEndpoint(toAscii(suffix ? entry.slice(2) : entry), 0);
  if (endpoint === null || (suffix && endpoint.host.kind === 'address')) return null;
  return { host: endpoint.host, suffix, ports: endpoint.port === 0 ? webPorts : [endpoint.port] };
}

/** People may write a name in their own letters. On the wire it is ASCII (RFC 5891). */
function toAscii(text: string): string {
  if (!/[^\0-\x7f]/.test(text)) return text;
  const [, name = '', rest = ''] = /^([^:]*)(.*)$/s.exec(text) ?? [];
  return `${domainToASCII(name)}${rest}`;
}
