using System.Diagnostics;
using System.Diagnostics.Metrics;
using IotOps.Shadow.Store;

namespace IotOps.Shadow.Sync;

/// <summary>What the package counts, under the meter "IotOps.Shadow", each with the tags <c>thing</c> and <c>shadow</c>: its name, empty for the classic one.</summary>
internal sealed class ShadowMetrics : IDisposable
{
    /// <summary>Traces requests, under the meter's name.</summary>
    public static readonly ActivitySource Source = new("IotOps.Shadow");

    private readonly Meter _meter = new("IotOps.Shadow");
    private readonly KeyValuePair<string, object?> _thing;
    private readonly Counter<long> _edits;
    private readonly Counter<long> _requests;
    private readonly Counter<long> _accepted;
    private readonly Counter<long> _rejected;
    private readonly Counter<long> _timeouts;
    private readonly Counter<long> _gaps;
    private readonly Counter<long> _malformed;

    /// <param name="store">The shadows that are measured.</param>
    /// <param name="thing">Tells the caches of a process apart.</param>
    public ShadowMetrics(ShadowStore store, string thing)
    {
        _thing = new("thing", thing);
        _edits = _meter.CreateCounter<long>("iotops.shadow.edits", "{edit}", "Edits stored on the device.");
        _requests = _meter.CreateCounter<long>("iotops.shadow.requests", "{request}", "Requests published; tag operation: get, update or delete.");
        _accepted = _meter.CreateCounter<long>("iotops.shadow.accepted", "{update}", "Changes of the cloud taken over, this device's own included.");
        _rejected = _meter.CreateCounter<long>("iotops.shadow.rejected", "{request}", "Requests the service refused; tag code.");
        _timeouts = _meter.CreateCounter<long>("iotops.shadow.timeouts", "{request}", "Requests the service did not answer in time.");
        _gaps = _meter.CreateCounter<long>("iotops.shadow.gaps", "{gap}", "Versions that were missed, and read back.");
        _malformed = _meter.CreateCounter<long>("iotops.shadow.malformed", "{message}", "Messages that could not be read.");
        _meter.CreateObservableGauge("iotops.shadow.pending", () => Measure(store, static state => state.Pending?.ByteLength ?? 0), "By", "Edits the cloud lacks.");
        _meter.CreateObservableGauge("iotops.shadow.size", () => Measure(store, static state => state.Local.ByteLength), "By", "The document.");
        _meter.CreateObservableGauge("iotops.shadow.version", () => Measure(store, static state => state.Version), "{version}", "The cloud's version.");
    }

    public void Edit(ShadowId id) => _edits.Add(1, Tag(id), _thing);

    public void Request(ShadowId id, string operation) => _requests.Add(1, Tag(id), _thing, new("operation", operation));

    public void Accepted(ShadowId id) => _accepted.Add(1, Tag(id), _thing);

    public void Rejected(ShadowId id, int code) => _rejected.Add(1, Tag(id), _thing, new("code", code));

    public void Timeout(ShadowId id) => _timeouts.Add(1, Tag(id), _thing);

    public void Gap(ShadowId id) => _gaps.Add(1, Tag(id), _thing);

    public void Malformed(ShadowId id) => _malformed.Add(1, Tag(id), _thing);

    public void Dispose() => _meter.Dispose();

    private static KeyValuePair<string, object?> Tag(ShadowId id) => new("shadow", id.Name);

    private IEnumerable<Measurement<long>> Measure(ShadowStore store, Func<ShadowState, long> value)
    {
        foreach (ShadowSlot slot in store.Slots)
        {
            yield return new Measurement<long>(value(slot.State), Tag(slot.Id), _thing);
        }
    }
}
