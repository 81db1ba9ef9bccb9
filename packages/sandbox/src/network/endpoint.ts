import { isIPv4, isIPv6, SocketAddress } from 'node:net';

/**
 * A host as it was read, once: this very text is judged, looked up and connected to. A name is lower-case ASCII
 * without a dot at its end; an address is in its one canonical form, without a zone.
 */
export type Host =
  | { readonly kind: 'name'; readonly text: string }
  | { readonly kind: 'address'; readonly text: string };

/** A port of a host. */
export interface Endpoint {
  readonly host: Host;
  readonly port: number;
}

/** RFC 1035, 2.3.4, and the underscore that service names have. */
const label = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/;
const longestName = 253;

/**
 * Reads `host` or `host:port` as CONNECT, `Host` and absolute URLs write it; an IPv6 address stands in brackets.
 * Null for whatever could be read in two ways: user names, zones, escapes, blanks, letters beyond ASCII, short,
 * octal and hexadecimal addresses, ports with zeros in front.
 */
export function parseEndpoint(text: string, defaultPort: number | null): Endpoint | null {
  const [, bracketed, plain = '', digits] = /^(?:\[([^[\]]*)\]|([^[\]:]*))(?::([1-9]\d{0,4}))?$/.exec(text) ?? [];
  const host = bracketed === undefined ? parsePlain(plain) : parseIpv6(bracketed);
  const port = digits === undefined ? defaultPort : Number(digits);
  return host === null || port === null || port > 65_535 ? null : { host, port };
}

/** Reads a bare address, as lookups give it. Null for anything else. */
export function parseAddress(text: string): (Host & { readonly kind: 'address' }) | null {
  return isIPv4(text) ? { kind: 'address', text } : parseIpv6(text);
}

/** As `parseEndpoint` reads it. The port is left out where it is the default one. */
export function writeEndpoint({ host, port }: Endpoint, defaultPort: number | null = null): string {
  const name = isIPv6(host.text) ? `[${host.text}]` : host.text;
  return port === defaultPort ? name : `${name}:${port}`;
}

function parsePlain(text: string): Host | null {
  if (isIPv4(text)) return { kind: 'address', text };
  const name = text.toLowerCase().replace(/\.$/, '');
  const labels = name.split('.');
  // A number at the end is how resolvers tell short, octal and hexadecimal addresses.
  const isNumber = /^(?:\d+|0x[0-9a-f]*)$/.test(labels.at(-1) ?? '');
  return name.length > longestName || isNumber || !labels.every((each) => label.test(each))
    ? null
    : { kind: 'name', text: name };
}

function parseIpv6(text: string): (Host & { readonly kind: 'address' }) | null {
  if (!isIPv6(text) || text.includes('%')) return null;
  const { address } = new SocketAddress({ address: text, family: 'ipv6' });
  // RFC 4291, 2.5.5.2: an IPv4 address in the clothes of IPv6 reaches what it reaches without them.
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  return { kind: 'address', text: mapped ?? address };
}
