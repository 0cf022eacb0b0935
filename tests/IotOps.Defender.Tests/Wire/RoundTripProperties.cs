namespace IotOps.Defender.Tests.Wire;

public sealed class RoundTripProperties
{
    [Fact]
    public void What_is_written_is_read_as_it_was_in_each_format_and_naming() => RandomReports.Check(static report =>
    {
        foreach ((DefenderFormat format, DefenderNames names) in Encoded.Ways)
        {
            DefenderReport read = DefenderReport.Parse(report.Encode(format, names), format);
            ShouldBeSame(read, report);
        }
    });

    [Fact]
    public void A_report_cut_anywhere_is_an_error_and_nothing_else() => RandomReports.Check(
        static report =>
        {
            foreach ((DefenderFormat format, DefenderNames names) in Encoded.Ways)
            {
                byte[] whole = report.Encode(format, names);
                for (int length = 0; length < whole.Length; length += 1 + (whole.Length / 97))
                {
                    Should.Throw<FormatException>(() => DefenderReport.Parse(whole.AsSpan(0, length), format));
                }
            }
        },
        runs: 60);

    [Fact]
    public void Damaged_bytes_give_a_report_or_an_error_and_nothing_else()
    {
        var random = new System.Random(20_231_001);
        RandomReports.Check(
            report =>
            {
                foreach ((DefenderFormat format, DefenderNames names) in Encoded.Ways)
                {
                    byte[] bytes = report.Encode(format, names);
                    for (int i = 0; i < 20; i++)
                    {
                        byte[] damaged = [.. bytes];
                        damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
                        damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
                        try
                        {
                            DefenderReport.Parse(damaged, format);
                        }
                        catch (FormatException)
                        {
                            // What it should be.
                        }
                    }
                }
            },
            runs: 200);
    }

    private static void ShouldBeSame(DefenderReport read, DefenderReport report)
    {
        read.ReportId.ShouldBe(report.ReportId);
        read.Version.ShouldBe(report.Version);
        read.NetworkStats.ShouldBe(report.NetworkStats);
        read.HasEmptyMetrics.ShouldBe(report.HasEmptyMetrics);
        ShouldBeSame(read.TcpConnections, report.TcpConnections);
        ShouldBeSame(read.ListeningTcpPorts, report.ListeningTcpPorts);
        ShouldBeSame(read.ListeningUdpPorts, report.ListeningUdpPorts);
        read.CustomMetrics.Keys.ShouldBe(report.CustomMetrics.Keys);
        foreach ((string name, CustomMetricValue value) in report.CustomMetrics)
        {
            CustomMetricValue other = read.CustomMetrics[name];
            other.Type.ShouldBe(value.Type);
            other.Numbers.ShouldBe(value.Numbers);
            other.Strings.ShouldBe(value.Strings);
            other.Addresses.ShouldBe(value.Addresses);
        }
    }

    private static void ShouldBeSame<T>(SampledList<T>? read, SampledList<T>? list)
        where T : struct
    {
        (read?.Total).ShouldBe(list?.Total);
        (read?.Items ?? []).ShouldBe(list?.Items ?? []);
    }
}
