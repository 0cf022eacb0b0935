using System.IO.Abstractions;
using System.Net;
using System.Text;
using System.Text.Json;
using Amazon.Runtime;
using IotOps.Aws;
using IotOps.Logs.Lanes;
using IotOps.Logs.Sending;
using IotOps.Logs.Spool;
using IotOps.Logs.Tail;
using IotOps.Shared;
using IotOps.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace IotOps.Logs.Tests.Lanes;

/// <summary>Lanes driven round by round by a test, against a service that answers as the test says.</summary>
internal sealed class LaneHarness : IAsyncDisposable
{
    private readonly AwsClient _client;
    private readonly Dictionary<string, long> _written = new(StringComparer.Ordinal);

    public LaneHarness(
        Func<PutCall, HttpResponseMessage>? answer = null,
        Func<LogShipperOptions, LogShipperOptions>? configure = null,
        IFileSystem? fileSystem = null)
    {
        var options = new LogShipperOptions { StateDirectory = State.Path, Region = "us-east-1", TimeProvider = Time, Gzip = false };
        Options = configure?.Invoke(options) ?? options;
        Http = new StubHttpHandler(request => (answer ?? (static _ => Ok()))(PutCall.Of(request, Time)));
        _client = new AwsClient(new AwsClientOptions
        {
            Service = AwsService.CloudWatchLogs,
            Region = "us-east-1",
            Credentials = new BasicAWSCredentials("AKIAIOSFODNN7EXAMPLE", "secret"),
            Endpoint = new Uri("http://logs.test"),
            Transport = Http,
            Retry = AwsRetryOptions.None,
            TimeProvider = Time,
        });
        IFileSystem files = fileSystem ?? new FileSystem();
        Counters = new LogCounters(Time, "state");
        Spool = new LogSpool(files, State["spool"], Options.SpoolLimitBytes, Time, Counters, NullLogger.Instance);
        var api = new LogsApi(_client, Options.Gzip, NullLogger.Instance);
        var sender = new BatchSender(
            api,
            Options.CreateMissing ? new MissingDestinations(api, new NewGroups(Options.RetentionDays, Options.GroupClass, Options.GroupKmsKeyArn, Options.GroupTags, Options.GroupDeletionProtection), NullLogger.Instance) : null,
            new ServiceClock(Time, () => _client.ClockSkew),
            new Quarantine(files, State["quarantine"], NullLogger.Instance),
            Options.OldEvents,
            14L * 24 * 60 * 60 * 1000,
            Counters,
            NullLogger.Instance);
        Shared = new LaneResources(Options, Spool, Counters, new LaneBackoff(static () => 1), NullLogger.Instance);
        var wake = new Signal();
        Lanes = new LogLanes(Shared, new LaneWorker(Shared, sender, Checkpoint, wake), wake);
    }

    public ManualTimeProvider Time { get; } = new();

    public TempDirectory State { get; } = new();

    public LogShipperOptions Options { get; }

    public StubHttpHandler Http { get; }

    public LogCounters Counters { get; }

    public LogSpool Spool { get; }

    public LaneResources Shared { get; }

    public LogLanes Lanes { get; }

    public RecordingCheckpoint Checkpoint { get; } = new();

    public LogShipperStatistics Statistics => Counters.Snapshot();

    /// <summary>What the service was asked, oldest first.</summary>
    public IReadOnlyList<PutCall> Calls => [.. Http.Requests.Select(r => PutCall.Of(r, Time))];

    /// <summary>Texts of every PutLogEvents, one array a call.</summary>
    public IReadOnlyList<string[]> Puts => [.. Calls.Where(c => c.Operation == "PutLogEvents").Select(c => c.Messages)];

    public static HttpResponseMessage Ok(string body = "{}") => Answer(HttpStatusCode.OK, body);

    public static HttpResponseMessage Error(int status, string code, string message = "") =>
        Answer((HttpStatusCode)status, $$"""{"__type":"{{code}}","message":"{{message}}"}""");

    /// <summary>Offers an event of a stream whose name is its source's number too.</summary>
    public bool Append(string text, string stream = "1", long? timestamp = null, string group = "g") =>
        Append(Encoding.UTF8.GetBytes(text), stream, timestamp, group);

    public bool Append(byte[] text, string stream = "1", long? timestamp = null, string group = "g")
    {
        long end = _written.GetValueOrDefault(stream) + text.Length + 1;
        bool taken = Lanes[new LogDestination(group, stream)].TryAppend(new TailedEvent
        {
            SourceId = long.Parse(stream),
            EndOffset = end,
            Timestamp = timestamp ?? TailedEvent.NoTimestamp,
            Message = text,
        });
        if (taken)
        {
            _written[stream] = end;
        }

        return taken;
    }

    /// <summary>How far a stream's source was offered and taken.</summary>
    public long Written(string stream = "1") => _written[stream];

    /// <summary>One round, and the end of every attempt it began.</summary>
    public async Task<TimeSpan?> RoundAsync(bool hurry = true)
    {
        Lanes.Pump(hurry);
        await Lanes.AttemptsUnderWay.WaitAsync(TimeSpan.FromSeconds(30));
        return Lanes.Pump(hurry: false);
    }

    /// <summary>Rounds, with the clock moved to what is due next, until nothing waits.</summary>
    public async Task DrainAsync(int rounds = 200)
    {
        for (int i = 0; i < rounds && !Lanes.IsEmpty; i++)
        {
            TimeSpan? due = await RoundAsync();
            await Lanes.AttemptsUnderWay.WaitAsync(TimeSpan.FromSeconds(30));
            if (due is { } wait)
            {
                Time.Advance(wait);
            }
        }

        Lanes.IsEmpty.ShouldBeTrue("the lanes were to be empty by now");
    }

    public async ValueTask DisposeAsync()
    {
        await Lanes.StopAsync();
        Lanes.Dispose();
        Spool.Dispose();
        Counters.Dispose();
        _client.Dispose();
        Http.Dispose();
        State.Dispose();
    }

    private static HttpResponseMessage Answer(HttpStatusCode status, string body)
    {
        var response = new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, "application/x-amz-json-1.1") };
        return response;
    }

    /// <summary>One call as the service saw it.</summary>
    internal sealed record PutCall(string Operation, string? Group, string? Stream, string[] Messages, long[] Timestamps, bool Gzip, ManualTimeProvider Time)
    {
        public static PutCall Of(RecordedRequest request, ManualTimeProvider time)
        {
            string operation = request.Header("X-Amz-Target")!.Split('.')[1];
            bool gzip = request.Header("Content-Encoding") == "gzip";
            using var document = JsonDocument.Parse(gzip ? Inflate(request.Body) : request.Body);
            JsonElement root = document.RootElement;
            JsonElement[] events = root.TryGetProperty("logEvents", out JsonElement list) ? [.. list.EnumerateArray()] : [];
            return new PutCall(
                operation,
                root.GetProperty("logGroupName").GetString(),
                root.TryGetProperty("logStreamName", out JsonElement stream) ? stream.GetString() : null,
                [.. events.Select(e => e.GetProperty("message").GetString()!)],
                [.. events.Select(e => e.GetProperty("timestamp").GetInt64())],
                gzip,
                time);
        }

        private static byte[] Inflate(byte[] body)
        {
            using var inflate = new System.IO.Compression.GZipStream(new MemoryStream(body), System.IO.Compression.CompressionMode.Decompress);
            using var plain = new MemoryStream();
            inflate.CopyTo(plain);
            return plain.ToArray();
        }
    }
}
