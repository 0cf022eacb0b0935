using System.Buffers;
using System.Text;
using IotOps.Archive.Records;

namespace IotOps.Archive.Tests.Records;

/// <summary>Runs a scanner over content that comes in blocks.</summary>
internal static class Scan
{
    public static RecordFilter Filter(string? identifierPath = "thingName", string? timePath = null, string identifier = "THING00001", long fromMs = 1_696_118_400_000, long toMs = 1_696_204_800_000) => new(
        identifierPath is null ? null : JsonPath.Parse(identifierPath),
        identifier,
        timePath is null ? null : JsonPath.Parse(timePath),
        fromMs,
        toMs);

    public static string Text(RecordFilter? filter, string content, int block = int.MaxValue) => Run(filter, content, block).Kept;

    public static (string Kept, RecordCounts Counts) Run(RecordFilter? filter, string content, int block = int.MaxValue, int longest = RecordScanner.LongestRecord)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(content);
        var output = new ArrayBufferWriter<byte>();
        var scanner = new RecordScanner(filter, filter is null ? new SplitRecords(output) : new WantedRecords(output), longest);
        int start = 0, end = 0;
        do
        {
            end = (int)Math.Min((long)end + block, bytes.Length);
            start += scanner.Scan(bytes.AsSpan(start..end), isLast: end == bytes.Length);
        }
        while (end < bytes.Length);

        start.ShouldBe(bytes.Length, "every byte is done with in the end");
        return (Encoding.UTF8.GetString(output.WrittenSpan), scanner.TakeCounts());
    }
}
