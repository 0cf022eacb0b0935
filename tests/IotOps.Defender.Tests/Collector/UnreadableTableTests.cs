using System.Text;
using IotOps.TestKit;

namespace IotOps.Defender.Tests.Collector;

/// <summary>An empty list tells the service that there is nothing: what cannot be read must be absent.</summary>
public sealed class UnreadableTableTests : IDisposable
{
    private const string Line = "   0: 0100007F:8789 0100007F:A210 01 00000000:00000000 03:00001164 00000000     0        0 0 3 0000000027b6b535";

    private readonly FakeProc _proc = new();
    private readonly CollectorLog _log = new();
    private readonly MetricsCollector _collector;

    public UnreadableTableTests() => _collector = new MetricsCollector(_proc.Options with { LoggerFactory = _log });

    // Each column that is read, wrong in some way.
    public static TheoryData<string> MalformedLines => [
        "",
        "\r",
        "      ",
        Line.Replace("   0:", "    :", StringComparison.Ordinal),
        Line.Replace("   0:", "   x:", StringComparison.Ordinal),
        Line.Replace("0: ", "0 ", StringComparison.Ordinal),
        Line.Replace("0: ", "0:", StringComparison.Ordinal),
        Line.Replace("0100007F:8789", "0100007G:8789", StringComparison.Ordinal),
        Line.Replace("0100007F:8789", "0100007:8789", StringComparison.Ordinal),
        Line.Replace("0100007F:8789", "0100007F0:8789", StringComparison.Ordinal),
        Line.Replace("0100007F:8789", "0100007F 8789", StringComparison.Ordinal),
        Line.Replace("0100007F:8789", "0100007F:878", StringComparison.Ordinal),
        Line.Replace("0100007F:8789", "0100007F:87890", StringComparison.Ordinal),
        Line.Replace("0100007F:8789", "0100007F:-789", StringComparison.Ordinal),
        Line.Replace("0100007F:A210", "0100007F:A21", StringComparison.Ordinal),
        Line.Replace("0100007F:A210", "010000/F:A210", StringComparison.Ordinal),
        Line.Replace("0100007F:A210", "0100007F;A210", StringComparison.Ordinal),
        Line.Replace("A210 01 ", "A210 0 ", StringComparison.Ordinal),
        Line.Replace("A210 01 ", "A210 0x ", StringComparison.Ordinal),
        Line.Replace("A210 01 ", "A210 011 ", StringComparison.Ordinal),
        Line.Replace("A210 01 ", "A210  01 ", StringComparison.Ordinal),
        Line[..25],
        Line[..36],
        "\0\0\0\0\0\0\0\0",
        "Übel",
    ];

    public void Dispose() => _proc.Dispose();

    [Theory]
    [MemberData(nameof(MalformedLines))]
    public void A_malformed_line_leaves_both_tcp_lists_out_and_nothing_else(string line)
    {
        _proc.Write("tcp", FakeProc.Table(FakeProc.SocketHeader, [FakeSocket.Listener("0.0.0.0:22").Line(0), line, Line]));
        _proc.Sockets("udp", FakeSocket.Listener("0.0.0.0:68", FakeSocket.Unconnected));

        DefenderReport report = _collector.Collect();

        report.TcpConnections.ShouldBeNull();
        report.ListeningTcpPorts.ShouldBeNull();
        report.ListeningUdpPorts.Text().ShouldBe(["68 0.0.0.0"]);
        _log.Lines.ShouldHaveSingleItem().ShouldContain("at line 3");
    }

    [Fact]
    public void The_same_line_whole_is_read()
    {
        _proc.Write("tcp", FakeProc.Table(FakeProc.SocketHeader, [Line, Line + "\r"]));
        _collector.Collect().TcpConnections.Text().ShouldBe(["127.0.0.1|41488 34697 lo"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("root:x:0:0:root:/root:/bin/bash\n")]
    [InlineData("  sl  local_address rem_address   st")]
    public void A_file_that_does_not_begin_as_a_table_is_none(string content)
    {
        foreach (string file in (string[])["tcp", "tcp6"])
        {
            using var proc = new FakeProc();
            proc.Write(file, content);
            new MetricsCollector(proc.Options).Collect().TcpConnections.ShouldBeNull();
        }
    }

    [Theory]
    [InlineData("tcp")]
    [InlineData("tcp6")]
    public void A_table_that_ends_anywhere_but_after_a_line_is_left_out(string file)
    {
        FakeSocket[] sockets = [file == "tcp" ? FakeSocket.Listener("0.0.0.0:22") : FakeSocket.Listener("[::]:22")];
        string table = FakeProc.SocketTable(sockets, file == "tcp6");
        for (int length = 0; length < table.Length; length++)
        {
            _proc.Write(file, table[..length]);
            bool isWhole = length > 0 && table[length - 1] == '\n';
            (_collector.Collect().ListeningTcpPorts is not null).ShouldBe(isWhole, $"{length} bytes");
        }
    }

    [Fact]
    public void A_line_without_an_end_is_given_up()
    {
        _proc.Write("udp", FakeProc.SocketHeader + "\n" + new string(' ', 1 << 20));
        _collector.Collect().ListeningUdpPorts.ShouldBeNull();
    }

    [Fact]
    public void A_process_that_is_gone_has_no_lists_not_empty_ones()
    {
        Directory.Delete(Path.Combine(_proc.Root, "self", "net"), recursive: true);

        DefenderReport report = _collector.Collect();

        report.TcpConnections.ShouldBeNull();
        report.ListeningTcpPorts.ShouldBeNull();
        report.ListeningUdpPorts.ShouldBeNull();
        report.NetworkStats.ShouldBeNull();
    }

    [Theory]
    [InlineData("tcp", "tcp")]
    [InlineData("tcp6", "tcp")]
    [InlineData("udp", "udp")]
    [InlineData("udp6", "udp")]
    [InlineData("dev", "dev")]
    public void A_file_that_opens_and_does_not_read_leaves_its_block_out(string file, string block)
    {
        var disk = new FaultyFileSystem { Affects = path => path.EndsWith("/" + file, StringComparison.Ordinal) };
        var collector = new MetricsCollector(_proc.Options with { FileSystem = disk });
        collector.Accept(collector.Collect(new DefenderReportBuilder()));
        disk.FailReads = true;

        DefenderReport report = collector.Collect();

        (report.TcpConnections is null).ShouldBe(block == "tcp");
        (report.ListeningTcpPorts is null).ShouldBe(block == "tcp");
        (report.ListeningUdpPorts is null).ShouldBe(block == "udp");
        (report.NetworkStats is null).ShouldBe(block == "dev");
    }

    [Fact]
    public void A_directory_in_place_of_a_file_is_left_out()
    {
        _proc.Remove("tcp6");
        Directory.CreateDirectory(_proc["tcp6"]);
        _collector.Collect().TcpConnections.ShouldBeNull();
    }

    [Fact]
    public void What_cannot_be_read_is_told_once_and_its_recovery_too()
    {
        string table = File.ReadAllText(_proc["udp"]);
        _proc.Remove("udp");
        _collector.Collect();
        _collector.Collect();
        _log.Lines.ShouldHaveSingleItem().ShouldStartWith("The list of UDP sockets cannot be read");

        _proc.Write("udp", table);
        _collector.Collect().ListeningUdpPorts.Text().ShouldBeEmpty();
        _collector.Collect();
        _log.Lines.Count.ShouldBe(2);
        _log.Lines[1].ShouldBe("The list of UDP sockets can be read again");
    }

    [Theory]
    [InlineData("eth0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16")]
    [InlineData("eth0: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15")]
    [InlineData("eth0: 1 2 3 4 5 6 7 8 9 x 11 12 13 14 15 16")]
    [InlineData("eth0: -1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16")]
    [InlineData("eth0: +1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16")]
    [InlineData("eth0: 1,2 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16")]
    [InlineData("eth0: 18446744073709551616 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16")]
    [InlineData(": 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16")]
    [InlineData("")]
    public void A_malformed_line_of_interfaces_leaves_the_traffic_out(string line)
    {
        _collector.Accept(_collector.Collect(new DefenderReportBuilder()));
        string table = File.ReadAllText(_proc["dev"]);
        _proc.Write("dev", table + line + "\n");

        DefenderReport report = _collector.Collect();

        report.NetworkStats.ShouldBeNull();
        report.TcpConnections.ShouldNotBeNull();
        _proc.Write("dev", table);
        _collector.Collect().NetworkStats.ShouldBe(new NetworkStats(0, 0, 0, 0));
    }

    [Fact]
    public void Random_bytes_in_any_file_never_throw()
    {
        var random = new Random(4);
        string[] files = ["tcp", "tcp6", "udp", "udp6", "dev", "if_inet6", "fib_trie", "route"];
        Dictionary<string, byte[]> whole = files.ToDictionary(static file => file, file => File.ReadAllBytes(_proc[file]), StringComparer.Ordinal);
        _proc.Sockets("tcp", FakeSocket.Listener("0.0.0.0:22"), FakeSocket.Connection("10.0.2.15:22", "198.51.100.7:40000"));
        for (int round = 0; round < 2000; round++)
        {
            string file = files[round % files.Length];
            byte[] bytes = round % 3 == 0 ? new byte[random.Next(300)] : (byte[])whole[file].Clone();
            if (round % 3 == 0)
            {
                random.NextBytes(bytes);
            }
            else
            {
                bytes[random.Next(bytes.Length)] = (byte)(round % 2 == 0 ? random.Next(256) : Encoding.ASCII.GetBytes(" \t\n:0aF|/x")[random.Next(10)]);
            }

            File.WriteAllBytes(_proc[file], bytes);
            Should.NotThrow(() => _collector.Collect(), $"round {round}");
            File.WriteAllBytes(_proc[file], whole[file]);
        }
    }
}
