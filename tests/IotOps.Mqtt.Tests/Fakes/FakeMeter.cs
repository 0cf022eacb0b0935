using IotOps.Mqtt.Connecting;

namespace IotOps.Mqtt.Tests.Fakes;

/// <summary>A way out that is as slow as a test wants: the system takes everything at once, and little of it leaves.</summary>
internal sealed class FakeMeter : ISendMeter
{
    private long _taken;
    private long _left;

    /// <summary>Whether bytes leave only by <see cref="Leave"/>.</summary>
    public bool IsSlow { get; set; }

    public long Taken => Interlocked.Read(ref _taken);

    public long Left
    {
        get
        {
            if (!IsSlow)
            {
                Interlocked.Exchange(ref _left, Taken);
            }

            return Interlocked.Read(ref _left);
        }
    }

    public void Take(int bytes) => Interlocked.Add(ref _taken, bytes);

    public void Leave(long bytes) => Interlocked.Exchange(ref _left, Math.Min(Taken, Interlocked.Read(ref _left) + bytes));
}
