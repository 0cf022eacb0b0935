using System.Buffers;
using System.Formats.Cbor;
using BenchmarkDotNet.Attributes;
using IotOps.Defender;

namespace IotOps.Benchmarks;

/// <summary>
/// One Device Defender report, filled and encoded, and the same CBOR by .NET's own <see cref="CborWriter"/>. The peer is favoured: its writer and
/// buffer are kept, and the addresses are strings made beforehand, which ours formats each time.
/// </summary>
[MemoryDiagnoser]
public class DefenderBenchmarks
{
    private const long Id = 1_700_000_000;

    private static readonly CustomMetricValue CpuUsage = CustomMetricValue.Number(26.1);

    private readonly DefenderReportBuilder _builder = new();
    private readonly ArrayBufferWriter<byte> _encoded = new(256 * 1024);
    private readonly CborWriter _peer = new(CborConformanceMode.Lax, initialCapacity: 256 * 1024);
    private readonly byte[] _peerEncoded = new byte[256 * 1024];
    private EstablishedConnection[] _connections = [];
    private string[] _addresses = [];

    [Params(10, 1000)]
    public int Connections { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _connections = new EstablishedConnection[Connections];
        _addresses = new string[Connections];
        for (int i = 0; i < Connections; i++)
        {
            InternetAddress peer = InternetAddress.FromBytes([10, 0, (byte)(i >> 8), (byte)i]);
            _connections[i] = new EstablishedConnection(peer, 443, 30_000 + i, "eth0");
            _addresses[i] = $"{peer}:443";
        }

        Cbor();
        if (!_encoded.WrittenSpan.SequenceEqual(_peerEncoded.AsSpan(0, DotnetCbor())))
        {
            throw new InvalidOperationException("The two do not write the same bytes.");
        }
    }

    [Benchmark(Description = "fill")]
    public void Fill()
    {
        _builder.Clear();
        _builder.NetworkStats = new NetworkStats(30_680, 10_652, 113, 118);
        foreach (ref readonly EstablishedConnection connection in _connections.AsSpan())
        {
            _builder.TcpConnections.Add(connection);
        }

        for (int i = 1; i <= 10; i++)
        {
            _builder.ListeningTcpPorts.Add(new ListeningPort(i * 100, "eth0"));
        }

        _builder.SetCustomMetric("cpu_usage", CpuUsage);
    }

    [Benchmark(Description = "fill + JSON")]
    public int Json() => Encode(DefenderFormat.Json, DefenderNames.LongNames);

    [Benchmark(Description = "fill + JSON, short")]
    public int ShortJson() => Encode(DefenderFormat.Json, DefenderNames.ShortNames);

    [Benchmark(Description = "fill + CBOR")]
    public int Cbor() => Encode(DefenderFormat.Cbor, DefenderNames.LongNames);

    [Benchmark(Description = "fill + CBOR, short")]
    public int ShortCbor() => Encode(DefenderFormat.Cbor, DefenderNames.ShortNames);

    [Benchmark(Baseline = true, Description = "fill + CBOR by System.Formats.Cbor")]
    public int DotnetCbor()
    {
        Fill();
        _peer.Reset();
        _peer.WriteStartMap(3);
        _peer.WriteTextString("header");
        _peer.WriteStartMap(2);
        _peer.WriteTextString("report_id");
        _peer.WriteInt64(Id);
        _peer.WriteTextString("version");
        _peer.WriteTextString("1.0");
        _peer.WriteEndMap();
        _peer.WriteTextString("metrics");
        _peer.WriteStartMap(3);
        _peer.WriteTextString("network_stats");
        _peer.WriteStartMap(4);
        _peer.WriteTextString("bytes_in");
        _peer.WriteInt64(_builder.NetworkStats!.Value.BytesIn);
        _peer.WriteTextString("bytes_out");
        _peer.WriteInt64(_builder.NetworkStats.Value.BytesOut);
        _peer.WriteTextString("packets_in");
        _peer.WriteInt64(_builder.NetworkStats.Value.PacketsIn);
        _peer.WriteTextString("packets_out");
        _peer.WriteInt64(_builder.NetworkStats.Value.PacketsOut);
        _peer.WriteEndMap();
        _peer.WriteTextString("tcp_connections");
        _peer.WriteStartMap(1);
        _peer.WriteTextString("established_connections");
        _peer.WriteStartMap(2);
        _peer.WriteTextString("connections");
        _peer.WriteStartArray(_builder.TcpConnections.Count);
        for (int i = 0; i < _builder.TcpConnections.Count; i++)
        {
            EstablishedConnection connection = _builder.TcpConnections[i];
            _peer.WriteStartMap(3);
            _peer.WriteTextString("remote_addr");
            _peer.WriteTextString(_addresses[i]);
            _peer.WriteTextString("local_interface");
            _peer.WriteTextString(connection.LocalInterface!);
            _peer.WriteTextString("local_port");
            _peer.WriteInt32(connection.LocalPort!.Value);
            _peer.WriteEndMap();
        }

        _peer.WriteEndArray();
        _peer.WriteTextString("total");
        _peer.WriteInt32(_builder.TcpConnections.Count);
        _peer.WriteEndMap();
        _peer.WriteEndMap();
        _peer.WriteTextString("listening_tcp_ports");
        _peer.WriteStartMap(2);
        _peer.WriteTextString("ports");
        _peer.WriteStartArray(_builder.ListeningTcpPorts.Count);
        for (int i = 0; i < _builder.ListeningTcpPorts.Count; i++)
        {
            _peer.WriteStartMap(2);
            _peer.WriteTextString("port");
            _peer.WriteInt32(_builder.ListeningTcpPorts[i].Port);
            _peer.WriteTextString("interface");
            _peer.WriteTextString(_builder.ListeningTcpPorts[i].Interface!);
            _peer.WriteEndMap();
        }

        _peer.WriteEndArray();
        _peer.WriteTextString("total");
        _peer.WriteInt32(_builder.ListeningTcpPorts.Count);
        _peer.WriteEndMap();
        _peer.WriteEndMap();
        _peer.WriteTextString("custom_metrics");
        _peer.WriteStartMap(1);
        _peer.WriteTextString("cpu_usage");
        _peer.WriteStartArray(1);
        _peer.WriteStartMap(1);
        _peer.WriteTextString("number");
        _peer.WriteDouble(CpuUsage.Numbers[0]);
        _peer.WriteEndMap();
        _peer.WriteEndArray();
        _peer.WriteEndMap();
        _peer.WriteEndMap();
        return _peer.Encode(_peerEncoded);
    }

    private int Encode(DefenderFormat format, DefenderNames names)
    {
        Fill();
        _encoded.ResetWrittenCount();
        return _builder.WriteTo(_encoded, Id, format, names);
    }
}
