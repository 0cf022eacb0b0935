using System.Runtime.CompilerServices;
using IotOps.Shared;

namespace IotOps.Mqtt;

/// <summary>What almost every user of an <see cref="IMqttConnection"/> writes around it.</summary>
public static class MqttConnectionExtensions
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Subscribes and returns the messages, each of which must be disposed. A subscription that the broker refuses, or that fails later, is
    /// made again after anything between 0 and 1 s, 2 s, 4 s ... 2 min: a device that starts before its policy is attached receives once it
    /// is. Ends when the connection is closed for good; leaving the loop unsubscribes.
    /// </summary>
    /// <param name="connection">The connection.</param>
    /// <param name="topicFilters">One or more filters.</param>
    /// <param name="options">Callbacks and the clock; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the enumeration with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ArgumentException">The arguments themselves are at fault, so that no attempt can succeed.</exception>
    public static async IAsyncEnumerable<MqttReceivedMessage> ReceiveAsync(
        this IMqttConnection connection,
        IReadOnlyList<string> topicFilters,
        MqttReceiveOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(topicFilters);
        options ??= new MqttReceiveOptions();
        var backoff = new Backoff(FirstWait, LongestWait);
        while (true)
        {
            (IMqttSubscription? subscription, Exception? error) = await TrySubscribeAsync(connection, topicFilters, options, cancellationToken).ConfigureAwait(false);
            if (subscription is not null)
            {
                await using (subscription.ConfigureAwait(false))
                {
                    backoff.Reset();
                    options.OnSubscribed?.Invoke();
                    bool isMore;
                    do
                    {
                        (isMore, error) = await TryWaitAsync(subscription, cancellationToken).ConfigureAwait(false);
                        while (subscription.Messages.TryRead(out MqttReceivedMessage? message))
                        {
                            yield return message;
                        }
                    }
                    while (isMore);
                }
            }

            // Without an error the connection was closed, or the subscription by somebody else.
            if (error is null or ObjectDisposedException || connection.State.Status == MqttConnectionStatus.Closed)
            {
                yield break;
            }

            TimeSpan wait = backoff.Next();
            options.OnFailed?.Invoke(error, wait);
            await Task.Delay(wait, options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// The states of the connection: the present one, unless nothing has happened yet, and those that follow. A slow reader sees the newest
    /// and not those between. Ends after <see cref="MqttConnectionStatus.Closed"/>.
    /// </summary>
    /// <param name="connection">The connection.</param>
    /// <param name="cancellationToken">Ends the enumeration with an <see cref="OperationCanceledException"/>.</param>
    public static async IAsyncEnumerable<MqttConnectionState> StatesAsync(
        this IMqttConnection connection, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        MqttConnectionState seen = MqttConnectionState.Initial;
        while (seen.Status != MqttConnectionStatus.Closed)
        {
            try
            {
                seen = await connection.WaitForChangeAsync(seen, cancellationToken).ConfigureAwait(false);
            }
            catch (ObjectDisposedException)
            {
                // Closed for good, by a connection that does not say so first.
                yield break;
            }

            yield return seen;
        }
    }

    private static async ValueTask<(IMqttSubscription? Subscription, Exception? Error)> TrySubscribeAsync(
        IMqttConnection connection, IReadOnlyList<string> topicFilters, MqttReceiveOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return (await connection.SubscribeAsync(topicFilters, options.Subscription, cancellationToken).ConfigureAwait(false), null);
        }
        catch (Exception e) when (e is not ArgumentException && !IsCancellation(e, cancellationToken))
        {
            return (null, e);
        }
    }

    private static async ValueTask<(bool IsMore, Exception? Error)> TryWaitAsync(IMqttSubscription subscription, CancellationToken cancellationToken)
    {
        try
        {
            return (await subscription.Messages.WaitToReadAsync(cancellationToken).ConfigureAwait(false), null);
        }
        catch (Exception e) when (!IsCancellation(e, cancellationToken))
        {
            return (false, e);
        }
    }

    private static bool IsCancellation(Exception error, CancellationToken cancellationToken) =>
        error is OperationCanceledException && cancellationToken.IsCancellationRequested;
}
