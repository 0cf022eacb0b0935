using System.Collections.Concurrent;

namespace IotOps.Emulator.Shadow;

/// <summary>The latest requests to the service. Thread-safe.</summary>
internal sealed class ShadowRequestLog(TimeProvider timeProvider)
{
    private const int Kept = 10_000;

    private readonly ConcurrentQueue<ShadowRequest> _requests = new();

    public void Add(ShadowTopic request, ReadOnlyMemory<byte> payload, int status, long version = 0)
    {
        _requests.Enqueue(new ShadowRequest
        {
            Operation = NameOf(request.Operation),
            ThingName = request.Key.Thing,
            ShadowName = request.Key.Name,
            Payload = payload,
            Status = status,
            Version = version,
            ReceivedAt = timeProvider.GetUtcNow(),
        });
        if (_requests.Count > Kept)
        {
            _requests.TryDequeue(out _);
        }
    }

    public IReadOnlyList<ShadowRequest> Latest() => [.. _requests];

    /// <summary>What the operation is called in the API, and so in faults.</summary>
    public static string NameOf(ShadowOperation operation) => operation switch
    {
        ShadowOperation.Get => "GetThingShadow",
        ShadowOperation.Update => "UpdateThingShadow",
        _ => "DeleteThingShadow",
    };
}
