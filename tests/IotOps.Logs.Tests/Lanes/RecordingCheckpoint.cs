using IotOps.Logs.Checkpoints;

namespace IotOps.Logs.Tests.Lanes;

/// <summary>A checkpoint in memory: as far as each source, and forward only.</summary>
internal sealed class RecordingCheckpoint : ICheckpoint
{
    private readonly Dictionary<long, long> _offsets = [];

    /// <summary>The disk says no.</summary>
    public bool Refuses { get; set; }

    public long this[long source]
    {
        get { lock (_offsets) { return _offsets.GetValueOrDefault(source); } }
    }

    public Task CommitAsync(IReadOnlyList<SourcePosition> positions, CancellationToken cancellationToken)
    {
        if (Refuses)
        {
            throw new IOException("No space left on device");
        }

        lock (_offsets)
        {
            foreach (SourcePosition position in positions)
            {
                _offsets[position.SourceId] = Math.Max(_offsets.GetValueOrDefault(position.SourceId), position.Offset);
            }
        }

        return Task.CompletedTask;
    }
}
