using Amazon.DynamoDBv2;
using Amazon.Runtime;
using Amazon.SQS;
using Amazon.SQS.Model;
using IotOps.Detect;
using IotOps.Samples.CommandLine;

namespace IotOps.Soak.Detect;

/// <summary>Where the workers' messages and memory are: SQLite files of a folder, or SQS and DynamoDB at an endpoint.</summary>
internal sealed class DetectSoakSetup(string directory, Uri? endpoint) : IDisposable
{
    private const string Name = "iotops-soak";

    // A worker that was killed holds its messages back for so long.
    private static readonly TimeSpan Visibility = TimeSpan.FromSeconds(2);

    private static readonly BasicAWSCredentials Credentials = new("test", "test");

    private readonly AmazonSQSClient? _sqs = endpoint is null ? null : new(Credentials, new AmazonSQSConfig { ServiceURL = endpoint.AbsoluteUri, AuthenticationRegion = "us-east-1" });
    private readonly AmazonDynamoDBClient? _dynamo =
        endpoint is null ? null : new(Credentials, new AmazonDynamoDBConfig { ServiceURL = endpoint.AbsoluteUri, AuthenticationRegion = "us-east-1" });

    public static CommandOption[] Options { get; } =
    [
        new("--directory", "DIR", "Where the alarms and the SQLite files are; a temporary folder by default."),
        new("--endpoint", "URL", "SQS and DynamoDB in place of SQLite: a moto_server."),
    ];

    /// <summary>Where this process writes the alarms that it was given: .NET's files have no O_APPEND, so that two processes would write over each other.</summary>
    public string Alarms => Path.Combine(directory, $"alarms-{Environment.ProcessId}.txt");

    /// <summary>The files of all processes.</summary>
    public IReadOnlyList<string> AllAlarms => Directory.GetFiles(directory, "alarms-*.txt");

    public static DetectSoakSetup Read(CommandArguments arguments) => new(
        arguments["--directory"] ?? Directory.CreateTempSubdirectory("iotops-soak").FullName,
        arguments["--endpoint"] is { } url ? new Uri(url) : null);

    public string[] ToArguments() => endpoint is null ? ["--directory", directory] : ["--directory", directory, "--endpoint", endpoint.AbsoluteUri];

    public async Task<IDetectStore> OpenStoreAsync()
    {
        if (_dynamo is null)
        {
            return await SqliteDetectStore.OpenAsync(new SqliteDetectStoreOptions { Path = Path.Combine(directory, "store.db") });
        }

        var store = new DynamoDetectStore(_dynamo, new DynamoDetectStoreOptions { Table = Name });
        await store.CreateTableAsync();
        return store;
    }

    public async Task<(IDetectInbox Inbox, Func<IReadOnlyList<byte[]>, Task> Send)> OpenInboxAsync()
    {
        if (_sqs is null)
        {
            SqliteDetectInbox inbox = await SqliteDetectInbox.OpenAsync(
                new SqliteDetectInboxOptions { Path = Path.Combine(directory, "inbox.db"), VisibilityTimeout = Visibility, MaxDeliveries = 1_000 });
            return (inbox, bodies => inbox.EnqueueAsync([.. bodies.Select(body => new ReadOnlyMemory<byte>(body))]));
        }

        string url = (await _sqs.CreateQueueAsync(
            new CreateQueueRequest(Name) { Attributes = new(StringComparer.Ordinal) { ["VisibilityTimeout"] = $"{Visibility.TotalSeconds}" } })).QueueUrl;
        return (new SqsDetectInbox(_sqs, new SqsDetectInboxOptions { QueueUrl = new Uri(url) }), bodies => SendAsync(url, bodies));
    }

    public void Dispose()
    {
        _sqs?.Dispose();
        _dynamo?.Dispose();
    }

    private async Task SendAsync(string url, IReadOnlyList<byte[]> bodies)
    {
        foreach (byte[][] chunk in bodies.Chunk(10))
        {
            await _sqs!.SendMessageBatchAsync(
                new SendMessageBatchRequest(url, [.. chunk.Select((body, i) => new SendMessageBatchRequestEntry($"{i}", System.Text.Encoding.UTF8.GetString(body)))]));
        }
    }
}
