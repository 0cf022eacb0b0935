namespace IotOps.Mqtt.Sessions;

/// <summary>
/// How long to wait before the next attempt: anything between zero and a limit that doubles (capped before the dice are thrown), anew after
/// <see cref="StableAfter"/> of connection. After a takeover of the client id 60 to 120 s, doubling up to 30 to 60 min, so that two devices
/// with one id do not throw each other out for ever; brokers do not always say so, and the third short connection in a row counts as one.
/// </summary>
internal sealed class ReconnectBackoff(MqttConnectionOptions options, Func<double> jitter)
{
    public static readonly TimeSpan StableAfter = TimeSpan.FromSeconds(30);

    private const int MostDoublings = 30;
    private const int ShortLivesOfATakeover = 3;
    private static readonly TimeSpan ShortLife = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PeaceAfter = TimeSpan.FromHours(1);
    private static readonly TimeSpan FirstTruce = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan LongestTruce = TimeSpan.FromHours(1);

    private int _failures;
    private int _takeovers;
    private int _shortLives;

    /// <summary>The wait after an attempt that did not get through.</summary>
    public TimeSpan AfterFailure(MqttException error, TimeSpan sinceAttempt)
    {
        _failures = error.IsTransient ? _failures : MostDoublings;
        return Next(sinceAttempt);
    }

    /// <summary>The wait after a connection ended.</summary>
    public TimeSpan AfterConnection(LinkEnd end, TimeSpan connected, out bool takenOver)
    {
        _failures = connected >= StableAfter ? 0 : _failures;
        _takeovers = connected >= PeaceAfter ? 0 : _takeovers;
        _shortLives = end is { ByBroker: true, Error.Reason: null } && connected < ShortLife ? _shortLives + 1 : 0;
        takenOver = end.Error.Reason == MqttReasonCode.SessionTakenOver || _shortLives >= ShortLivesOfATakeover;
        if (!takenOver)
        {
            return Next(connected);
        }

        _shortLives = 0;
        TimeSpan limit = Doubled(FirstTruce, LongestTruce, ref _takeovers);
        return limit / 2 * (1 + jitter());
    }

    private TimeSpan Next(TimeSpan since)
    {
        TimeSpan delay = Doubled(options.MinReconnectDelay, options.MaxReconnectDelay, ref _failures) * jitter();
        TimeSpan least = options.Limits.MinConnectInterval - since;
        return delay > least ? delay : least;
    }

    private static TimeSpan Doubled(TimeSpan first, TimeSpan cap, ref int times)
    {
        double seconds = Math.Min(cap.TotalSeconds, first.TotalSeconds * Math.Pow(2, times));
        times = Math.Min(times + 1, MostDoublings);
        return TimeSpan.FromSeconds(seconds);
    }
}
