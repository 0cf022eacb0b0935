using System.Net;
using System.Net.Sockets;
using IotOps.Defender.Portable;
using IotOps.Defender.Readings;
using Microsoft.Extensions.Logging.Abstractions;

namespace IotOps.Defender.Tests.Collector;

/// <summary>What other systems are read by works here too.</summary>
public sealed class PortableTests
{
    private readonly NetworkCollector _collector = new(new PortableNetwork(new InterfaceFilter(["*"], [])), NullLogger.Instance);

    [Fact]
    public void Known_sockets_are_found()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        using var client = new TcpClient();
        client.Connect(IPAddress.Loopback, port);
        using var udp = new UdpClient(new IPEndPoint(IPAddress.IPv6Loopback, 0));
        int udpPort = ((IPEndPoint)udp.Client.LocalEndPoint!).Port;
        var builder = new DefenderReportBuilder();

        _collector.CollectSockets(builder);
        DefenderReport report = builder.Build(1);

        report.ListeningTcpPorts.Text().ShouldContain($"{port} lo", StringComparer.Ordinal);
        report.ListeningUdpPorts.Text().ShouldContain($"{udpPort} lo", StringComparer.Ordinal);
        int from = ((IPEndPoint)client.Client.LocalEndPoint!).Port;
        report.TcpConnections.Text().ShouldContain($"127.0.0.1|{port} {from} lo", StringComparer.Ordinal);
        report.TcpConnections.Text().ShouldContain($"127.0.0.1|{from} {port} lo", StringComparer.Ordinal);
    }

    [Fact]
    public void Interfaces_but_the_loopback_have_their_counters()
    {
        InterfaceReadings interfaces = _collector.ReadInterfaces().ShouldNotBeNull();
        interfaces.IndexOf("lo", 0).ShouldBe(-1);
        interfaces.Count.ShouldBe(System.Net.NetworkInformation.NetworkInterface.GetAllNetworkInterfaces().Length - 1);
    }
}
