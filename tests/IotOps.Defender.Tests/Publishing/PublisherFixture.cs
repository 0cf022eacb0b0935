using System.Text;
using IotOps.TestKit;

namespace IotOps.Defender.Tests.Publishing;

/// <summary>A publisher over a fake connection, on a clock of the test's own. The service accepts everything unless a test says otherwise.</summary>
internal sealed class PublisherFixture : IAsyncDisposable
{
    public const string Thing = "THING00001";
    public const string Json = "$aws/things/THING00001/defender/metrics/json";
    public const string Cbor = "$aws/things/THING00001/defender/metrics/cbor";
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(300);

    private readonly List<long> _accepted = [];
    private readonly List<DefenderRejection> _rejections = [];
    private readonly List<long> _seen = [];
    private readonly List<int> _baselines = [];
    private int _collected;
    private DefenderPublisher? _publisher;

    public PublisherFixture() => Connection.Broker = (topic, payload) => topic is Json or Cbor ? [Answer(topic, payload)] : [];

    public ManualTimeProvider Time { get; } = new();

    public FakeConnection Connection { get; } = new();

    /// <summary>Answers a report; null stays silent.</summary>
    public Func<DefenderReport, string?> Service { get; set; } = Accept;

    /// <summary>What is collected, by the count of collections; may throw.</summary>
    public Action<DefenderReportBuilder, int> Fill { get; set; } = static (report, count) => report.SetCustomMetric("count", CustomMetricValue.Number(count));

    public DefenderPublisher Publisher => _publisher ?? throw new InvalidOperationException("Open it first.");

    public DefenderStatistics Statistics => Publisher.Statistics;

    public IReadOnlyList<long> Accepted => _accepted;

    public IReadOnlyList<DefenderRejection> Rejections => _rejections;

    /// <summary>Ids of the reports that the host's callback saw.</summary>
    public IReadOnlyList<long> Seen => _seen;

    /// <summary>Which collections became baselines.</summary>
    public IReadOnlyList<int> Baselines => _baselines;

    public int Collected => _collected;

    public IReadOnlyList<DefenderReport> Reports => [.. Connection.Published.Where(static p => p.Topic is Json or Cbor).Select(static p => DefenderReport.Parse(p.Payload, p.Topic == Cbor ? DefenderFormat.Cbor : DefenderFormat.Json))];

    /// <summary>The counts in the reports that were published.</summary>
    public IEnumerable<double> Counts => Reports.Select(static report => report.CustomMetrics["count"].Numbers[0]);

    public DefenderPublisherOptions Options() => new()
    {
        Connection = Connection,
        ThingName = Thing,
        Jitter = TimeSpan.Zero,
        TimeProvider = Time,
        Collect = report =>
        {
            int count = ++_collected;
            Fill(report, count);
            return () => _baselines.Add(count);
        },
        OnReport = report => _seen.Add(report.ReportId),
        OnAccepted = _accepted.Add,
        OnRejected = _rejections.Add,
    };

    public static string Accept(DefenderReport report) =>
        $$"""{"thingName":"{{Thing}}","reportId":{{report.ReportId}},"status":"ACCEPTED","timestamp":1700000000000}""";

    public static string Reject(string code) =>
        $$$"""{"thingName":"{{{Thing}}}","status":"REJECTED","statusDetails":{"ErrorCode":"{{{code}}}","ErrorMessage":"because"},"timestamp":1700000000000}""";

    /// <summary>Opens a publisher and lets it begin, while the connection is as it is.</summary>
    public async Task OpenAsync(Func<DefenderPublisherOptions, DefenderPublisherOptions>? change = null)
    {
        _publisher = new DefenderPublisher(change is null ? Options() : change(Options()));
        _publisher.Start();
        await SettleAsync();
    }

    /// <summary>Opens one over a connection that is up: the first report is out when this returns.</summary>
    public async Task OpenConnectedAsync(Func<DefenderPublisherOptions, DefenderPublisherOptions>? change = null)
    {
        Connection.Connect();
        await OpenAsync(change);
    }

    public async Task AdvanceAsync(TimeSpan by)
    {
        Time.Advance(by);
        await SettleAsync();
    }

    public async Task SayAsync(string topic, string json)
    {
        Connection.Deliver(topic, Encoding.UTF8.GetBytes(json));
        await SettleAsync();
    }

    /// <summary>Waits until everything that was said and done has been dealt with; time stands still meanwhile.</summary>
    public async Task SettleAsync()
    {
        int quiet = 0;
        int end = Connection.Published.Count + 100;
        while (quiet < 3)
        {
            Connection.Published.Count.ShouldBeLessThan(end, "publications without end while time stands still");
            int activity = Connection.Activity;
            await Publisher.IdleAsync().WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System);
            await Task.Yield();
            quiet = Connection.Outstanding == 0 && Connection.Activity == activity ? quiet + 1 : 0;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_publisher is not null)
        {
            await _publisher.DisposeAsync();
        }
    }

    private (string Topic, byte[] Payload) Answer(string topic, byte[] payload)
    {
        string? answer = Service(DefenderReport.Parse(payload, topic == Cbor ? DefenderFormat.Cbor : DefenderFormat.Json));
        string outcome = answer is null ? "/lost" : answer.Contains("REJECTED", StringComparison.Ordinal) ? "/rejected" : "/accepted";
        return (topic + outcome, Encoding.UTF8.GetBytes(answer ?? ""));
    }
}
