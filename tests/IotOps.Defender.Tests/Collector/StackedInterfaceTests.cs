using IotOps.TestKit;

namespace IotOps.Defender.Tests.Collector;

/// <summary>A byte that crosses several interfaces of one machine counts once: at the lowest that counts.</summary>
public sealed class StackedInterfaceTests : IDisposable
{
    private readonly FakeProc _proc = new();
    private readonly TempDirectory _sys = new();

    public void Dispose()
    {
        _proc.Dispose();
        _sys.Dispose();
    }

    [Theory]
    [InlineData("eth0,bond0,eth0.5,wg0", "eth0")]
    [InlineData("eth0,eth1,team0,team0.7", "eth0,eth1")]
    [InlineData("wlan0,tun0,tap1,tailscale0,zt5u4,ipsec0,vti0,gre0,sit0,ip6tnl0", "wlan0")]
    [InlineData("eth0,cni0,flannel.1,cali12ab,podman1,vnet3,vxlan7,br0,dummy0,ifb0", "eth0")]
    [InlineData("eth0,macvlan0,ipvlan3,eth0.5.6", "eth0")]
    [InlineData("eth0,wlan0,wwan0,usb0,enp3s0,ppp0,can0", "eth0,wlan0,wwan0,usb0,enp3s0,ppp0,can0")]
    [InlineData("tun0,wg0", "tun0,wg0")] // a namespace that has nothing else
    [InlineData("eth1.5,lo", "eth1.5")] // its parent is not in this namespace
    [InlineData("bond0,bond0.5,wg0", "bond0")]
    [InlineData("eth0,eth0x.5,wan.7", "eth0,eth0x.5,wan.7")]
    public void Names_say_what_lies_on_top_where_the_system_does_not(string interfaces, string counted) => Counted(_proc.Options, interfaces).ShouldBe(counted);

    [Fact]
    public void A_bond_and_its_ports_are_found_by_the_bonding_driver()
    {
        Directory.CreateDirectory(_proc["bonding"]);
        _proc.Write("bonding/uplink", "Ethernet Channel Bonding Driver: v6.1\n\nBonding Mode: fault-tolerance (active-backup)\nCurrently Active Slave: port1\n\nSlave Interface: port1\nMII Status: up\n\nSlave Interface: port2\nMII Status: up\n");
        Counted(_proc.Options, "port1,port2,uplink,uplink.5").ShouldBe("port1,port2");
        Counted(_proc.Options with { ExcludeInterfaces = ["port*"] }, "port1,port2,uplink,uplink.5").ShouldBe("uplink");
    }

    [Fact]
    public void A_virtual_lan_and_its_parent_are_found_by_the_kernels_table()
    {
        Directory.CreateDirectory(_proc["vlan"]);
        _proc.Write("vlan/config", "VLAN Dev name\t | VLAN ID\nName-Type: VLAN_NAME_TYPE_RAW_PLUS_VID_NO_PAD\ncameras        | 5  | lan\ndeep           | 6  | cameras\n");
        Counted(_proc.Options, "lan,cameras,deep").ShouldBe("lan");
        Counted(_proc.Options with { ExcludeInterfaces = ["cameras"] }, "lan,cameras,deep").ShouldBe("lan");
        Counted(_proc.Options with { ExcludeInterfaces = ["lan"] }, "lan,cameras,deep").ShouldBe("cameras");
        Counted(_proc.Options with { ExcludeInterfaces = ["lan", "cameras"] }, "lan,cameras,deep").ShouldBe("deep");
    }

    [Fact]
    public void A_dialled_link_counts_unless_it_runs_over_ethernet()
    {
        Counted(_proc.Options, "eth0,ppp0").ShouldBe("eth0,ppp0");
        _proc.Write("pppoe", "Id       Address              Device\n");
        Counted(_proc.Options, "eth0,ppp0").ShouldBe("eth0,ppp0");
        _proc.Write("pppoe", "Id       Address              Device\n00000001 00:11:22:33:44:55     eth0\n");
        Counted(_proc.Options, "eth0,ppp0").ShouldBe("eth0");
        Counted(_proc.Options with { ExcludeInterfaces = ["eth*"] }, "eth0,ppp0").ShouldBe("ppp0");
    }

    [Fact]
    public void The_system_says_which_have_a_device_and_which_lie_on_others()
    {
        Sys("uplink", device: true);
        Sys("spare", device: true);
        Sys("main", device: false, "uplink", "spare");
        Sys("cameras", device: false, "main");
        Sys("secret", device: false);
        Sys("ppp0", device: false);
        Sys("port1", device: true, "uplink"); // of a switch chip behind the conduit
        Counted(WithSys, "uplink,spare,main,cameras,secret,ppp0,port1").ShouldBe("uplink,spare,ppp0");
        Counted(WithSys with { ExcludeInterfaces = ["uplink", "spare"] }, "uplink,spare,main,cameras,secret").ShouldBe("main,secret");
    }

    [Fact]
    public void An_interface_that_the_system_does_not_show_is_judged_by_its_name()
    {
        Sys("eth0", device: true);
        Counted(WithSys, "eth0,eth1,wg0").ShouldBe("eth0,eth1");
    }

    [Fact]
    public void A_container_whose_only_interface_is_virtual_reports_it()
    {
        Sys("eth0", device: false);
        Sys("wg0", device: false);
        Counted(WithSys, "eth0").ShouldBe("eth0");
        Counted(WithSys, "eth0,wg0").ShouldBe("eth0");
        Counted(WithSys, "wg0").ShouldBe("wg0");
    }

    [Fact]
    public void Interfaces_that_lie_on_each_other_in_a_circle_end_the_search()
    {
        Sys("a", device: false, "b");
        Sys("b", device: false, "a");
        Counted(WithSys with { IncludeInterfaces = ["a"] }, "a,b").ShouldBe("a");
        Should.NotThrow(() => Counted(WithSys, "a,b"));
    }

    [Fact]
    public void An_interface_that_is_named_in_full_counts_whatever_it_lies_on() =>
        Counted(_proc.Options with { IncludeInterfaces = ["eth*", "wg0"] }, "eth0,wg0,eth0.5").ShouldBe("eth0,wg0");

    [Fact]
    public void The_system_files_beside_the_process_file_system_are_used()
    {
        using var host = new TempDirectory();
        Directory.CreateSymbolicLink(host["proc"], _proc.Root);
        Directory.CreateSymbolicLink(host["sys"], _sys.Path);
        Sys("uplink", device: true);
        Sys("vpn", device: false);
        Counted(_proc.Options with { ProcfsRoot = host["proc"] }, "uplink,vpn").ShouldBe("uplink");
    }

    [Fact]
    public void An_interface_that_begins_to_count_starts_with_the_next_step()
    {
        var collector = new MetricsCollector(_proc.Options);
        Sample(collector, ("eth0", 100), ("wg0", 1000)).ShouldBeNull();
        Sample(collector, ("eth0", 110), ("wg0", 2000)).ShouldBe(10);
        Sample(collector, ("wg0", 2005)).ShouldBe(5);
        Sample(collector, ("eth0", 7), ("wg0", 9000)).ShouldBe(7);
    }

    private MetricsCollectorOptions WithSys => _proc.Options with { SysfsRoot = _sys.Path };

    private void Sys(string name, bool device, params string[] below)
    {
        string at = Directory.CreateDirectory(_sys[$"class/net/{name}"]).FullName;
        if (device)
        {
            // As in a container: the link is there, what it points to is not.
            File.CreateSymbolicLink(Path.Combine(at, "device"), "../../../devices/none");
        }

        foreach (string each in below)
        {
            File.CreateSymbolicLink(Path.Combine(at, "lower_" + each), "../" + each);
        }
    }

    // Each interface carries another power of two, so that the sum says which were counted.
    private string Counted(MetricsCollectorOptions options, string interfaces)
    {
        string[] names = interfaces.Split(',');
        var collector = new MetricsCollector(options);
        Sample(collector, [.. names.Select(static name => (name, 0L))]);
        long sum = Sample(collector, [.. names.Select(static (name, i) => (name, 1L << i))])!.Value;
        return string.Join(',', names.Where((_, i) => (sum & (1L << i)) != 0));
    }

    private long? Sample(MetricsCollector collector, params (string Name, long Bytes)[] interfaces)
    {
        _proc.Devices([.. interfaces.Select(static each => (each.Name, (ulong)each.Bytes, 1UL, 1UL, 1UL))]);
        var builder = new DefenderReportBuilder();
        collector.Accept(collector.Collect(builder));
        return builder.NetworkStats?.BytesIn;
    }
}
