using System.Buffers;

namespace IotOps.Defender.Tests.Wire;

public sealed class AllocationTests
{
    [Theory]
    [InlineData(DefenderFormat.Json, DefenderNames.LongNames, 10)]
    [InlineData(DefenderFormat.Json, DefenderNames.LongNames, 3000)]
    [InlineData(DefenderFormat.Cbor, DefenderNames.ShortNames, 10)]
    [InlineData(DefenderFormat.Cbor, DefenderNames.LongNames, 3000)]
    public void Building_and_encoding_allocates_nothing_once_it_is_warm(DefenderFormat format, DefenderNames names, int connections)
    {
        var builder = new DefenderReportBuilder();
        var target = new ArrayBufferWriter<byte>(256 * 1024);
        var list = CustomMetricValue.StringList(["a", "b"]);
        var number = CustomMetricValue.Number(12.5);
        InternetAddress peer = InternetAddress.Parse("2001:db8::1");

        void Round(long id)
        {
            target.ResetWrittenCount();
            builder.Clear();
            builder.NetworkStats = new NetworkStats(1, 2, 3, 4);
            for (int i = 0; i < connections; i++)
            {
                builder.TcpConnections.Add(new EstablishedConnection(peer, 1 + i, 22, "eth0"));
                builder.ListeningTcpPorts.Add(new ListeningPort(1 + i, "eth0"));
            }

            builder.SetCustomMetric("list", list);
            builder.SetCustomMetric("number", number);
            builder.WriteTo(target, id, format, names);
        }

        Allocations.Least(enough: 0, () => Round(1)).ShouldBe(0);
        target.WrittenCount.ShouldBeGreaterThan(100);
    }

    [Fact]
    public void A_finished_report_is_encoded_without_allocating_too()
    {
        var builder = new DefenderReportBuilder();
        builder.TcpConnections.Add(new EstablishedConnection(InternetAddress.Parse("192.0.2.1"), 1));
        builder.SetCustomMetric("n", CustomMetricValue.Number(1));
        DefenderReport report = builder.Build(1);
        var target = new ArrayBufferWriter<byte>(4096);
        Allocations.Least(enough: 0, () =>
        {
            target.ResetWrittenCount();
            report.WriteTo(target, DefenderFormat.Json, DefenderNames.LongNames);
        }).ShouldBe(0);
    }
}
