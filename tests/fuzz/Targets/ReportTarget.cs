using System.Buffers;
using IotOps.Defender;

namespace IotOps.Fuzz.Targets;

/// <summary>A report of Device Defender: JSON when the first byte is even, else CBOR. What is read can be written, and is the same then.</summary>
internal sealed class ReportTarget : IFuzzTarget
{
    private const string Json =
        """
        {"header":{"report_id":1530304554,"version":"1.0"},"metrics":{"listening_tcp_ports":{"ports":[{"interface":"eth0","port":24800}],"total":1},"listening_udp_ports":{"ports":[{"port":5353}],"total":1},
        "network_stats":{"bytes_in":29358693495,"bytes_out":26485035,"packets_in":10013573555,"packets_out":11382615},
        "tcp_connections":{"established_connections":{"connections":[{"local_interface":"eth0","local_port":80,"remote_addr":"192.168.0.1:8000"},{"remote_addr":"[2001:db8::1]:443"}],"total":2}}},
        "custom_metrics":{"temperature":[{"number":23.5}],"names":[{"string_list":["a","b"]}],"peers":[{"ip_list":["10.0.0.1"]}],"ids":[{"number_list":[1,2.5,-3]}]}}
        """;

    public string Name => "report";

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            DefenderReport report = DefenderReport.Parse(System.Text.Encoding.UTF8.GetBytes(Json), DefenderFormat.Json);
            yield return [0, .. System.Text.Encoding.UTF8.GetBytes(Json)];
            foreach (DefenderNames names in Enum.GetValues<DefenderNames>())
            {
                yield return [0, .. Write(report, DefenderFormat.Json, names)];
                yield return [1, .. Write(report, DefenderFormat.Cbor, names)];
            }
        }
    }

    public IEnumerable<byte[]> Words =>
    [
        [0x9F], [0xBF], [0xFF], [0x5F], [0x7F], [0xF9, 0x7E, 0], [0xFB, 0x7F, 0xF0, 0, 0, 0, 0, 0, 0], [0x1B, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
        [0x3B, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], [0x9B, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF], [0xBB, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], [0xC1], [0x63, (byte)'r', (byte)'i', (byte)'d'],
        .. FuzzTargets.Bytes("{", "}", "[", "]", ",", ":", "\"", "null", "1e400", "-1", "65536", "9223372036854775808", "\"cmet\":", "\"hed\":", "\"met\":", "{\"number\":1}", "\"\\ud800\"", "0.0.0.0:0", "[::]:1"),
    ];

    public ulong Run(byte[] input)
    {
        if (input.Length == 0)
        {
            return 0;
        }

        var way = default(Way);
        DefenderFormat format = (input[0] & 1) == 0 ? DefenderFormat.Json : DefenderFormat.Cbor;
        way.Add((ulong)format);
        DefenderReport report;
        try
        {
            report = DefenderReport.Parse(input.AsSpan(1), format);
        }
        catch (FormatException e)
        {
            way.Text(e.Message);
            return way.Hash;
        }

        way.Count(report.TcpConnections?.Items.Count ?? -1);
        way.Count(report.ListeningTcpPorts?.Items.Count ?? -1);
        way.Count(report.CustomMetrics.Count);
        byte[] written;
        try
        {
            written = Write(report, DefenderFormat.Json, DefenderNames.ShortNames);
        }
        catch (InvalidOperationException e)
        {
            // It is a report, and the service would drop it.
            way.Text(e.Message);
            return way.Hash;
        }

        foreach (DefenderFormat other in Enum.GetValues<DefenderFormat>())
        {
            foreach (DefenderNames names in Enum.GetValues<DefenderNames>())
            {
                DefenderReport again = DefenderReport.Parse(Write(report, other, names), other);
                BrokenPromiseException.Unless(
                    Write(again, DefenderFormat.Json, DefenderNames.ShortNames).AsSpan().SequenceEqual(written), $"a report is the same after {other} with {names} names");
            }
        }

        return way.Hash;
    }

    private static byte[] Write(DefenderReport report, DefenderFormat format, DefenderNames names)
    {
        var buffer = new ArrayBufferWriter<byte>();
        report.WriteTo(buffer, format, names);
        return buffer.WrittenSpan.ToArray();
    }
}
