using IotOps.Shared;
using Microsoft.Extensions.Logging;

namespace IotOps.Detect.Membership;

/// <summary>Reads a membership again and again, and keeps the last one that could be read.</summary>
internal sealed class MembershipRefresh : IAsyncDisposable
{
    private readonly Func<MembershipSnapshot?, CancellationToken, Task<MembershipSnapshot>> _read;
    private readonly TimeSpan _interval;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Loop _loop;
    private MembershipSnapshot _last;
    private long _triedAt;

    private MembershipRefresh(
        MembershipSnapshot first, Func<MembershipSnapshot?, CancellationToken, Task<MembershipSnapshot>> read, TimeSpan interval, TimeProvider time, ILogger logger)
    {
        _last = first;
        _read = read;
        _interval = interval;
        _time = time;
        _logger = logger;
        _triedAt = time.GetTimestamp();
        _loop = new Loop(time, RoundAsync, error => MembershipLog.Unexpected(logger, error));
    }

    /// <summary>What was read last.</summary>
    public MembershipSnapshot Last => Volatile.Read(ref _last);

    /// <param name="read">Reads it, given what was read last; null the first time, whose exceptions are the caller's.</param>
    /// <param name="interval">How often.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where it is logged that it could not be read.</param>
    /// <param name="cancellationToken">Ends the first reading.</param>
    public static async Task<MembershipRefresh> StartAsync(
        Func<MembershipSnapshot?, CancellationToken, Task<MembershipSnapshot>> read, TimeSpan interval, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        MembershipSnapshot first = await read(null, cancellationToken).ConfigureAwait(false);
        var refresh = new MembershipRefresh(first, read, interval, time, logger);
        refresh._loop.Start();
        return refresh;
    }

    /// <summary>Completes when there is nothing to do until time passes: for tests, which own the clock.</summary>
    public Task IdleAsync() => _loop.IdleAsync();

    public ValueTask DisposeAsync() => _loop.DisposeAsync();

    private async ValueTask<TimeSpan?> RoundAsync()
    {
        TimeSpan left = _interval - _time.GetElapsedTime(_triedAt);
        if (left > TimeSpan.Zero)
        {
            return left;
        }

        _triedAt = _time.GetTimestamp();
        try
        {
            Volatile.Write(ref _last, await _read(_last, _loop.Stopping).ConfigureAwait(false));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            MembershipLog.Failed(_logger, Last.Things, e.Message);
        }

        return _interval;
    }
}
