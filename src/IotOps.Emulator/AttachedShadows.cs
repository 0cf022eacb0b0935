using IotOps.Emulator.Mqtt;
using IotOps.Emulator.Shadow;

namespace IotOps.Emulator;

/// <summary>
/// The shadow service as a client of a broker, from <see cref="EmulatedShadows.AttachAsync"/>. When the broker goes away it connects again, and
/// what was sent meanwhile is lost. Disposing ends it. Thread-safe.
/// </summary>
public sealed class AttachedShadows : IAsyncDisposable
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(100);

    private readonly string _host;
    private readonly int _port;
    private readonly string _clientId = $"shadows-{Guid.NewGuid():N}";
    private readonly ShadowAudience _audience;
    private readonly TimeProvider _timeProvider;
    private readonly ShadowResponder _responder;
    private readonly CancellationTokenSource _stop = new();
    private volatile MinimalClient? _client;
    private Task _running = Task.CompletedTask;

    private AttachedShadows(string host, int port, ShadowAudience audience, TimeProvider timeProvider, Func<Action<string, byte[]>, ShadowResponder> responder)
    {
        _host = host;
        _port = port;
        _audience = audience;
        _timeProvider = timeProvider;
        _responder = responder((topic, payload) => _client?.Publish(topic, payload));
    }

    /// <summary>Whether the service is connected to the broker, as far as it knows.</summary>
    public bool IsConnected => _client is { Completion.IsCompleted: false };

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        _audience.Remove(_responder);
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _responder.Dispose();
        _stop.Dispose();
    }

    internal static async Task<AttachedShadows> StartAsync(
        string host,
        int port,
        ShadowAudience audience,
        TimeProvider timeProvider,
        Func<Action<string, byte[]>, ShadowResponder> responder,
        CancellationToken cancellationToken)
    {
        var attached = new AttachedShadows(host, port, audience, timeProvider, responder);
        MinimalClient first = await attached.ConnectAsync(cancellationToken).ConfigureAwait(false);
        audience.Add(attached._responder);
        attached._running = attached.RunAsync(first);
        return attached;
    }

    private async Task<MinimalClient> ConnectAsync(CancellationToken cancellationToken)
    {
        MinimalClient client = await MinimalClient.ConnectAsync(
            _host,
            _port,
            _clientId,
            ShadowTopic.RequestFilters,
            (sender, message) =>
            {
                // The first message may be here before ConnectAsync has returned, and its answer needs a way.
                _client = sender;
                _responder.Handle(message.Topic, message.Payload, connection: null);
            },
            cancellationToken).ConfigureAwait(false);
        _client = client;
        return client;
    }

    private async Task RunAsync(MinimalClient first)
    {
        MinimalClient client = first;
        try
        {
            while (true)
            {
                await using (client.ConfigureAwait(false))
                {
                    await client.Completion.WaitAsync(_stop.Token).ConfigureAwait(false);
                }

                client = await ReconnectAsync().ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    private async Task<MinimalClient> ReconnectAsync()
    {
        while (true)
        {
            try
            {
                await Task.Delay(RetryAfter, _timeProvider, _stop.Token).ConfigureAwait(false);
                return await ConnectAsync(_stop.Token).ConfigureAwait(false);
            }
            catch (IOException)
            {
                // It is tried again until somebody disposes this.
            }
        }
    }
}
