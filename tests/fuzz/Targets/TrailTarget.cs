extern alias Fleet;

using System.IO.Compression;
using System.Text.Json;
using Fleet::IotOps.Fleet;

namespace IotOps.Fuzz.Targets;

/// <summary>A log file of a trail, plain or packed. Its first byte says in what pieces it arrives.</summary>
internal sealed class TrailTarget : IFuzzTarget
{
    private const string Record =
        """{"eventVersion":"1.08","userIdentity":{"type":"AssumedRole","principalId":"P:s","arn":"arn:aws:sts::123456789012:assumed-role/R/s","accountId":"123456789012","sessionContext":{"attributes":{"mfaAuthenticated":"false","creationDate":"2026-01-02T03:04:05Z"}}},"eventTime":"2026-01-02T03:04:05Z","eventSource":"iot.amazonaws.com","eventName":"UpdateThing","awsRegion":"eu-west-1","sourceIPAddress":"192.0.2.1","requestParameters":{"thingName":"T\u00e9\"x","n":[1,2.5e3,null]},"responseElements":null,"eventID":"11111111-2222-3333-4444-555555555555","eventType":"AwsApiCall"}""";

    public string Name => "trail";

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            foreach (string text in (string[])
                [
                    $$"""{"Records":[{{Record}}]}""",
                    $$"""{"Records":[{{Record}},{{Record.Replace("1111", "9999", StringComparison.Ordinal)}}]}""",
                    $$"""{"Records":[]}""",
                    Record,
                    $$"""{"Records":[{"eventVersion":"1.09","addendum":{"reason":"UPDATED_DATA","updatedFields":"responseElements","originalEventID":"11111111-2222-3333-4444-555555555555"},"eventID":"1","eventName":"x"}]}""",
                ])
            {
                byte[] plain = System.Text.Encoding.UTF8.GetBytes(text);
                yield return [16, .. plain];
                using var packed = new MemoryStream();
                using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
                {
                    gzip.Write(plain);
                }

                yield return [7, .. packed.ToArray()];
            }
        }
    }

    public IEnumerable<byte[]> Words => FuzzTargets.Bytes(
        Record, "{\"Records\":[", "]}", "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u0000", "\\ud83d", "null", "1e999", "\"eventID\":", "\"eventTime\":\"2026-01-02T03:04:05Z\"", "\"userIdentity\":{", "\"addendum\":{", "\n", "\ufeff", "{\"a\":");

    public ulong Run(byte[] input)
    {
        if (input.Length == 0)
        {
            return 0;
        }

        (List<string> whole, string[] problems) = Read(new MemoryStream(input[1..]));
        (List<string> pieces, string[] problemsInPieces) = Read(new PieceStream(input[1..], 1 + input[0]));
        bool isDamaged = problems.Concat(problemsInPieces).Any(static problem => problem.StartsWith(nameof(CloudTrailProblemKind.GzipDamaged), StringComparison.Ordinal));

        // Records of a file whose gzip turns out to be damaged come out or not: it depends on when that is seen.
        BrokenPromiseException.Unless(isDamaged || whole.SequenceEqual(pieces, StringComparer.Ordinal), $"records are the same however they arrive: {string.Join(" + ", whole)}, in pieces {string.Join(" + ", pieces)}");

        // What is both too long and no JSON may be told as either.
        BrokenPromiseException.Unless(
            isDamaged || problems.Length == problemsInPieces.Length, $"problems are as many however records arrive: {string.Join(" + ", problems)}, in pieces {string.Join(" + ", problemsInPieces)}");
        var way = default(Way);
        way.Count(whole.Count);
        way.Text(string.Concat(problems));
        way.Count(input.Length);
        foreach (string record in whole.Take(4))
        {
            way.Count(record.Length);
        }

        return way.Hash;
    }

    private static (List<string> Records, string[] Problems) Read(Stream stream)
    {
        using var reader = new CloudTrailReader(new CloudTrailReaderOptions { MaxRecordBytes = 4_096, RememberedEvents = 100, WaitingAddenda = 10 });
        var records = new List<string>();
        IAsyncEnumerator<CloudTrailRecord> each = reader.ReadStreamAsync(stream, "input").GetAsyncEnumerator();
        while (Next(each))
        {
            ReadOnlyMemory<byte> json = each.Current.Json;
            try
            {
                using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 128 });
                BrokenPromiseException.Unless(document.RootElement.ValueKind == JsonValueKind.Object, "a record is an object");
            }
            catch (JsonException e)
            {
                throw new BrokenPromiseException($"a record is JSON: {e.Message}");
            }

            Touch(each.Current);
            records.Add(System.Text.Encoding.UTF8.GetString(json.Span));
        }

        return (records, [.. reader.Problems.Select(static problem => $"{problem.Kind} {problem.Offset} {problem.Message}")]);
    }

    private static void Touch(CloudTrailRecord record)
    {
        _ = record.Identity?.Actor;
        _ = (record.EventName, record.EventSource, record.EventTime, record.AwsRegion, record.Addendum, record.Resources, record.Insight);
    }

    private static bool Next(IAsyncEnumerator<CloudTrailRecord> records)
    {
        ValueTask<bool> next = records.MoveNextAsync();
        return next.IsCompleted ? next.GetAwaiter().GetResult() : throw new BrokenPromiseException("a stream in memory does not wait");
    }
}
