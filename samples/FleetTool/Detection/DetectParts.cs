using IotOps.Aws;
using IotOps.Detect;
using IotOps.Samples.CommandLine;
using IotOps.Samples.FleetTool.Trail;
using Microsoft.Extensions.Logging;

namespace IotOps.Samples.FleetTool.Detection;

/// <summary>What a worker of detection works with, as settings name it.</summary>
internal static class DetectParts
{
    // A run that ends when the queue is empty waits for a moment: SQS answers a request without a wait from some of its servers alone.
    private static readonly TimeSpan DrainWait = TimeSpan.FromSeconds(1);

    /// <exception cref="UsageException">No queue is named.</exception>
    /// <exception cref="IOException">The file cannot be used.</exception>
    public static async Task<IDetectInbox> OpenInboxAsync(DetectSettings settings, FleetClients clients, bool isOnce, CancellationToken cancellationToken)
    {
        TimeSpan wait = isOnce ? DrainWait : TimeSpan.FromSeconds(20);
        if (settings.Inbox is { } file)
        {
            return await SqliteDetectInbox.OpenAsync(new SqliteDetectInboxOptions { Path = file, Wait = isOnce ? TimeSpan.Zero : wait }, cancellationToken);
        }

        string queue = settings.Queue ?? throw new UsageException("where do messages come from? give --queue URL or --inbox FILE");
        return Uri.TryCreate(queue, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https"
            ? new SqsDetectInbox(clients.Sqs, new SqsDetectInboxOptions { QueueUrl = url, Wait = wait })
            : throw new UsageException($"the queue is a URL such as https://sqs.eu-west-1.amazonaws.com/123456789012/detect, not '{queue}'");
    }

    /// <exception cref="UsageException">No state is named.</exception>
    /// <exception cref="IOException">The file or the table cannot be used.</exception>
    public static async Task<IDetectStore> OpenStoreAsync(DetectSettings settings, FleetClients clients, bool makesTable, CancellationToken cancellationToken)
    {
        if (settings.Table is { } table)
        {
            var store = new DynamoDetectStore(clients.Dynamo, new DynamoDetectStoreOptions { Table = table });
            if (makesTable)
            {
                await store.CreateTableAsync(cancellationToken);
            }

            return store;
        }

        string file = settings.State ?? throw new UsageException("where is it remembered what was seen? give --state FILE or --table NAME");
        return makesTable
            ? throw new UsageException("--create-table needs --table")
            : await SqliteDetectStore.OpenAsync(new SqliteDetectStoreOptions { Path = file }, cancellationToken);
    }

    /// <summary>The groups of things; null where no profile asks for any.</summary>
    /// <exception cref="AwsException">AWS IoT refused, or could not be reached.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static async Task<IFleetMembership?> LoadMembershipAsync(
        DetectSettings settings, IReadOnlyList<DetectProfile> profiles, FleetClients clients, ILoggerFactory lines, CancellationToken cancellationToken)
    {
        if (settings.Things is { } file)
        {
            return await FileMembership.LoadAsync(file, loggerFactory: lines, cancellationToken: cancellationToken);
        }

        bool isNeeded = profiles.SelectMany(profile => profile.Targets).Any(target => target.Kind is DetectTargetKind.Group or DetectTargetKind.UnregisteredThings);
        return isNeeded
            ? await AccountMembership.LoadAsync(
                new AccountMembershipOptions { Iot = clients.Iot, Profiles = profiles, RefreshInterval = settings.Config.RefreshGroups, LoggerFactory = lines }, cancellationToken)
            : null;
    }
}
