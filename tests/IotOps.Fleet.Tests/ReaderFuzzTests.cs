using System.Text;
using System.Text.Json;
using IotOps.Fleet.Tests.Routing;
using IotOps.Fleet.Tests.Trail;

namespace IotOps.Fleet.Tests;

/// <summary>What is cut off, damaged, deep or huge is read or refused with a FormatException, never anything else. CloudTrail's reader has FuzzTests.</summary>
public sealed class ReaderFuzzTests
{
    private static readonly string[] Values =
    [
        "1e999999", new string('9', 400), "-0.0e-0", "\"\\ud800\"", "\"\\u0000\"", "null", "[[[[]]]]", new string('[', 2_000), "{\"a\":", "9223372036854775808", "true", "\"" + new string('x', 5_000) + "\"",
    ];

    private static readonly Dictionary<string, (string[] Seeds, Action<byte[]> Read)> Readers = new(StringComparer.Ordinal)
    {
        ["lifecycle event"] = (Members("fleet/sequences.jsonl", one => one.GetProperty("arrivals").EnumerateArray().Select(arrival => arrival.GetProperty("event").GetRawText())), bytes => LifecycleEvent.Parse(bytes)),
        ["notification"] = (Members("fleet/messages.jsonl", one => [one.GetProperty("input").GetString()!]), bytes => DefenderNotification.ReadAll(bytes)),
        ["log entry"] = (Members("fleet/entries.jsonl", one => [one.GetProperty("log").GetRawText(), "2026-01-01 00:00:00 ERROR text 5"]), bytes =>
        {
            IotLogEntry entry = new IotLogReader().Read(bytes);
            new ErrorTimeline().Add(entry with { IsError = true });
        }
        ),
        ["log envelope"] = (["""{"messageType":"DATA_MESSAGE","logGroup":"g","logStream":"s","logEvents":[{"id":"1","timestamp":1767225600000,"message":"m"}]}"""], bytes => IotLogEnvelope.Parse(bytes)),
        ["log envelope, gzip"] = (["""{"messageType":"DATA_MESSAGE","logGroup":"g","logStream":"s","logEvents":[{"id":"1","timestamp":1767225600000,"message":"m"}]}"""], bytes => IotLogEnvelope.Parse(Damaged(Records.Gzip(bytes), bytes.Length))),
        ["log checkpoint"] = ([Encoding.UTF8.GetString(new IotLogCheckpoint(DateTimeOffset.UnixEpoch.AddYears(50), ["a", "b"]).ToUtf8Json())], bytes => IotLogCheckpoint.Parse(bytes)),
        ["event pattern"] = (Members("fleet/patterns.jsonl", one => one.TryGetProperty("pattern", out JsonElement pattern) ? [pattern.GetRawText()] : []), bytes => EventPattern.Parse(Text(bytes))),
        ["event"] = (Members("fleet/patterns.jsonl", one => one.TryGetProperty("event", out JsonElement json) ? [json.GetRawText()] : []), bytes => Pattern.Match(bytes, [])),
        ["delivery"] = (["""{"Records":[{"Sns":{"MessageId":"1","Message":"{\"eventType\":\"connected\",\"clientId\":\"c\"}"}}]}""", """{"id":"1","detail-type":"x","source":"s","detail":{"a":1}}"""], Route),
        ["fleet query"] = (Members("fleet/queries.jsonl", one => [one.GetProperty("query").GetString()!]), bytes => FleetQuery.Parse(Text(bytes))),
        ["things"] = ([File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Vectors", "fleet", "things.json"))], bytes => Query(FleetThing.ReadAll(Text(bytes)))),
        ["selectors"] = (Members("cloudtrail/selectors.jsonl", one => [one.GetProperty("selectors").ToString()]), bytes => EventSelectors.Parse(Text(bytes)).ToUtf8Json()),
        ["record"] = (Members("cloudtrail/events.jsonl", one => [one.GetProperty("event").GetRawText()]), bytes => CloudTrailRecord.Parse(bytes)),
    };

    private static EventPatternSet Pattern => new([EventPattern.Parse("""{"source":[{"prefix":"a"}],"detail":{"n":[{"numeric":[">",0]}],"ip":[{"cidr":"10.0.0.0/8"}]}}"""), EventPattern.Parse("""{"detail":{"a":{"b":[{"exists":false}]}}}""")]);

    public static TheoryData<string> Names => [.. Readers.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Whatever_comes_is_read_or_refused_in_words(string name)
    {
        (string[] seeds, Action<byte[]> read) = Readers[name];
        var random = new Random(20260101);
        for (int i = 0; i < 400; i++)
        {
            byte[] bytes = Spoilt(seeds[random.Next(seeds.Length)], random);
            try
            {
                read(bytes);
            }
            catch (FormatException e)
            {
                e.Message.ShouldNotBeNullOrWhiteSpace();
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"{name} number {i} ends in {e.GetType().Name}: {Encoding.Latin1.GetString(bytes)}", e);
            }
        }
    }

    private static byte[] Spoilt(string seed, Random random)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(seed);
        switch (random.Next(4))
        {
            case 0:
                return bytes[..random.Next(bytes.Length + 1)];
            case 1:
                int colon = Array.IndexOf(bytes, (byte)':', random.Next(bytes.Length)) + 1;
                return [.. bytes[..colon], .. Encoding.UTF8.GetBytes(Values[random.Next(Values.Length)]), .. bytes[Math.Min(bytes.Length, colon + random.Next(6))..]];
            default:
                return JsonMaker.Damage(bytes.Length < 2 ? "{}"u8.ToArray() : bytes, random);
        }
    }

    private static byte[] Damaged(byte[] gzip, int seed) => JsonMaker.Damage(gzip, new Random(seed));

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);

    private static string[] Members(string vectors, Func<JsonElement, IEnumerable<string>> of) => [.. Vectors.Read(vectors).SelectMany(of)];

    private static void Query(IReadOnlyList<FleetThing> things)
    {
        foreach (FleetThing thing in things)
        {
            FleetQuery.Parse("shadow.reported.battery>50 OR north OR attributes.firmware:2*").Explain(thing);
        }
    }

    private static void Route(byte[] bytes)
    {
        var router = new EventRouter(new EventRouterOptions { Routes = [new EventRoute("r", EventPattern.Parse("""{"clientId":["c"]}"""), new RecordingHandler())] });
        router.RouteAsync(bytes).GetAwaiter().GetResult();
    }
}
