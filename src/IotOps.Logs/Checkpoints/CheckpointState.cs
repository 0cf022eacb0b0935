namespace IotOps.Logs.Checkpoints;

/// <summary>All that one checkpoint file holds.</summary>
internal sealed class CheckpointState
{
    /// <summary>Counts the writes; the highest one that is whole is the truth.</summary>
    public long Generation { get; init; }

    /// <summary>No source has this id or a higher one.</summary>
    public long NextId { get; init; } = 1;

    /// <summary>Who wrote it; null in checkpoints that did not say.</summary>
    public StateOwner? Owner { get; init; }

    /// <summary>Patterns whose files have been looked at: what appears later is new.</summary>
    public IReadOnlyCollection<string> Patterns { get; init; } = [];

    public List<CheckpointEntry> Entries { get; init; } = [];
}
