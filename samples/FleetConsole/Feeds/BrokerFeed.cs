using IotOps.Mqtt;
using IotOps.Samples.FleetConsole.Store;

namespace IotOps.Samples.FleetConsole.Feeds;

/// <summary>
/// Lifecycle events, reports and shadows live from a broker without TLS, such as the emulator's. The session is kept, and a message is acknowledged when
/// the store has it: what came while the console was away comes when it is back.
/// </summary>
/// <param name="host">The broker's host.</param>
/// <param name="port">Its port.</param>
/// <param name="clock">The clock.</param>
internal sealed class BrokerFeed(string host, int port, TimeProvider clock) : IFeed
{
    private const int MostAtOnce = 200;
    private static readonly string[] Filters =
    [
        "$aws/events/presence/#", "$aws/things/+/defender/metrics/json", "$aws/things/+/defender/metrics/cbor", "$aws/things/+/shadow/update/documents", "$aws/things/+/shadow/name/+/update/documents",
    ];

    public string Name => "broker";

    public async Task RunAsync(IConsoleWriter store, FeedProgress progress, CancellationToken cancellationToken)
    {
        await using var connection = new MqttConnection(new MqttConnectionOptions
        {
            Host = host,
            Port = port,
            Tls = null,
            ClientId = "fleet-console",
            CleanStart = false,
            SessionExpiry = TimeSpan.FromHours(1),
        });

        // Subscribed first: messages of the kept session come right after connecting.
        Task<IMqttSubscription> subscribing = connection.SubscribeAsync(Filters, cancellationToken: cancellationToken).AsTask();
        await connection.ConnectAsync(cancellationToken);

        // Not disposed: that would unsubscribe, and the session would keep nothing while the console is away.
        IMqttSubscription subscription = await subscribing;
        var reader = new MessageReader(SegmentRules.Default);
        while (await subscription.Messages.WaitToReadAsync(cancellationToken))
        {
            var items = new FeedItems();
            List<MqttReceivedMessage> taken = [];
            while (taken.Count < MostAtOnce && subscription.Messages.TryRead(out MqttReceivedMessage? message))
            {
                taken.Add(message);
                Read(reader, message, items, progress);
            }

            progress.Take(await store.AppendAsync(items.Take(Name, default), cancellationToken));

            // Disposing acknowledges: only what the store has.
            taken.ForEach(message => message.Dispose());
        }
    }

    private void Read(MessageReader reader, MqttReceivedMessage message, FeedItems items, FeedProgress progress)
    {
        try
        {
            reader.Read(message.Payload, message.Topic, clock.GetUtcNow(), items);
        }
        catch (FormatException e)
        {
            progress.Problem($"{message.Topic}: {e.Message}");
        }
    }
}
