using IotOps.Detect;

namespace IotOps.Samples.FleetTool.Detection;

/// <summary>A security profile's file.</summary>
/// <param name="Path">The file.</param>
/// <param name="Profile">The profile; null when there is a problem.</param>
/// <param name="Problem">What is wrong.</param>
internal sealed record ProfileFile(string Path, DetectProfile? Profile, string? Problem)
{
    /// <summary>Whether a file beside it says what it is attached to.</summary>
    public bool HasTargets { get; init; }
}
