using System.Buffers;
using IotOps.Archive.Records;

namespace IotOps.Fuzz.Targets;

/// <summary>An object of the archive. Its first byte says in what blocks it arrives.</summary>
internal sealed class RecordsTarget : IFuzzTarget
{
    private const int LongestRecord = 4_096;
    private const string Mine = "{\"thingName\":\"THING00001\",\"timestamp\":1696150800000,\"n\":1}";
    private const string Other = "{\"n\":2,\"sub\":{\"thingName\":\"THING00001\"},\"thingName\":\"THING00002\",\"timestamp\":1696150800}";

    public string Name => "records";

    public IEnumerable<byte[]> Seeds => FuzzTargets.Bytes(
        $"\u0001{Mine}\n{Other}\n{Mine}\n",
        $"\u0003{Mine}{Other}{Mine}",
        $"\u0010[{Mine},{Other},{Mine}]",
        $"\u0007{{\"thingName\":\"THING00001\",{Mine}{Other}",
        $"\u0002plain text\n{Mine}\n{{broken}}\n[1,2]\n{Mine}",
        $"\u0020{{\"a\":[{{\"b\":\"\\u00e9\\\"}}{{\"}}],\"thingName\":\"THING00001\",\"timestamp\":\"2023-10-01T09:00:00.123Z\"}}\n");

    public IEnumerable<byte[]> Words => FuzzTargets.Bytes(
        Mine, Other, "{", "}", "[", "]", "\"", "\\", "\\u0000", "\\ud800", ",", ":", "\n", "\r\n", "\"thingName\":", "\"timestamp\":", "\"THING00001\"", "null", "true", "1e999", "-0",
        "1696150800000", "\"2023-10-01T24:00:00Z\"", "\u00e9", "\ufeff", "}{", "[[[[", "{\"a\":");

    public ulong Run(byte[] input)
    {
        if (input.Length == 0)
        {
            return 0;
        }

        byte[] content = input[1..];
        (byte[] kept, RecordCounts counts) = Scan(content, int.MaxValue);
        (byte[] keptInBlocks, RecordCounts countsInBlocks) = Scan(content, 1 + input[0]);
        if (counts.Unreadable == 0 && countsInBlocks.Unreadable == 0)
        {
            // What is around a fault is a guess, for which it counts how much can be seen at once.
            BrokenPromiseException.Unless(kept.AsSpan().SequenceEqual(keptInBlocks), "records are the same however they arrive");
            BrokenPromiseException.Unless(counts.Written == countsInBlocks.Written, "as many are kept however they arrive");
        }

        CheckKept(kept, counts);
        CheckKept(keptInBlocks, countsInBlocks);
        var way = default(Way);
        way.Count(counts.Written);
        way.Count(counts.Unreadable);
        way.Count(kept.Length);
        way.Count(content.Length);
        return way.Hash;
    }

    private static void CheckKept(byte[] kept, RecordCounts counts)
    {
        (byte[] again, RecordCounts countsAgain) = Scan(kept, int.MaxValue);
        BrokenPromiseException.Unless(
            countsAgain.Unreadable == 0 && countsAgain.Unwanted == 0 && countsAgain.Written == counts.Written && again.AsSpan().SequenceEqual(kept), "what is kept is whole, and of the device");
    }

    private static (byte[] Kept, RecordCounts Counts) Scan(byte[] content, int block)
    {
        var filter = new RecordFilter(JsonPath.Parse("thingName"), "THING00001", JsonPath.Parse("timestamp"), 1_696_118_400_000, 1_696_204_800_000);
        var output = new ArrayBufferWriter<byte>();
        var scanner = new RecordScanner(filter, new WantedRecords(output), LongestRecord);
        int start = 0, end = 0;
        do
        {
            end = (int)Math.Min((long)end + block, content.Length);
            int done = scanner.Scan(content.AsSpan(start..end), isLast: end == content.Length);
            BrokenPromiseException.Unless(done >= 0 && done <= end - start, "no byte is done with before it came");
            start += done;
            BrokenPromiseException.Unless(end - start <= ElementChain.Longest + (long)block, "what waits has a bound");
        }
        while (end < content.Length);

        BrokenPromiseException.Unless(start == content.Length, "every byte is done with in the end");
        return (output.WrittenSpan.ToArray(), scanner.TakeCounts());
    }
}
