using IotOps.Fleet.Routing;
using IotOps.Shared;

namespace IotOps.Fleet;

/// <summary>
/// Hands messages to handlers by event patterns: EventBridge events, what IoT rules and their error actions send, lifecycle events and Device
/// Defender's messages, as they are or as SNS and SQS deliver them. Each handler gets a message at least once, and one that failed does not
/// keep it from the others. Repetitions are known as long as the process lives and <see cref="EventRouterOptions.RememberedMessages"/> last.
/// It may be used by several threads.
/// </summary>
public sealed class EventRouter
{
    private readonly EventRoute[] _routes;
    private readonly EventPatternSet _patterns;
    private readonly RecentKeys _handled;

    /// <summary>Makes a router.</summary>
    /// <exception cref="ArgumentException">Two routes have one name.</exception>
    public EventRouter(EventRouterOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegative(options.RememberedMessages, nameof(options));
        _routes = [.. options.Routes];
        if (_routes.GroupBy(route => route.Name, StringComparer.Ordinal).FirstOrDefault(name => name.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"Two routes are named '{twice.Key}'; give each a name of its own.", nameof(options));
        }

        _patterns = new EventPatternSet([.. _routes.Select(route => route.Pattern)]);
        _handled = new RecentKeys(options.RememberedMessages);
    }

    /// <summary>Hands the messages of a delivery on, one handler after the other, and waits for them.</summary>
    /// <param name="delivery">JSON in UTF-8: a message, or messages in the envelope of SNS or SQS.</param>
    /// <param name="key">What the delivery is called by whoever delivers it, the same when it is delivered again; used for messages without an identity.</param>
    /// <param name="cancellationToken">Ends the wait; what was not handled is to be delivered again.</param>
    /// <returns>What was handled and what failed. Only cancellation throws.</returns>
    public async Task<RouteResult> RouteAsync(ReadOnlyMemory<byte> delivery, string? key = null, CancellationToken cancellationToken = default)
    {
        List<RouteFailure> failures = [];
        List<RoutedMessage> messages = MessageReader.Read(delivery, key, failures);
        int unreadable = failures.Count, handled = 0, repeated = 0, unrouted = 0;
        List<int> matched = [];
        foreach (RoutedMessage message in messages)
        {
            if (!TryMatch(message, matched, failures))
            {
                continue;
            }

            unrouted += matched.Count == 0 ? 1 : 0;
            foreach (EventRoute route in matched.Select(i => _routes[i]))
            {
                string? once = message.Key is null ? null : $"{route.Name.Length}:{route.Name}/{message.Key}";
                if (once is not null && _handled.Contains(once))
                {
                    repeated++;
                }
                else if (await TryHandleAsync(route, message, failures, cancellationToken).ConfigureAwait(false))
                {
                    handled++;
                    if (once is not null)
                    {
                        _handled.Add(once);
                    }
                }
            }
        }

        return new RouteResult(messages.Count + unreadable, handled, repeated, unrouted, failures);
    }

    private bool TryMatch(RoutedMessage message, List<int> matched, List<RouteFailure> failures)
    {
        try
        {
            _patterns.Match(message.Json.Span, matched);
            return true;
        }
        catch (FormatException e)
        {
            failures.Add(new RouteFailure(message, null, e));
            return false;
        }
    }

    private static async Task<bool> TryHandleAsync(EventRoute route, RoutedMessage message, List<RouteFailure> failures, CancellationToken cancellationToken)
    {
        try
        {
            await route.Handler.HandleAsync(message, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e)
        {
            // Whatever a handler throws costs this message at this handler only.
            failures.Add(new RouteFailure(message, route.Name, e));
            return false;
        }
    }
}
