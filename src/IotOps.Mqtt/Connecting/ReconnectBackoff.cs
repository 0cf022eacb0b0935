using IotOps.Shared;

namespace IotOps.Mqtt.Connecting;

/// <summary>
/// How long to wait before the next attempt: anything between zero and a limit that doubles with every attempt (full jitter, capped before
/// the dice are thrown, so that a fleet at the cap still spreads out), and starts anew after <see cref="StableAfter"/> of connection.
/// </summary>
/// <remarks>
/// A client whose id is taken over must not take it back: two devices with one client id would throw each other out for ever. After a
/// takeover it waits 60 to 120 s, doubling at each further one up to 30 to 60 min, forgotten after <see cref="PeaceAfter"/> of connection.
/// MQTT 3.1.1 does not say why a connection ends, and mosquitto does not in MQTT 5 either: the third in a row that the broker ends without a
/// word within <see cref="Moment"/> of its CONNACK counts as one. Not so when something was in flight: a broker also closes on what it does not
/// accept. Only when eight such ends have found no culprit is it treated as one all the same.
/// </remarks>
/// <param name="options">The delays.</param>
/// <param name="jitter">The dice, 0.0 to 1.0.</param>
internal sealed class ReconnectBackoff(MqttConnectionOptions options, Func<double> jitter)
{
    public static readonly TimeSpan StableAfter = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan PeaceAfter = TimeSpan.FromHours(1);
    public static readonly TimeSpan Moment = TimeSpan.FromSeconds(5);

    private const int IdleShortLives = 3;
    private const int BusyShortLives = 8;
    private const int DoublingEnds = 30;
    private static readonly TimeSpan FirstTruce = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan LongestTruce = TimeSpan.FromHours(1);

    private int _failures;
    private int _takeovers;
    private int _idleLives;
    private int _busyLives;

    /// <summary>The wait after an attempt that was refused or did not get through.</summary>
    /// <param name="error">Why.</param>
    /// <param name="sinceAttempt">Time since the attempt began.</param>
    public TimeSpan AfterFailure(MqttException error, TimeSpan sinceAttempt)
    {
        // The broker said that trying again is of no use, so a try now and then will do: an operator may have mended it.
        if (!error.IsTransient)
        {
            _failures = DoublingEnds;
        }

        return AtLeast(Jittered(), sinceAttempt);
    }

    /// <summary>The wait after a connection ended.</summary>
    /// <param name="error">Why.</param>
    /// <param name="byBroker">Whether the broker ended it.</param>
    /// <param name="connected">How long it stood.</param>
    /// <param name="suspects">Whether something else than a takeover may have ended it.</param>
    /// <param name="takenOver">What is thought of it.</param>
    public TimeSpan AfterConnection(MqttException error, bool byBroker, TimeSpan connected, SuspectsAtEnd suspects, out Takeover takenOver)
    {
        _failures = connected >= StableAfter ? 0 : _failures;
        _takeovers = connected >= PeaceAfter ? 0 : _takeovers;
        bool isBrief = error.Reason is null && byBroker && connected < Moment;
        _idleLives = !isBrief ? 0 : suspects == SuspectsAtEnd.None ? _idleLives + 1 : _idleLives;
        _busyLives = !isBrief || suspects == SuspectsAtEnd.OneFound ? 0 : suspects == SuspectsAtEnd.Some ? _busyLives + 1 : _busyLives;
        takenOver = error.Reason == MqttReasonCode.SessionTakenOver ? Takeover.Told
            : _idleLives >= IdleShortLives || _busyLives >= BusyShortLives ? Takeover.Suspected
            : Takeover.None;
        if (takenOver != Takeover.None)
        {
            _idleLives = _busyLives = 0;
            return Backoff.Limit(FirstTruce, LongestTruce, _takeovers++) / 2 * (1 + jitter());
        }

        return AtLeast(Jittered(), connected);
    }

    private TimeSpan Jittered()
    {
        TimeSpan delay = Backoff.FullJitter(options.MinReconnectDelay, options.MaxReconnectDelay, _failures, jitter);
        _failures = Math.Min(_failures + 1, DoublingEnds);
        return delay;
    }

    private TimeSpan AtLeast(TimeSpan delay, TimeSpan sinceAttempt)
    {
        TimeSpan least = options.Limits.MinConnectInterval - sinceAttempt;
        return delay > least ? delay : least;
    }
}
