using IotOps.Mqtt.Connecting;

namespace IotOps.Mqtt.Publishing;

/// <summary>
/// Which writes of a connection have left. A write that has ended may still lie in the system's buffer, for minutes on a slow link: until it
/// has left, nobody can have answered it. The caller locks.
/// </summary>
/// <param name="meter">Null where a write that has ended is all that is known.</param>
internal sealed class SendProgress(ISendMeter? meter)
{
    // Of all writes that have ended two are remembered: the one that is waited for, and the newest.
    private (long Number, long Taken) _awaited;
    private (long Number, long Taken) _newest;

    /// <summary>Grows whenever something has moved since it was read.</summary>
    public long Moved { get; private set; }

    /// <summary>Number of the newest write that is known to have left.</summary>
    public long LeftWrite { get; private set; }

    /// <summary>A write has ended.</summary>
    public void Ended(long number)
    {
        if (meter is null)
        {
            Moved = LeftWrite = number;
            return;
        }

        _newest = (number, meter.Taken);
        _awaited = _awaited.Number <= LeftWrite ? _newest : _awaited;
    }

    /// <summary>Looks how far the bytes have come by now.</summary>
    public void Look()
    {
        if (meter is null)
        {
            return;
        }

        Moved = meter.Left;
        if (_awaited.Number > LeftWrite && _awaited.Taken <= Moved)
        {
            LeftWrite = _awaited.Number;
            _awaited = _newest;
        }

        if (_newest.Taken <= Moved)
        {
            LeftWrite = _newest.Number;
        }
    }
}
