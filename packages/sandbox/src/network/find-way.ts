import { lookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import type { RefusedConnection } from '@baton/core';
import type { AllowedHosts } from './allowed-hosts.js';
import { type Endpoint, parseAddress, writeEndpoint } from './endpoint.js';
import { isInternalAddress } from './internal-address.js';

/** Whether and how an endpoint is reached. */
export type Way =
  | { readonly kind: 'open'; readonly endpoint: Endpoint; readonly lookup: LookupFunction }
  /** It may not be reached. The sentence says why, and what would change it. */
  | { readonly kind: 'refused'; readonly sentence: string; readonly refused: RefusedConnection }
  /** It might, but there is none of that name. */
  | { readonly kind: 'unknown'; readonly sentence: string };

/** The addresses of a name; none where there are none. */
export type FindAddresses = (name: string) => Promise<readonly string[]>;

/** Asks as every program of this machine does. */
export const findAddresses: FindAddresses = async (name) =>
  (await lookup(name, { all: true }).catch(() => [])).map(({ address }) => address);

/** It is never looked up: whoever lists it means this machine (RFC 6761, 6.3). */
const loopback = ['127.0.0.1', '::1'];

/**
 * Judges an endpoint and looks its name up, once: the way leads to the addresses that were judged. A name leads
 * to an address of this machine or its networks only where that address is listed too.
 */
export async function findWay(endpoint: Endpoint, allowed: AllowedHosts, find: FindAddresses): Promise<Way> {
  const { host, port } = endpoint;
  const asked = writeEndpoint(endpoint);
  if (!allowed.includes(endpoint)) {
    return {
      kind: 'refused',
      sentence: `${asked} isn't among the hosts that this job may reach.`,
      refused: { host: host.text, port, reason: 'unlisted' },
    };
  }
  if (host.kind === 'address') return open(endpoint, [host.text]);
  if (host.text === 'localhost') return open(endpoint, loopback);
  const found = (await find(host.text)).map(parseAddress).filter((each) => each !== null);
  if (found.length === 0) return { kind: 'unknown', sentence: `No address of ${host.text} was found.` };
  const fitting = found.filter((each) => !isInternalAddress(each.text) || allowed.includes({ host: each, port }));
  if (fitting.length > 0) {
    return open(
      endpoint,
      fitting.map(({ text }) => text),
    );
  }
  const addresses = found.map((each) => writeEndpoint({ host: each, port })).join(', ');
  return {
    kind: 'refused',
    sentence: `${asked} leads to this machine or its networks (${addresses}), where an address must be listed itself.`,
    refused: { host: host.text, port, reason: 'internal' },
  };
}

function open(endpoint: Endpoint, addresses: readonly string[]): Way {
  const found = addresses.map((address) => ({ address, family: isIP(address) }));
  return { kind: 'open', endpoint, lookup: (_host, _options, done) => done(null, found) };
}
