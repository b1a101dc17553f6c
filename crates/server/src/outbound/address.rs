use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Azure's host agent: a public address that only the virtual machine itself can reach.
const AZURE_WIRESERVER: Ipv4Addr = Ipv4Addr::new(168, 63, 129, 16);

/// Returns whether an address belongs to the public internet, and not to this machine, a private network, a cloud's
/// metadata service or a reserved range. The source is IANA's special-purpose address registries (RFC 6890).
pub(crate) fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

#[expect(clippy::match_same_arms, reason = "each arm names its range")]
fn is_public_v4(ip: Ipv4Addr) -> bool {
    let special = match ip.octets() {
        // This network, private, loopback.
        [0 | 10 | 127, ..] => true,
        // Carrier-grade NAT.
        [100, b, ..] => b & 0xc0 == 64,
        // Link-local, including the clouds' metadata services.
        [169, 254, ..] => true,
        [172, b, ..] => b & 0xf0 == 16,
        [192, 168, ..] => true,
        // Protocol assignments, documentation, relays of 6to4.
        [192, 0, 0 | 2, _] | [192, 88, 99, _] | [198, 51, 100, _] | [203, 0, 113, _] => true,
        // Benchmarks.
        [198, 18 | 19, ..] => true,
        // Multicast, reserved, broadcast.
        [224..=255, ..] => true,
        _ => ip == AZURE_WIRESERVER,
    };
    !special
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    match ip.segments() {
        // IPv4-mapped and NAT64 addresses are judged by the IPv4 address that they lead to.
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
            is_public_v4(Ipv4Addr::new(a, b, c, d))
        }
        // Protocol assignments with Teredo, documentation (twice), 6to4.
        [0x2001, 0..0x200 | 0xdb8, ..] | [0x3fff, 0..0x1000, ..] | [0x2002, ..] => false,
        // IANA allocates global unicast addresses only from 2000::/3. Loopback, link-local, unique-local and multicast
        // addresses are outside of it.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bounds_of_each_range_and_their_neighbours_are_classified() {
        for (public, addresses) in [
            (
                false,
                "0.0.0.0 0.255.255.255 10.0.0.0 10.255.255.255 100.64.0.0 100.127.255.255 127.0.0.1 127.255.255.255 \
                 169.254.0.0 169.254.169.254 169.254.255.255 172.16.0.0 172.31.255.255 192.0.0.0 192.0.0.192 192.0.2.1 \
                 192.88.99.1 192.168.0.0 192.168.255.255 198.18.0.0 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 \
                 239.255.255.255 240.0.0.0 255.255.255.255 100.100.100.200 168.63.129.16 \
                 :: ::1 ::127.0.0.1 ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 \
                 64:ff9b::127.0.0.1 64:ff9b::169.254.169.254 64:ff9b:1::8.8.8.8 100::1 2001::1 2001:2::1 2001:20::1 \
                 2001:1ff:ffff::1 2001:db8::1 2002:7f00:1::1 2002:808:808::1 3fff::1 3fff:fff:ffff::1 4000::1 5f00::1 \
                 fc00::1 fd00:ec2::254 fdff::1 fe80::1 febf::1 fec0::1 ff02::1 ffff::1",
            ),
            (
                true,
                "1.0.0.0 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.1 169.253.255.255 \
                 169.255.0.0 172.15.255.255 172.32.0.0 192.0.1.1 192.0.3.0 192.88.98.1 192.167.255.255 192.169.0.0 \
                 198.17.255.255 198.20.0.0 198.51.99.1 203.0.114.1 223.255.255.255 168.63.129.15 8.8.8.8 \
                 ::ffff:8.8.8.8 64:ff9b::8.8.8.8 2000::1 2001:200::1 2001:db7::1 2001:db9::1 2003::1 2606:4700::1111 \
                 2a00:1450:4001::1 3fff:1000::1 3ffe::1",
            ),
        ] {
            for address in addresses.split_whitespace() {
                assert_eq!(is_public(address.parse().unwrap()), public, "{address}");
            }
        }
    }
}
