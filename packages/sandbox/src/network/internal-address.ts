import { BlockList, isIPv4, isIPv6 } from 'node:net';

/**
 * Whether an address lies on this machine or its own networks, the services that clouds offer their machines
 * included: whoever answers for a name could point it there. True also for what is no address. Of IPv6 only
 * global unicast (RFC 4291, 2.4) is outside, less what carries IPv4 addresses within; the rest is IANA's
 * special-purpose registry, without the addresses for documentation, at which nobody is.
 */
export function isInternalAddress(address: string): boolean {
  if (isIPv4(address)) return internal().check(address, 'ipv4');
  return !isIPv6(address) || !globalUnicast().check(address, 'ipv6') || internal().check(address, 'ipv6');
}

function globalUnicast(): BlockList {
  const list = new BlockList();
  list.addSubnet('2000::', 3, 'ipv6');
  return list;
}

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
  // Teredo and its like, and 6to4.
  list.addSubnet('2001::', 23, 'ipv6');
  list.addSubnet('2002::', 16, 'ipv6');
  return list;
}
