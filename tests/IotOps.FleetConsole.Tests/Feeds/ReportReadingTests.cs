using System.Buffers;
using System.Text;
using System.Text.Json;
using IotOps.Defender;
using IotOps.Samples.FleetConsole.Feeds;
using IotOps.Samples.FleetConsole.Store;

namespace IotOps.FleetConsole.Tests.Feeds;

public sealed class ReportReadingTests
{
    private const string Short = """{"hed":{"rid":7,"v":"1.0"},"met":{"tp":{"pts":[{"pt":4444}],"t":1},"ns":{"bi":1,"bo":88000000,"pi":1,"po":2}}}""";
    private static readonly DateTimeOffset Noon = new(2023, 10, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_report_in_CBOR_is_kept_as_JSON_with_long_names()
    {
        DeviceDocument document = Read(Cbor(DefenderNames.ShortNames), "$aws/things/A/defender/metrics/cbor").ShouldHaveSingleItem();

        (document.Thing, document.Name, document.Time).ShouldBe(("A", DeviceDocument.Report, Noon));
        JsonElement report = JsonElement.Parse(document.Json);
        report.GetProperty("header").GetProperty("report_id").GetInt64().ShouldBe(7);
        report.GetProperty("metrics").GetProperty("network_stats").GetProperty("bytes_out").GetInt64().ShouldBe(88_000_000);
    }

    [Fact]
    public void A_report_in_CBOR_in_a_file_of_messages_is_base64()
    {
        string line = $$"""{"topic":"$aws/things/A/defender/metrics/cbor","timestamp":{{Noon.ToUnixTimeMilliseconds()}},"payload":"{{Convert.ToBase64String(Cbor(DefenderNames.LongNames))}}"}""";

        Read(Encoding.UTF8.GetBytes(line), topic: null).ShouldHaveSingleItem().Json.ShouldContain("88000000");
    }

    [Fact]
    public void A_report_in_JSON_with_short_names_is_kept_with_long_ones() =>
        Read(Encoding.UTF8.GetBytes(Short), "$aws/things/A/defender/metrics/json").ShouldHaveSingleItem().Json.ShouldContain("\"bytes_out\":88000000");

    [Theory]
    [InlineData("{}", "an object of JSON is no CBOR")]
    [InlineData("", "nothing")]
    public void What_is_no_report_is_refused(string payload, string what) =>
        Should.Throw<FormatException>(() => Read(Encoding.UTF8.GetBytes(payload), "$aws/things/A/defender/metrics/cbor"), what);

    [Fact]
    public void A_report_that_is_nested_too_deeply_cut_off_or_too_long_is_refused()
    {
        // A map of one member whose value is 100,000 lists in each other: RFC 8949, section 3.
        byte[] deep = [0xA1, 0x61, (byte)'x', .. Enumerable.Repeat((byte)0x81, 100_000), 0x00];
        byte[] whole = Cbor(DefenderNames.LongNames);
        foreach (byte[] bad in new[] { deep, whole[..^3], [.. whole, .. new byte[DefenderReport.MaxBytes]] })
        {
            Should.Throw<FormatException>(() => Read(bad, "$aws/things/A/defender/metrics/cbor"));
        }
    }

    private static byte[] Cbor(DefenderNames names)
    {
        var bytes = new ArrayBufferWriter<byte>();
        DefenderReport.Parse(Encoding.UTF8.GetBytes(Short), DefenderFormat.Json).WriteTo(bytes, DefenderFormat.Cbor, names);
        return bytes.WrittenSpan.ToArray();
    }

    private static List<DeviceDocument> Read(byte[] message, string? topic)
    {
        var items = new FeedItems();
        new MessageReader(SegmentRules.Default).Read(message, topic, Noon, items);
        return items.Documents;
    }
}
