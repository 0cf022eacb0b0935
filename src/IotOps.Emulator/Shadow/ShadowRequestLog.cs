using IotOps.Emulator.Concurrency;

namespace IotOps.Emulator.Shadow;

/// <summary>The latest requests to the service. Thread-safe.</summary>
internal sealed class ShadowRequestLog(TimeProvider timeProvider)
{
    private readonly RecentItems<ShadowRequest> _requests = new(r => r.Payload.Length);

    public void Add(ShadowTopic request, ReadOnlyMemory<byte> payload, int status, long version = 0)
    {
        _requests.Add(new ShadowRequest
        {
            Operation = NameOf(request.Operation),
            ThingName = request.Key.Thing,
            ShadowName = request.Key.Name,
            Payload = payload,
            Status = status,
            Version = version,
            ReceivedAt = timeProvider.GetUtcNow(),
        });
    }

    public IReadOnlyList<ShadowRequest> Latest() => _requests.Latest();

    /// <summary>What the operation is called in the API, and so in faults.</summary>
    public static string NameOf(ShadowOperation operation) => operation switch
    {
        ShadowOperation.Get => "GetThingShadow",
        ShadowOperation.Update => "UpdateThingShadow",
        _ => "DeleteThingShadow",
    };
}
