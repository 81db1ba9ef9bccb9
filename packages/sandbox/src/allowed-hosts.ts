import { BlockList, isIP } from 'node:net';
import { BatonError } from '@baton/core';

/** Where a connection may go. */
export interface AllowedHosts {
  /** Null where it may not. `anyAddress` is false for a host that is allowed by suffix only. */
  find(host: string, port: number): { readonly anyAddress: boolean } | null;
}

interface Entry {
  readonly host: string;
  readonly suffix: boolean;
  readonly port: number | null;
}

const webPorts = [80, 443];

/**
 * Understands `host`, `*.suffix`, either with `:port`; without one, ports 80 and 443. `CONFIG_INVALID` where an
 * entry is none of these: an entry that can't be read must not come to mean "all".
 */
export function createAllowedHosts(entries: readonly string[]): AllowedHosts {
  const parsed = entries.map(parseEntry);
  return {
    find(host, port) {
      const name = canonical(host);
      const fitting = parsed.filter((each) => {
        if (each.port === null ? !webPorts.includes(port) : each.port !== port) return false;
        return each.suffix ? name.endsWith(`.${each.host}`) : name === each.host;
      });
      return fitting.length === 0 ? null : { anyAddress: fitting.some((each) => !each.suffix) };
    },
  };
}

/**
 * Whether an address lies on this machine or its own network: whoever can name a host under an allowed suffix
 * could point it there.
 */
export function isInternalAddress(address: string): boolean {
  const family = isIP(address);
  return family === 0 || internal().check(address, family === 4 ? 'ipv4' : 'ipv6');
}

/** IANA's special-purpose address registries. */
function internal(): BlockList {
  const list = new BlockList();
  for (const [address, bits] of [
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
    ['169.254.0.0', 16],
    ['172.16.0.0', 12],
    ['192.0.0.0', 24],
    ['192.168.0.0', 16],
    ['198.18.0.0', 15],
    ['224.0.0.0', 3],
  ] as const) {
    list.addSubnet(address, bits, 'ipv4');
  }
  for (const [address, bits] of [
    ['::', 128],
    ['::1', 128],
    ['64:ff9b::', 96],
    ['fc00::', 7],
    ['fe80::', 10],
    ['ff00::', 8],
  ] as const) {
    list.addSubnet(address, bits, 'ipv6');
  }
  return list;
}

function parseEntry(entry: string): Entry {
  const match = /^(\*\.)?(\[[0-9a-f:.]+\]|[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?)\.?(?::(\d{1,5}))?$/i.exec(entry);
  const [, star, host, port] = match ?? [];
  const number = port === undefined ? null : Number(port);
  if (host === undefined || (number !== null && (number < 1 || number > 65_535))) {
    throw new BatonError('CONFIG_INVALID', `${JSON.stringify(entry)} names no host that could be reached.`, {
      details: { setting: 'network' },
      fix: 'Write `host`, `*.domain`, or either with `:port`.',
    });
  }
  return { host: canonical(host), suffix: star !== undefined, port: number };
}

function canonical(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');
}
