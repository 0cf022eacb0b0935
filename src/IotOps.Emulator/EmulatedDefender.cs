using IotOps.Emulator.Defender;

namespace IotOps.Emulator;

/// <summary>Device Defender's metrics topics, over MQTT and the HTTPS data plane. Its fault operation is <c>DefenderReport</c>. Thread-safe.</summary>
public sealed class EmulatedDefender
{
    private readonly DefenderResponder _responder;

    internal EmulatedDefender(DefenderResponder responder) => _responder = responder;

    /// <summary>The latest 10,000 reports, of 64 MB together, rejected ones included, oldest first.</summary>
    public IReadOnlyList<ReceivedDefenderReport> Reports => _responder.Reports.Latest();

    /// <summary>Waits until a thing has sent so many reports, rejected ones included, and returns them. There is no limit but the token.</summary>
    public async Task<IReadOnlyList<ReceivedDefenderReport>> WaitForAsync(string thingName, int count = 1, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            Task changed = _responder.Reports.Changed.Next;
            ReceivedDefenderReport[] found = [.. Reports.Where(r => r.ThingName == thingName)];
            if (found.Length >= count)
            {
                return found;
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
