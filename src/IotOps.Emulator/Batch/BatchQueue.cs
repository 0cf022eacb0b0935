namespace IotOps.Emulator.Batch;

/// <summary>A job queue. What changes is guarded by the lock of the <see cref="BatchRegistry"/>.</summary>
internal sealed class BatchQueue(string name)
{
    public string Name { get; } = name;

    public bool IsEnabled { get; set; } = true;

    public int Priority { get; set; } = 1;

    /// <summary>Names or ARNs of compute environments, in their order; the emulator runs every job itself.</summary>
    public IReadOnlyList<string> ComputeEnvironments { get; set; } = [];

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
