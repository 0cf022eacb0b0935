using System.Net;
using System.Net.Sockets;

namespace IotOps.Shared;

/// <summary>
/// Connects to a host that has several addresses. They are tried side by side, each a moment after the one before it, and the first that
/// answers wins (RFC 8305): one that swallows everything, as an IPv6 address without a route does, costs a quarter of a second instead of the
/// whole time allowed. An address that came to nothing is tried last the next time. Safe for concurrent use.
/// </summary>
/// <param name="time">Clock of the moments.</param>
/// <param name="resolve">Replaces DNS.</param>
/// <param name="connect">Replaces the network.</param>
internal sealed class AddressRace(
    TimeProvider time,
    Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null,
    Func<IPEndPoint, CancellationToken, ValueTask<Socket>>? connect = null)
{
    /// <summary>The head start of each address; RFC 8305, 5 and 8.</summary>
    public static readonly TimeSpan HeadStart = TimeSpan.FromMilliseconds(250);

    private const int MostRemembered = 64;

    private readonly Lock _lock = new();

    // In the order in which they failed, the latest last.
    private readonly List<IPAddress> _failed = [];

    /// <summary>A connected socket, without Nagle's delay.</summary>
    /// <exception cref="SocketException">No address took the connection, or the host has none.</exception>
    /// <exception cref="OperationCanceledException">None did in time.</exception>
    public async ValueTask<Socket> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        IPAddress[] addresses = Order(await ResolveAsync(host, cancellationToken).ConfigureAwait(false));
        var running = new List<Attempt>(addresses.Length);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Exception? error = null;
        try
        {
            for (int next = 0; next < addresses.Length || running.Count > 0;)
            {
                if (next < addresses.Length)
                {
                    running.Add(new Attempt(addresses[next], StartAsync(new IPEndPoint(addresses[next], port), stop.Token)));
                    next++;
                }

                Attempt? ended = await FirstAsync(running, isLast: next == addresses.Length, stop.Token).ConfigureAwait(false);
                if (ended is { Connecting.IsCompletedSuccessfully: true })
                {
                    running.Remove(ended);
                    return await ended.Connecting.ConfigureAwait(false);
                }

                if (ended is not null)
                {
                    running.Remove(ended);
                    Failed(ended.Address);
                    error ??= ended.Connecting.Exception?.InnerException;
                }
            }

            throw error ?? new SocketException((int)SocketError.HostNotFound);
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            foreach (Attempt late in running)
            {
                if (!late.Connecting.IsCompletedSuccessfully)
                {
                    Failed(late.Address);
                }

                _ = AbandonAsync(late.Connecting);
            }
        }
    }

    /// <summary>The same for <see cref="SocketsHttpHandler.ConnectCallback"/>.</summary>
    public async ValueTask<Stream> OpenAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken) =>
        new NetworkStream(await ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellationToken).ConfigureAwait(false), ownsSocket: true);

    /// <summary>What was connected to this address came to nothing: another is tried first the next time.</summary>
    public void Failed(IPAddress address)
    {
        lock (_lock)
        {
            _failed.Remove(address);
            _failed.Add(address);
            if (_failed.Count > MostRemembered)
            {
                _failed.RemoveAt(0);
            }
        }
    }

    /// <summary>What was connected to this address works.</summary>
    public void Succeeded(IPAddress address)
    {
        lock (_lock) { _failed.Remove(address); }
    }

    private static async ValueTask<Socket> ConnectAsync(IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endPoint, cancellationToken).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // One that gets through after all is closed; one that fails has been told already.
    private static async Task AbandonAsync(Task<Socket> connecting)
    {
        await ((Task)connecting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (connecting.IsCompletedSuccessfully)
        {
            (await connecting.ConfigureAwait(false)).Dispose();
        }
    }

    private async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host, out IPAddress? address))
        {
            return [address];
        }

        return resolve is null
            ? await Dns.GetHostAddressesAsync(host, cancellationToken).ConfigureAwait(false)
            : await resolve(host, cancellationToken).ConfigureAwait(false);
    }

    // The families take turns, because a broken one is the usual trouble; what failed goes last, the latest at the very end.
    private IPAddress[] Order(IPAddress[] addresses)
    {
        IPAddress[] distinct = [.. addresses.Distinct()];
        lock (_lock)
        {
            return [.. distinct
                .Select((address, i) => (Address: address, Turn: distinct.Take(i).Count(other => other.AddressFamily == address.AddressFamily), Failed: _failed.IndexOf(address)))
                .OrderBy(entry => entry.Failed).ThenBy(entry => entry.Turn).Select(entry => entry.Address)];
        }
    }

    private async Task<Socket> StartAsync(IPEndPoint endPoint, CancellationToken cancellationToken) =>
        await (connect ?? ConnectAsync)(endPoint, cancellationToken).ConfigureAwait(false);

    // The attempt that has ended; null when it is time for another one.
    private async Task<Attempt?> FirstAsync(List<Attempt> running, bool isLast, CancellationToken cancellationToken)
    {
        using var moment = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task over = Task.Delay(isLast ? Timeout.InfiniteTimeSpan : HeadStart, time, moment.Token);
        await Task.WhenAny([over, .. running.Select(attempt => attempt.Connecting)]).ConfigureAwait(false);
        await moment.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return running.Find(attempt => attempt.Connecting.IsCompletedSuccessfully) ?? running.Find(attempt => attempt.Connecting.IsCompleted);
    }

    private sealed record Attempt(IPAddress Address, Task<Socket> Connecting);
}
