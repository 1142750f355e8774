import { BlockList, isIP } from "node:net";

/**
 * Addresses that belong to nobody on the internet: IANA's registries of special-purpose addresses (RFC 6890), multicast,
 * and the one under which Azure's own platform answers every VM (Azure: What is IP address 168.63.129.16).
 */
const SPECIAL_IPV4 = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["168.63.129.16", 32],
  // 169.254.169.254 is the instance metadata service, which hands out tokens.
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
] as const;

/** Inside 2000::/3, the only part of IPv6 that is global: protocols and tunnels that lead to an IPv4 address, examples. */
const SPECIAL_IPV6 = [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
] as const;

const special = new BlockList();
for (const [address, bits] of SPECIAL_IPV4) special.addSubnet(address, bits, "ipv4");
for (const [address, bits] of SPECIAL_IPV6) special.addSubnet(address, bits, "ipv6");
const globalIpv6 = new BlockList();
globalIpv6.addSubnet("2000::", 3, "ipv6");

/** Whether an address lies on the internet, and not in this network, on this machine or in Azure's platform. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !special.check(address, "ipv4");
    case 6:
      return globalIpv6.check(address, "ipv6") && !special.check(address, "ipv6");
    default:
      return false;
  }
}
