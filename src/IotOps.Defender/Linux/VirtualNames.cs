using IotOps.Shared;

namespace IotOps.Defender.Linux;

/// <summary>Names that drivers and well-known programs give to interfaces whose traffic crosses another one.</summary>
internal static class VirtualNames
{
    private static readonly string[] Composed = ["bond*", "team*", "bridge*", "br?", "br??", "vlan*", "macvlan*", "macvtap*", "ipvlan*", "bat*", "vrf*"];

    private static readonly string[] Carried =
    [
        "tun*", "tap*", "wg*", "ipsec*", "xfrm*", "vti*", "ip_vti*", "ip6_vti*", "gre*", "erspan*", "ip6gre*", "ip6tnl*", "sit*", "vxlan*", "geneve*", "l2tp*",
        "tailscale*", "zt*", "nebula*", "utun*",
        "vnet*", "vmnet*", "veth*", "docker*", "virbr*", "lxc*", "lxd*", "cni*", "cali*", "flannel*", "cilium*", "kube-*", "podman*", "weave*",
        "dummy*", "ifb*", "nlmon*", "vcan*", "ovs-system",
    ];

    public static NameRank Rank(string name) => Has(Composed, name) ? NameRank.Composed : Has(Carried, name) ? NameRank.Carried : NameRank.Plain;

    /// <summary>Whether it is one of pppd's.</summary>
    public static bool IsDialled(string name) => name.StartsWith("ppp", StringComparison.Ordinal);

    private static bool Has(string[] patterns, string name)
    {
        foreach (string pattern in patterns)
        {
            if (Glob.IsMatch(pattern, name))
            {
                return true;
            }
        }

        return false;
    }
}
