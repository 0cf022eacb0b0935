using System.Globalization;
using System.Text;
using IotOps.Detect;

namespace IotOps.Soak.Detect;

/// <summary>A fleet whose reports break two rules now and then, and the alarms that they must lead to.</summary>
internal sealed class SoakFleet(int things, int reports, Random random)
{
    private const long FirstReport = 1_750_000_000;
    private const string Profile = """
        {"securityProfileName":"soak","behaviors":[
        {"name":"few-ports","metric":"aws:num-listening-tcp-ports","criteria":{"comparisonOperator":"less-than","value":{"count":5},"consecutiveDatapointsToAlarm":1,"consecutiveDatapointsToClear":1}},
        {"name":"quiet","metric":"aws:all-bytes-out","criteria":{"comparisonOperator":"less-than","value":{"count":1000},"durationSeconds":300,"consecutiveDatapointsToAlarm":2,"consecutiveDatapointsToClear":1}}]}
        """;

    private readonly List<(int Thing, long Id, byte[] Report)> _reports =
    [
        .. Enumerable.Range(0, reports).SelectMany(i => Enumerable.Range(0, things).Select(thing => (thing, FirstReport + (300 * i), Report(FirstReport + (300 * i), random)))),
    ];

    public static DetectEngine Engine(TimeSpan patience) => new(new DetectEngineOptions
    {
        Profiles = [DetectProfile.Parse(Encoding.UTF8.GetBytes(Profile))],
        Patience = patience,
    });

    /// <summary>The messages as a standard queue delivers them: some twice, and in no order within a few reports of each thing.</summary>
    public List<byte[]> Messages()
    {
        List<byte[]> messages = [];
        foreach ((int Thing, long Id, byte[] Report)[] round in _reports.Chunk(things * 3))
        {
            (int Thing, long Id, byte[] Report)[] shuffled = [.. round, .. round.Where(_ => random.Next(20) == 0)];
            random.Shuffle(shuffled);
            messages.AddRange(shuffled.Select(one => Message(one.Thing, one.Id, one.Report)));
        }

        return messages;
    }

    /// <summary>The ids of the alarms' events when every report comes once, in order.</summary>
    public HashSet<string> Expected(TimeSpan patience)
    {
        DetectEngine engine = Engine(patience);
        HashSet<string> expected = new(StringComparer.Ordinal);
        for (int thing = 0; thing < things; thing++)
        {
            DetectRecord? record = null;
            DateTimeOffset now = DateTimeOffset.FromUnixTimeSeconds(FirstReport);
            foreach ((int Thing, long Id, byte[] Report) one in _reports.Where(one => one.Thing == thing))
            {
                now = DateTimeOffset.FromUnixTimeSeconds(one.Id);
                DetectMessage message = DetectMessage.Parse(Message(thing, one.Id, one.Report));
                record = Step(engine, record, message.Thing, [message.Event], now, expected);

                // As long after it as it may have to wait for one before it.
                record = Step(engine, record, message.Thing, [], now + patience + patience, expected);
            }
        }

        return expected;
    }

    private static DetectRecord Step(
        DetectEngine engine, DetectRecord? record, string thing, IReadOnlyList<DetectEvent> events, DateTimeOffset now, HashSet<string> expected)
    {
        DetectVerdict verdict = engine.Evaluate(record, thing, events, now);
        expected.UnionWith(verdict.Alarms.Select(alarm => alarm.Id));
        return new DetectRecord(thing, (record?.Version ?? 0) + 1, verdict.State);
    }

    private static byte[] Message(int thing, long id, byte[] report) => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"report":"{{Convert.ToBase64String(report)}}","thing":"pump-{{thing}}","time":{{id * 1000}}}"""));

    private static byte[] Report(long id, Random random) => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $$$"""{"header":{"report_id":{{{id}}},"version":"1.0"},"metrics":{"listening_tcp_ports":{"ports":[],"total":{{{random.Next(6)}}} },"network_stats":{"bytes_in":1,"bytes_out":{{{random.Next(1_500)}}},"packets_in":1,"packets_out":1} } }"""));
}
