using System.Text.Json;

namespace IotOps.Emulator.Batch;

/// <summary>A revision of a job definition.</summary>
/// <param name="Definition">What its jobs run.</param>
/// <param name="Revision">1 for the first.</param>
/// <param name="Request">What RegisterJobDefinition was given; null when it was registered in process.</param>
internal sealed record RegisteredDefinition(BatchJobDefinition Definition, int Revision, JsonElement? Request)
{
    public string Name => $"{Definition.Name}:{Revision}";

    /// <summary>Whether jobs can be submitted with it. Guarded by the lock of the <see cref="BatchRegistry"/>.</summary>
    public bool IsActive { get; set; } = true;
}
