using System.Globalization;
using System.Text;
using System.Text.Json;
using IotOps.Defender;
using IotOps.Fleet;

namespace IotOps.Detect.Tests.Evaluating;

/// <summary>An engine, one thing with its record, and a clock that stands where it is put.</summary>
internal sealed class EngineFixture
{
    /// <summary>A whole hour, so that windows of the cloud's metrics begin with it.</summary>
    public static readonly DateTimeOffset Begin = new(2026, 12, 1, 10, 0, 0, TimeSpan.Zero);

    private readonly List<(string Id, string Type, string Behavior)> _alarms = [];
    private DetectRecord? _record;

    public EngineFixture(string behaviors, DetectSources sources = AllSources, IFleetMembership? membership = null, string targets = "all/registered-things")
        : this(new DetectEngineOptions { Profiles = [Profile(behaviors, targets)], Sources = sources, Membership = membership })
    {
    }

    public EngineFixture(DetectEngineOptions options)
    {
        Engine = new DetectEngine(options);
        Now = Begin;
    }

    public const DetectSources AllSources =
        DetectSources.Reports | DetectSources.Lifecycle | DetectSources.Logs | DetectSources.Messages | DetectSources.ReceivedMessages;

    public DetectEngine Engine { get; set; }

    public string Thing { get; init; } = "THING00001";

    public DateTimeOffset Now { get; set; }

    public DateTimeOffset? DueAt { get; private set; }

    public int Late { get; private set; }

    public int Duplicates { get; private set; }

    public DetectRecord? Record
    {
        get => _record;
        set => _record = value;
    }

    /// <summary>The alarms so far, as "in-alarm Behavior".</summary>
    public IReadOnlyList<string> Alarms => [.. _alarms.Select(one => $"{one.Type} {one.Behavior}")];

    public IReadOnlyList<string> AlarmIds => [.. _alarms.Select(one => one.Id)];

    public JsonElement LastAlarm { get; private set; }

    public static DetectProfile Profile(string behaviors, string targets = "all/registered-things", string name = "Guard") =>
        DetectProfile.Parse(
            Encoding.UTF8.GetBytes($$$$"""{"securityProfileName":"{{{{name}}}}","behaviors":[{{{{behaviors}}}}]}"""),
            [.. targets.Split(' ').Select(target => DetectTarget.Parse("arn:aws:iot:eu-west-1:123456789012:" + target))]);

    public static string Behavior(string name, string metric, string criteria, string more = "") =>
        $$$"""{"name":"{{{name}}}","metric":"{{{metric}}}","criteria":{{{{criteria}}}}{{{more}}}}""";

    public static ReportEvent ReportOf(long id, Action<DefenderReportBuilder> fill, DateTimeOffset? time = null)
    {
        var builder = new DefenderReportBuilder();
        fill(builder);
        return new ReportEvent(builder.Build(id), time ?? DateTimeOffset.FromUnixTimeSeconds(id));
    }

    public static ReportEvent NumberOf(long id, double value, string metric = "load") => ReportOf(id, report => report.SetCustomMetric(metric, CustomMetricValue.Number(value)));

    public static ConnectionEvent Connection(LifecycleEventKind kind, DateTimeOffset time, long version, string session = "s", string? address = "198.51.100.7", string? reason = null) =>
        new(new LifecycleEvent(kind, "THING00001", time)
        {
            Version = version,
            Session = session + version.ToString(CultureInfo.InvariantCulture),
            IPAddress = address,
            DisconnectReason = kind == LifecycleEventKind.Disconnected ? reason : null,
            ConnectFailureReason = kind == LifecycleEventKind.ConnectFailed ? reason : null,
        });

    /// <summary>Evaluates events at the clock's time.</summary>
    public EngineFixture Take(params DetectEvent[] events)
    {
        DetectVerdict verdict = Engine.Evaluate(_record, Thing, events, Now);
        _record = new DetectRecord(Thing, (_record?.Version ?? 0) + 1, verdict.State);
        DueAt = verdict.DueAt;
        Late += verdict.Late;
        Duplicates += verdict.Duplicates;
        foreach (StoredAlarm alarm in verdict.Alarms)
        {
            LastAlarm = JsonElement.Parse(alarm.Json.Span);
            alarm.Id.ShouldBe($"{LastAlarm.GetProperty("violationId").GetString()}:{LastAlarm.GetProperty("violationEventType").GetString()}");
            alarm.Time.ToUnixTimeMilliseconds().ShouldBe(LastAlarm.GetProperty("violationEventTime").GetInt64());
            _alarms.Add((alarm.Id, LastAlarm.GetProperty("violationEventType").GetString()!, LastAlarm.GetProperty("behavior").GetProperty("name").GetString()!));
        }

        return this;
    }

    /// <summary>Five minutes pass, and a report comes.</summary>
    public EngineFixture Report(Action<DefenderReportBuilder> fill, int seconds = 300)
    {
        Now += TimeSpan.FromSeconds(seconds);
        Take(ReportOf(Now.ToUnixTimeSeconds(), fill, Now));
        return Settle();
    }

    public EngineFixture Number(double value, int seconds = 300, string metric = "load") =>
        Report(report => report.SetCustomMetric(metric, CustomMetricValue.Number(value)), seconds);

    /// <summary>Moves the clock to what is due within two minutes, and evaluates it there.</summary>
    public EngineFixture Settle()
    {
        DateTimeOffset end = Now + TimeSpan.FromMinutes(2);
        DateTimeOffset before = Now;
        RunUntil(end);
        Now = before;
        return this;
    }

    /// <summary>Evaluates the thing whenever it is due, until a time.</summary>
    public EngineFixture RunUntil(DateTimeOffset end)
    {
        for (int rounds = 0; DueAt is { } due && due <= end; rounds++)
        {
            rounds.ShouldBeLessThan(10_000, "the thing is due again and again");
            due.ShouldBeGreaterThanOrEqualTo(Now);
            Now = due;
            Take();
        }

        Now = end;
        return this;
    }
}
