using System.Buffers;
using System.Globalization;
using System.Text;
using IotOps.Defender;
using IotOps.Detect.Evaluating;

namespace IotOps.Detect.Tests.Oracle;

/// <summary>A random profile, and some hours of random reports and events: the same for the same seed.</summary>
internal sealed class RandomCase
{
    private static readonly string[] Statistics = ["p0", "p0.01", "p0.1", "p1", "p10", "p50", "p90", "p99", "p99.9", "p99.99", "p100"];
    private static readonly string[] Ordered = ["less-than", "less-than-equals", "greater-than", "greater-than-equals"];
    private static readonly int[] Durations = [300, 600, 900, 1800, 3600];
    private static readonly string[] Cidrs = ["10.0.0.0/8", "198.51.100.0/24", "192.0.2.7", "2001:db8::/32", "0.0.0.0/0"];
    private static readonly string[] Addresses = ["10.1.2.3", "198.51.100.7", "192.0.2.7", "203.0.113.5", "2001:db8::17", "2001:db9::1"];
    private static readonly string[] Traffic = ["aws:all-bytes-in", "aws:all-bytes-out", "aws:all-packets-in", "aws:all-packets-out"];
    private static readonly string[] Counts = ["aws:num-established-tcp-connections", "aws:num-listening-tcp-ports", "aws:num-listening-udp-ports"];
    private static readonly string[] Counted = ["aws:num-messages-sent", "aws:num-messages-received", "aws:num-authorization-failures", "aws:num-connection-attempts", "aws:num-disconnects"];

    private readonly Random _random;
    private readonly Dictionary<string, double[]> _fleet = new(StringComparer.Ordinal);
    private readonly Dictionary<string, double[]> _ranked = new(StringComparer.Ordinal);
    private readonly List<(DateTimeOffset At, byte[] Body)> _messages = [];
    private readonly DateTimeOffset _begin;
    private readonly bool _hasLogs;
    private readonly double _load;
    private readonly List<(DateTimeOffset From, DateTimeOffset To)> _held = [];
    private DateTimeOffset _lastReport;
    private long _version = 1;

    private RandomCase(int seed)
    {
        _random = new Random(seed);
        _begin = new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(_random.Next(86_400));
        _hasLogs = _random.Next(2) == 0;
        _load = _random.NextDouble();
    }

    public static DetectCase Of(int seed) => new RandomCase(seed).Make();

    private DetectCase Make()
    {
        int behaviors = _random.Next(1, 6);
        List<string> profile = [.. Enumerable.Range(0, behaviors).Select(i => Behavior($"B{i.ToString(CultureInfo.InvariantCulture)}"))];
        DateTimeOffset end = _begin.AddMinutes(_random.Next(30, 300));
        Reports(end);
        Events(end);
        if (_messages.Count == 0)
        {
            Report(_begin, _begin.ToUnixTimeSeconds());
        }

        List<(DateTimeOffset, string)> profiles = [(_messages.Min(message => message.At), Profile(profile))];
        if (_random.Next(4) == 0 && Quiet(end) is { } change)
        {
            // The profile is changed, or loses behaviors: what is measured stays the same.
            profiles.Add((change, Profile(profile.Where(_ => _random.Next(3) > 0).Select(Changed))));
        }

        return new DetectCase
        {
            Thing = "THING00001",
            Begin = _messages.Min(message => message.At),
            End = end.AddMinutes(70),
            Profiles = profiles,
            Messages = [.. _messages.OrderBy(message => message.At)],
            HasLogs = _hasLogs,
            Fleet = _fleet,
        };
    }

    private static string Profile(IEnumerable<string> behaviors) => $$"""{"securityProfileName":"Guard","behaviors":[{{string.Join(",", behaviors)}}]}""";

    private string Changed(string behavior) => _random.Next(3) == 0 ? behavior.Replace("\"consecutiveDatapointsToAlarm\":1", "\"consecutiveDatapointsToAlarm\":2", StringComparison.Ordinal) : behavior;

    // Between two reports, when nothing waits and nothing is about to be over.
    private DateTimeOffset? Quiet(DateTimeOffset end)
    {
        DateTimeOffset at = _lastReport.AddSeconds(-150 - (_random.Next(20) * 300));
        bool isQuiet = at > _begin.AddMinutes(10) && at < end && _messages.TrueForAll(message => Math.Abs((message.At - at).TotalSeconds) > 65)
            && _held.TrueForAll(one => at < one.From || at > one.To);
        return isQuiet ? at.AddMilliseconds(7) : null;
    }

    private string Behavior(string name)
    {
        (string metric, string criteria) = _random.Next(13) switch
        {
            0 or 1 => Number(name, One(Traffic), 4000),
            2 => Number(name, One(Counts), 5),
            3 or 4 => Number(name, "load", 100, "number"),
            5 => ("aws:listening-tcp-ports", Set("port", "ports", ["22", "443", "8883", "4444"])),
            6 => ("aws:listening-udp-ports", Set("port", "ports", ["53", "123", "5353"])),
            7 => ("aws:destination-ip-addresses", Set("cidr", "cidrs", [.. Cidrs.Select(Quoted)])),
            8 => ("peers", Set("cidr", "cidrs", [.. Cidrs.Select(Quoted)])),
            9 => _random.Next(2) == 0 ? ("modes", Set("", "strings", ["\"idle\"", "\"busy\"", "\"a/b\""])) : ("sizes", Set("", "numbers", ["1", "2.5", "-3"])),
            10 => Number(name, One(Counted), 4),
            11 => Number(name, "aws:message-byte-size", 200),
            _ => _random.Next(2) == 0
                ? ("aws:source-ip-address", Set("cidr", "cidrs", [.. Cidrs.Select(Quoted)]))
                : ("aws:disconnect-duration", $"\"comparisonOperator\":\"{Ordered[_random.Next(2)]}\",\"value\":{{\"count\":{_random.Next(1, 40)}}}"),
        };
        string more = _random.Next(8) == 0 ? ",\"suppressAlerts\":true" : "";
        return $$"""{"name":"{{name}}","metric":"{{metric}}","criteria":{{{criteria}},"consecutiveDatapointsToAlarm":{{Few()}},"consecutiveDatapointsToClear":{{Few()}}}{{more}}}""";
    }

    private (string Metric, string Criteria) Number(string name, string metric, double around, string kind = "count")
    {
        int seconds = _random.Next(2) == 0 ? One(Durations) : 0;
        string duration = seconds > 0 ? $",\"durationSeconds\":{seconds.ToString(CultureInfo.InvariantCulture)}" : "";
        if (_random.Next(4) > 0)
        {
            return (metric, $"\"comparisonOperator\":\"{One(Ordered)}\",\"value\":{{\"{kind}\":{_random.Next((int)around).ToString(CultureInfo.InvariantCulture)}}}{duration}");
        }

        // Behaviors about the same metric and window rank the same datapoints; the cloud's windows are of five minutes at least.
        string ranked = $"{metric} {(CloudMetrics.Of(metric) == CloudMetric.None ? seconds : Math.Max(300, seconds)).ToString(CultureInfo.InvariantCulture)}";
        if (!_ranked.TryGetValue(ranked, out double[]? values))
        {
            values = [.. Enumerable.Range(0, _random.Next(80, 400)).Select(_ => Math.Round(_random.NextDouble() * around * 1.3, _random.Next(3)))];
            _ranked.Add(ranked, values);
        }

        _fleet[name] = values;
        return (metric, $"\"comparisonOperator\":\"{One(Ordered)}\",\"statisticalThreshold\":{{\"statistic\":\"{One(Statistics)}\"}}{duration}");
    }

    private string Set(string kind, string member, string[] items)
    {
        string[] chosen = [.. items.Where(_ => _random.Next(2) == 0)];
        string middle = kind.Length == 0 ? "" : kind + "-";
        return $"\"comparisonOperator\":\"{(_random.Next(2) == 0 ? "not-" : "")}in-{middle}set\",\"value\":{{\"{member}\":[{string.Join(",", chosen)}]}}";
    }

    private void Reports(DateTimeOffset end)
    {
        DateTimeOffset? together = null;
        int sinceLost = 0;
        for (DateTimeOffset at = _begin; at < end; at = at.AddSeconds(_random.Next(300, 331)))
        {
            // Lost reports are seldom, and none of the first is: what is usual has to be known before a gap can be one.
            if (++sinceLost < 4 || _random.Next(9) > 0)
            {
                // Now and then one comes only when the next one does, before or behind it.
                together = together is null && _random.Next(6) == 0 ? at.AddSeconds(331) : null;
                _held.Add((at, (together ?? at).AddSeconds(90)));
                Report(at, at.ToUnixTimeSeconds(), together);
            }
            else
            {
                sinceLost = 0;
            }
        }
    }

    private void Report(DateTimeOffset at, long id, DateTimeOffset? comes = null)
    {
        var builder = new DefenderReportBuilder();
        if (_random.Next(6) > 0)
        {
            builder.NetworkStats = new NetworkStats(Some(4000), Some(4000), Some(4000), Some(4000));
        }

        if (_random.Next(6) > 0)
        {
            builder.TcpConnections.Present();
            for (int i = _random.Next(6); i > 0; i--)
            {
                builder.TcpConnections.Add(new EstablishedConnection(InternetAddress.Parse(One(Addresses)), 443, 50_000 + i, "eth0"));
            }
        }

        if (_random.Next(6) > 0)
        {
            Ports(builder.ListeningTcpPorts, [22, 443, 8883, 4444]);
            Ports(builder.ListeningUdpPorts, [53, 123, 5353]);
        }

        builder.SetCustomMetric("load", CustomMetricValue.Number(Math.Round(_random.NextDouble() * 100 * (0.5 + _load), 1)));
        builder.SetCustomMetric("peers", CustomMetricValue.IpList(Enumerable.Range(0, _random.Next(3)).Select(_ => InternetAddress.Parse(One(Addresses)))));
        builder.SetCustomMetric("modes", CustomMetricValue.StringList(Enumerable.Range(0, _random.Next(3)).Select(_ => _random.Next(8) == 0 ? "odd" : "idle")));
        builder.SetCustomMetric("sizes", CustomMetricValue.NumberList(Enumerable.Range(0, _random.Next(3)).Select(_ => _random.Next(8) == 0 ? 7 : 2.5)));
        var payload = new ArrayBufferWriter<byte>();
        builder.WriteTo(payload, id, (DefenderFormat)_random.Next(2), (DefenderNames)_random.Next(2));
        _lastReport = at;
        Deliver(at, $$"""{"report":"{{Convert.ToBase64String(payload.WrittenSpan)}}","thing":"THING00001","time":{{Milliseconds(at)}}}""", comes);
    }

    private void Ports(ReportList<ListeningPort> list, int[] ports)
    {
        list.Present();
        foreach (int port in ports)
        {
            if (_random.Next(3) == 0)
            {
                list.Add(new ListeningPort(port, "eth0"));
            }
        }
    }

    private void Events(DateTimeOffset end)
    {
        int gap = _random.Next(3) switch { 0 => 60, 1 => 400, _ => 4000 };
        bool isConnected = false;
        for (DateTimeOffset at = _begin.AddSeconds(_random.Next(gap)); at < end; at = at.AddSeconds(_random.Next(1, gap)))
        {
            string id = Guid.CreateVersion7(at).ToString("D", CultureInfo.InvariantCulture)[..14] + _random.Next().ToString(CultureInfo.InvariantCulture);
            switch (_random.Next(6))
            {
                case 0 or 1:
                    Deliver(at, isConnected
                        ? $$"""{"clientId":"THING00001","timestamp":{{Milliseconds(at)}},"eventType":"disconnected","versionNumber":{{_version}},"sessionIdentifier":"s{{_version}}","disconnectReason":"{{(_random.Next(3) == 0 ? "FORBIDDEN_ACCESS" : "CONNECTION_LOST")}}"}"""
                        : $$"""{"clientId":"THING00001","timestamp":{{Milliseconds(at)}},"eventType":"connected","versionNumber":{{++_version}},"sessionIdentifier":"s{{_version}}","ipAddress":"{{One(Addresses)}}"}""");
                    isConnected = !isConnected;
                    break;
                case 2:
                    Deliver(at, $$"""{"clientId":"THING00001","timestamp":{{Milliseconds(at)}},"eventType":"connect_failed","connectFailureReason":"AUTHORIZATION_FAILED","sessionIdentifier":"{{id}}","ipAddress":"{{One(Addresses)}}"}""");
                    break;
                case 3 when _hasLogs:
                    // The oracle takes the time in milliseconds from a member that our reader does not know.
                    Deliver(at, $$"""{"timestamp":"{{at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture)}}","_ms":{{Milliseconds(at)}},"traceId":"{{id}}","status":"{{(_random.Next(2) == 0 ? "Failure" : "Success")}}","eventType":"Publish-In","reason":"AUTHORIZATION_FAILURE","clientId":"THING00001","sourceIp":"{{One(Addresses)}}"}""");
                    break;
                default:
                    string base64 = Convert.ToBase64String(new byte[_random.Next(200)]);
                    string member = _random.Next(2) == 0 ? "sender" : "receiver";
                    Deliver(at, $$"""{"{{member}}":"THING00001","time":{{Milliseconds(at)}},"base64":{{base64.Length}},"padding":{{base64.IndexOf('=', StringComparison.Ordinal)}},"id":"{{id}}"}""");
                    break;
            }
        }
    }

    // Half a minute late at most; some twice.
    private void Deliver(DateTimeOffset at, string body, DateTimeOffset? comes = null)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        for (int copies = _random.Next(5) == 0 ? 2 : 1; copies > 0; copies--)
        {
            _messages.Add(((comes ?? at).AddMilliseconds(_random.Next(25_000)), bytes));
        }
    }

    private long Some(int around) => (long)(_random.NextDouble() * around * (0.5 + _load));

    private string Few() => (_random.Next(3) == 0 ? _random.Next(1, 4) : 1).ToString(CultureInfo.InvariantCulture);

    private T One<T>(T[] items) => items[_random.Next(items.Length)];

    private static string Quoted(string text) => $"\"{text}\"";

    private static string Milliseconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
}
